/**
 * A program: sends bytes over TCP and prints their SHA-256 as one line of JSON.
 * Usage: transfer-sender.ts ADDRESS PORT BYTES
 * @module
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { makeBlocks } from './transfer-data.ts';

const [host = '', port = '', totalBytes = ''] = process.argv.slice(2);
const socket = createConnection({ host, port: Number(port) });
await once(socket, 'connect');
const hash = createHash('sha256');
let bytes = 0;
for (const block of makeBlocks(Number(totalBytes))) {
  const isRoomLeft = socket.write(block);
  hash.update(block);
  bytes += block.length;
  if (!isRoomLeft) await once(socket, 'drain');
}
socket.end();
await once(socket, 'close');
console.log(JSON.stringify({ bytes, sha256: hash.digest('hex') }));
