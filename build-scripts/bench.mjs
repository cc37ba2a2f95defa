// Called by build-scripts/bench. The audio is 90 s of noise under a moving tone at 16 kHz: what it is makes no difference
// to the time. Both sides load the model and tag once before the clock starts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const SECONDS = 90;
const SAMPLE_RATE = 16000;
const SEGMENT_SECONDS = 187 * 0.016;
const RUNS = 7;

function makeAudio() {
  const samples = new Float32Array(SECONDS * SAMPLE_RATE);
  let state = 1;
  for (let n = 0; n < samples.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    samples[n] = 0.3 * Math.sin(1e-5 * n * n) + 0.1 * (state / 2 ** 31 - 1);
  }
  return samples;
}

function wav(samples) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20); // float32
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 4, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}

/** Seconds that the native program takes for the audio: a long file's less a short one's, so that starting cancels. */
function timeNative(model, samples) {
  const folder = mkdtempSync(join(tmpdir(), 'taggram-bench-'));
  const long = join(folder, 'long.wav');
  const short = join(folder, 'short.wav');
  writeFileSync(long, wav(samples));
  writeFileSync(short, wav(samples.slice(0, 3 * SAMPLE_RATE)));
  const run = (file) => {
    const start = performance.now();
    execFileSync('build/native/taggram', ['--jobs', '1', '--model', model, file], { stdio: 'pipe' });
    return (performance.now() - start) / 1000;
  };
  const times = [];
  for (let i = 0; i <= RUNS; i++) times.push((run(long) - run(short)) * (SECONDS / (SECONDS - 3)));
  rmSync(folder, { recursive: true });
  return times.slice(1);
}

const encode = (path) => readFileSync(path).toString('base64');

/** The same in a page of headless Chromium, on its one thread. */
function timeChromium(page, model, samples) {
  return page.evaluate(tagRepeatedly, {
    wasm: encode('build/wasm/taggram.wasm'),
    model: encode(`models/${model}.gguf`),
    audio: Buffer.from(samples.buffer).toString('base64'),
    runs: RUNS,
  });
}

/** Runs in the page. */
async function tagRepeatedly({ wasm, model, audio, runs }) {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const module = await WebAssembly.compile(bytes(wasm));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => 0;
  const core = (await WebAssembly.instantiate(module, imports)).exports;
  core._initialize();
  const place = (data) => {
    const at = core.malloc(data.length);
    new Uint8Array(core.memory.buffer).set(data, at);
    return at;
  };
  const read = (at) => new Uint32Array(core.memory.buffer)[at >> 2];
  const file = bytes(model);
  const pcm = bytes(audio);
  const handle = core.malloc(4);
  if (core.tg_model_load(handle, place(file), file.length, 0) !== 0)
    throw new Error('the model did not load');
  const net = read(handle);
  const options = core.malloc(20);
  core.tg_default_options(options, net);
  const at = place(pcm);
  const planes = core.malloc(4);
  const segment = core.malloc(24);
  const scores = core.malloc(4 * core.tg_model_tag_count(net));
  const tagOnce = () => {
    core.tg_tagger_create(handle, net, options, 0);
    const tagger = read(handle);
    const start = performance.now();
    for (let done = 0; done < pcm.length / 4;) {
      new Uint32Array(core.memory.buffer)[planes >> 2] = at + done * 4;
      done += core.tg_tagger_push(tagger, planes, pcm.length / 4 - done);
      while (core.tg_tagger_pull(tagger, segment, scores) === 1);
    }
    const seconds = (performance.now() - start) / 1000;
    core.tg_tagger_free(tagger);
    return seconds;
  };
  tagOnce();
  return Array.from({ length: runs }, tagOnce);
}

function row(name, times) {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  const each = (seconds) => ((seconds / SECONDS) * SEGMENT_SECONDS * 1000).toFixed(1);
  const range = `${each(sorted[0])} .. ${each(sorted.at(-1))}`;
  const speed = (SECONDS / median).toFixed(0);
  console.log(`${name.padEnd(28)}${each(median).padStart(10)} ms${range.padStart(18)}${speed.padStart(12)}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = await browser.newPage();
const audio = makeAudio();
console.log(`One thread, ${SECONDS} s of PCM at 16 kHz, ${RUNS} runs; ${cpus()[0].model.trim()}`);
console.log(`WebAssembly in Chromium ${browser.version()}`);
console.log(
  `${''.padEnd(28)}${'a segment'.padStart(13)}${'range'.padStart(18)}${'x real time'.padStart(12)}`,
);
for (const model of ['MTT_musicnn', 'MSD_musicnn', 'MTT_vgg', 'MSD_vgg']) {
  row(`${model}, WebAssembly`, await timeChromium(page, model, audio));
  row(`${model}, native`, timeNative(model, audio));
}
await browser.close();
