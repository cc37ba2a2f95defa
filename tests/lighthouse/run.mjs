// Serves dist/ and has Lighthouse rate it. Plain JavaScript, since not every Node that builds Taggram runs TypeScript.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { preview } from 'vite';

const FOLDER = 'build/lighthouse';
const LEAST = 0.95;
const PRESETS = { phone: [], desktop: ['--preset=desktop'] };
const OPTIONS = [
  '--only-categories=performance,accessibility,best-practices',
  '--output=json',
  '--output=html',
  '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
  '--no-enable-error-reporting',
  '--quiet',
];

const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
const [address] = server.resolvedUrls.local;
const env = { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? '/usr/bin/chromium' };
let isGood = true;
for (const [name, preset] of Object.entries(PRESETS)) {
  const path = `${FOLDER}/${name}`;
  await promisify(execFile)(
    `${FOLDER}/node_modules/.bin/lighthouse`,
    [address, ...OPTIONS, ...preset, `--output-path=${path}`],
    { env },
  );
  const { categories, audits } = JSON.parse(readFileSync(`${path}.report.json`, 'utf8'));
  console.log(`\n${name}: ${path}.report.html`);
  for (const { title, score, auditRefs } of Object.values(categories)) {
    console.log(`  ${title}: ${Math.round(100 * score)}`);
    isGood &&= score >= LEAST;
    for (const { id, weight } of auditRefs) {
      const audit = audits[id];
      if (weight > 0 && audit.score !== null && audit.score < 0.9)
        console.log(`    ${audit.title}: ${audit.displayValue ?? 'no'}`);
    }
  }
}
await server.close();
process.exitCode = isGood ? 0 : 1;
