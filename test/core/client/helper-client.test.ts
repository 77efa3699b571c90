/** @module */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { IpsecError } from '#core/base/error.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { exampleStatus, listenForTest, startFakeHelper } from '#test/core/cli/fake-helper.ts';

test('a call gives the value of the contract', async (context) => {
  const { path, calls } = await startFakeHelper(context, { 'status.get': () => exampleStatus });
  const client = await connectHelper(path);
  assert.deepEqual(await client.call('status.get', {}), exampleStatus);
  await client.call('interface.create', { name: 'ipsec7' });
  assert.deepEqual(calls, [
    ['status.get', {}],
    ['interface.create', { name: 'ipsec7' }],
  ]);
  client.close();
});

test('a refusal arrives as the error that it was', async (context) => {
  const { path } = await startFakeHelper(context, {
    'interface.create': () => {
      throw new IpsecError('INTERFACE_EXISTS', 'ipsec0 exists', { field: 'name' });
    },
  });
  const client = await connectHelper(path);
  await assert.rejects(client.call('interface.create', { name: 'ipsec0' }), (error) => {
    assert.ok(error instanceof IpsecError);
    assert.deepEqual([error.code, error.message, error.errno], ['INTERFACE_EXISTS', 'ipsec0 exists', 'EEXIST']);
    return true;
  });
  client.close();
});

test('a socket that is not there, and one where nobody listens, are named', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-cli-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const missing = join(folder, 'none.sock');
  const dead = join(folder, 'dead.sock');
  writeFileSync(dead, '');
  for (const path of [missing, dead, join(folder, 'x'.repeat(200))]) {
    await assert.rejects(connectHelper(path), (error) => {
      assert.ok(error instanceof IpsecError);
      assert.equal(error.code, 'HELPER_UNREACHABLE');
      assert.ok(error.message.includes(path));
      return true;
    });
  }
});

test('a socket without permission is told from one where nobody listens', async (context) => {
  const path = await listenForTest(context, () => {});
  chmodSync(path, 0o000);
  // Root may open every socket, so the test goes on as nobody for a moment.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await assert.rejects(connectHelper(path), {
      code: 'HELPER_DENIED',
      message: `this user may not open ${path}`,
    });
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('a helper that goes away during a call ends it', async (context) => {
  const path = await listenForTest(context, (socket) => socket.once('data', () => socket.destroy()));
  const client = await connectHelper(path);
  await assert.rejects(client.call('status.get', {}), { code: 'HELPER_UNREACHABLE' });
  client.close();
});

test('a helper that hangs up at once, as it does on too many clients, is not said to be missing', async (context) => {
  const path = await listenForTest(context, (socket) => socket.destroy());
  const client = await connectHelper(path);
  await assert.rejects(client.call('status.get', {}), {
    code: 'HELPER_UNREACHABLE',
    message: 'culvertd closed the connection: it is stopping, or serves too many clients',
  });
  client.close();
});

test('a helper that does not answer in time ends the call', async (context) => {
  const path = await listenForTest(context, () => {});
  const client = await connectHelper(path, 20);
  await assert.rejects(client.call('status.get', {}), {
    code: 'HELPER_UNREACHABLE',
    message: 'culvertd did not answer status.get within 0.02 s; it may still carry it out',
  });
  client.close();
});

test('events are heard in order until the helper goes away; what is none is passed over', async (context) => {
  const event = { kind: 'acquire', atMs: 1, dropped: 0, interface: 'ipsec0', spid: 2, family: 4, sequence: 7 };
  const ends = { source: '192.0.2.1', destination: '198.51.100.1', reqid: 16386 };
  let endHelper = (): void => {};
  const path = await listenForTest(context, (socket) => {
    const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    connection.onRequest('events.subscribe', async () => {
      const events = [7, 8].map((sequence) => ({ ...event, ...ends, sequence }));
      setImmediate(() => void tell(connection, [{ kind: 'unheard-of' }, ...events]));
      endHelper = () => void socket.end();
      return { ok: true, value: {} };
    });
    connection.listen();
  });
  const client = await connectHelper(path);
  const heard: unknown[] = [];
  const watched = client.watch((heardEvent) => {
    if (heardEvent.kind === 'acquire') heard.push(heardEvent.sequence);
    if (heard.length === 2) endHelper();
  });
  await assert.rejects(watched, { code: 'HELPER_UNREACHABLE' });
  assert.deepEqual(heard, [7, 8]);
  client.close();
});

async function tell(connection: MessageConnection, events: readonly object[]): Promise<void> {
  for (const event of events) await connection.sendNotification('event', event);
}

test('bytes that are no message end the call', async (context) => {
  const path = await listenForTest(context, (socket) => socket.once('data', () => socket.end('HTTP/1.1 400\r\n\r\n')));
  const client = await connectHelper(path);
  await assert.rejects(client.call('status.get', {}), { code: 'HELPER_UNREACHABLE' });
  client.close();
});
