/**
 * Pictures of the window over helpers that are none: not there, silent, of another version.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UiWindow } from '../live/ui-window.ts';
import { Camera } from './camera.ts';

type Strange = {
  readonly name: string;
  /** What the window says of it. */
  readonly words: RegExp;
  /** What it does with who comes; left out where nobody is there. */
  readonly answer?: (client: Socket) => void;
};

const strange: readonly Strange[] = [
  { name: 'helper-absent', words: /does not answer, so nothing/ },
  { name: 'helper-silent', words: /^(Looking for the helper|The helper does not answer)/, answer: () => {} },
  { name: 'helper-version', words: /The helper is of another version/, answer: answerAsNewer },
];

/** Take them into `folder`; gives how many. */
export async function takeStrangeHelpers(folder: string): Promise<number> {
  let count = 0;
  for (const each of strange) count += await takeOne(each, folder);
  return count;
}

async function takeOne({ name, words, answer }: Strange, folder: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'culvert-strange-'));
  const socket = join(directory, 'control.sock');
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => {});
    answer?.(client);
  });
  if (answer !== undefined) await new Promise<void>((resolve) => server.listen(socket, resolve));
  const window = await UiWindow.open(socket);
  try {
    const page = await window.page();
    page.setDefaultTimeout(60_000);
    const camera = new Camera(page, folder);
    await camera.takeSheet(name, '/tunnels', words);
    return camera.count;
  } finally {
    await window.close();
    for (const client of clients) client.destroy();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Whatever is asked, the answer is that of a helper from later. */
function answerAsNewer(client: Socket): void {
  client.on('data', (chunk: Buffer) => {
    const id = /"id":(\d+)/.exec(String(chunk))?.[1] ?? '0';
    const value = { contractVersion: 99, helperVersion: '9.9.9', canOperate: true };
    const body = `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify({ ok: true, value })}}`;
    client.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  });
}
