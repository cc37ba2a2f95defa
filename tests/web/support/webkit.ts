/** WebKitGTK's MiniBrowser, on a display of its own, driven as https://www.w3.org/TR/webdriver2/ tells. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Driven, Sent } from './driven.ts';

/** Its microphone is made up. */
const ARGUMENTS = ['--automation', '--enable-media-stream=true', '--enable-mock-capture-devices=true'];

/** The name that WebDriver gives an element's reference. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const SCRIPT_TIMEOUT_MS = 60_000;
const START_EVERY_MS = 50;

/** Gives its last argument what a function of the page comes to. */
const ANSWER = `
  const given = [...arguments];
  const done = given.pop();
  Promise.resolve().then(() => (WORK)(...given)).then((value) => done({ value }), (error) => done({ error: String(error) }));`;

export async function openWebKit(): Promise<Driven> {
  const display = await openDisplay();
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display.name, WEBKIT_DISABLE_COMPOSITING_MODE: '1' };
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], { env, stdio: 'ignore' });
  const end = () => [driver, display.server].forEach((child) => child.kill());
  try {
    return await openSession(`http://127.0.0.1:${port}`, end);
  } catch (error) {
    end();
    throw error;
  }
}

/** The X server tells its number once it is ready. */
async function openDisplay(): Promise<{ name: string; server: ChildProcess }> {
  const options = ['-displayfd', '1', '-nolisten', 'tcp', '-screen', '0', '1280x1024x24'];
  const server = spawn('Xvfb', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [number] = await once(server.stdout, 'data');
  return { name: `:${String(number).trim()}`, server };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function openSession(address: string, end: () => void): Promise<Driven> {
  await ready(address);
  const wanted = { 'webkitgtk:browserOptions': { args: ARGUMENTS } };
  const capabilities = { alwaysMatch: { browserName: 'MiniBrowser', ...wanted } };
  const { sessionId } = await ask<{ sessionId: string }>('POST', `${address}/session`, { capabilities });
  const session = `${address}/session/${sessionId}`;
  await ask('POST', `${session}/timeouts`, { script: SCRIPT_TIMEOUT_MS });
  const page: Driven = {
    goto: async (url) => {
      await ask('POST', `${session}/url`, { url });
      await page.evaluate(loaded); // the driver doesn't wait for modules
    },
    evaluate: async (work, ...given) => {
      const script = ANSWER.replace('WORK', () => String(work));
      const run = ask<{ value: never; error?: string }>('POST', `${session}/execute/async`, {
        script,
        args: given,
      });
      const { value, error } = await run;
      if (error) throw new Error(error);
      return value;
    },
    choose: async (path) => {
      const place = { using: 'css selector', value: '#file' };
      const found = await ask<Record<string, string>>('POST', `${session}/element`, place);
      await ask('POST', `${session}/element/${found[ELEMENT]}/value`, { text: path });
    },
    close: () => ask<void>('DELETE', session).finally(end),
  };
  return page;
}

/** In the page. */
function loaded(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState === 'complete') resolve();
    else addEventListener('load', () => resolve(), { once: true });
  });
}

async function ready(address: string): Promise<void> {
  for (;;) {
    const isUp = await fetch(`${address}/status`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, START_EVERY_MS));
  }
}

async function ask<T>(method: string, address: string, parameters?: Sent | object): Promise<T> {
  const response = await fetch(address, {
    method,
    body: parameters ? JSON.stringify(parameters) : undefined,
  });
  const { value } = (await response.json()) as { value: T & { message?: string } };
  if (!response.ok) throw new Error(`WebDriver: ${value.message}`);
  return value;
}
