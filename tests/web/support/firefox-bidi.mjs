#!/usr/bin/env node
/**
 * Firefox, with a door of its own for Playwright, which stands before Firefox's: Playwright wants to emulate media
 * features for every page, which Firefox ESR 153 doesn't know, and would go no further.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WebSocket, WebSocketServer } from 'ws';

const UNKNOWN = 'emulation.setMediaFeaturesOverride';
const LISTENING = 'WebDriver BiDi listening on ';

const firefox = spawn(process.env['FIREFOX'] ?? '/usr/bin/firefox-esr', process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'pipe'],
});
firefox.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => firefox.kill(signal));
createInterface({ input: firefox.stderr }).on('line', (line) => {
  if (line.startsWith(LISTENING)) open(line.slice(LISTENING.length));
  else console.error(line);
});

function open(address) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () =>
    console.error(`${LISTENING}ws://127.0.0.1:${server.address().port}`),
  );
  server.on('connection', (client, { url }) => pass(client, new WebSocket(address + url)));
}

function pass(client, browser) {
  const opened = new Promise((resolve) => browser.on('open', resolve));
  client.on('message', async (data) => {
    const text = data.toString();
    const { id, method } = JSON.parse(text);
    if (method === UNKNOWN) return client.send(JSON.stringify({ type: 'success', id, result: {} }));
    await opened;
    browser.send(text);
  });
  browser.on('message', (data) => client.send(data.toString()));
  client.on('close', () => browser.close());
  browser.on('close', () => client.close());
}
