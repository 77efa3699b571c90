/**
 * A program: accepts one TCP connection, and prints as one line of JSON how many bytes came, their SHA-256 and how
 * long they took from the connection's start to its end.
 * Usage: transfer-receiver.ts ADDRESS PORT
 * @module
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

const [host = '', port = ''] = process.argv.slice(2);
const server = createServer({ highWaterMark: 1024 * 1024 });
server.listen({ host, port: Number(port) });
await once(server, 'listening');
console.log('listening');
const socket = await new Promise<Socket>((resolve) => server.once('connection', resolve));
const start = performance.now();
const hash = createHash('sha256');
let bytes = 0;
socket.on('data', (piece: Buffer) => {
  hash.update(piece);
  bytes += piece.length;
});
await once(socket, 'end');
const seconds = (performance.now() - start) / 1000;
socket.end();
server.close();
console.log(JSON.stringify({ bytes, sha256: hash.digest('hex'), seconds }));
