/** Serves a folder, dist/ if no other is named, as a plain host would: below a folder of the site. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { builtPage } from './built.ts';

const FOLDER = '/some/folder/';
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.mp3': 'audio/mpeg',
};

export interface Server {
  address: string;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** What it does to files whose path is such. */
  spoils: { path: RegExp; how: Spoiling } | undefined;
  close(): void;
}

/** The last byte is another; or the connection breaks half-way. */
export type Spoiling = 'damaged' | 'broken off';

/** `headers` come with every file; plain hosts send none. */
export async function serve(
  root = dirname(builtPage()),
  headers: Record<string, string> = {},
): Promise<Server> {
  const asked: string[] = [];
  const here: Pick<Server, 'asked' | 'spoils'> = { asked, spoils: undefined };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname);
    asked.push(path.replace(FOLDER, ''));
    const file = join(root, normalize(path.replace(FOLDER, '/')).replace(/\/$/, '/index.html'));
    if (!path.startsWith(FOLDER) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, 'content-type': type, 'content-length': statSync(file).size });
    const { spoils } = here;
    if (spoils?.path.test(path)) spoil(response, readFileSync(file), spoils.how);
    else createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return Object.assign(here, { address: `http://127.0.0.1:${port}${FOLDER}`, close });
}

function spoil(response: ServerResponse, bytes: Buffer, how: Spoiling): void {
  const last = bytes.length - 1;
  if (how === 'damaged') response.end(bytes.fill(bytes[last]! ^ 1, last));
  else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
}
