/**
 * Frames to a client, and answers that are made into text once.
 * @module
 */
import assert from 'node:assert/strict';
import { createServer, connect, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { StreamMessageReader, type Message } from 'vscode-jsonrpc/node';
import { AnswerTexts, createAnswerWriter } from '#core/helper/answering/answer-writer.ts';

/** Both ends of a connection. */
async function pair(context: TestContext): Promise<{ readonly near: Socket; readonly far: Socket }> {
  const directory = mkdtempSync(join(tmpdir(), 'culvert-writer-'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(directory, 'sock'), resolve));
  const far = connect(join(directory, 'sock'));
  const near = await new Promise<Socket>((resolve) => server.once('connection', resolve));
  for (const socket of [near, far]) socket.on('error', () => undefined);
  context.after(() => {
    near.destroy();
    far.destroy();
    server.close();
    rmSync(directory, { recursive: true });
  });
  return { near, far };
}

test('messages of every kind arrive as they are and in order, however long', async (context) => {
  const { near, far } = await pair(context);
  const received: Message[] = [];
  new StreamMessageReader(far).listen((message) => void received.push(message));
  let answered = 0;
  const writer = createAnswerWriter(near, new AnswerTexts(), () => answered++);
  const messages = [
    { jsonrpc: '2.0', id: 1, result: { ok: true, value: { text: 'ü€😀\u2028"\\'.repeat(100_000) } } },
    { jsonrpc: '2.0', method: 'event', params: { kind: 'é' } },
    { jsonrpc: '2.0', id: 'two', result: null },
    { jsonrpc: '2.0', id: 3, error: { code: -32601, message: 'no such method' } },
    { jsonrpc: '2.0', id: 4, result: { ok: true } },
  ];
  await Promise.all(messages.map((message) => writer.write(message)));
  while (received.length < messages.length) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(received, messages);
  assert.equal(answered, 4);
});

test('an answer that many get is made into text once', async (context) => {
  const { near, far } = await pair(context);
  const received: Message[] = [];
  new StreamMessageReader(far).listen((message) => void received.push(message));
  const writer = createAnswerWriter(near, new AnswerTexts(), () => undefined);
  let made = 0;
  const result = { ok: true, value: { toJSON: () => ++made } };
  for (const id of [1, 2, 3]) await writer.write({ jsonrpc: '2.0', id, result } as Message);
  while (received.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(
    received,
    [1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, result: { ok: true, value: 1 } })),
  );
});

test('a client that has gone is told to whoever writes', async (context) => {
  const { near } = await pair(context);
  near.destroy();
  let answered = 0;
  const writer = createAnswerWriter(near, new AnswerTexts(), () => answered++);
  await assert.rejects(writer.write({ jsonrpc: '2.0', id: 1, result: { ok: true } } as Message));
  assert.equal(answered, 0);
});
