/**
 * The API server over a real socket: answers, order, and what hostile clients can not do.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { Caller } from '#core/api/dispatch.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { updateMethod, updateSchema, type Watched } from '#core/api/watch/watch-contract.ts';
import { exampleInterface, exampleStatus } from '#test/core/cli/fake-helper.ts';
import { eventMethod, eventSchema, type ApiEvent } from '#core/api/event.ts';
import type { EventListener, GatewayEvent } from '#core/tunnel/event/gateway-event.ts';
import { mostInFlight } from '#core/helper/message-gate.ts';
import { ApiServer, type ApiServerOptions } from '#core/helper/server.ts';
import { until } from '#test/support/until.ts';

type Harness = {
  readonly lines: string[];
  open(): Promise<Socket>;
  tick(restedMs?: number): void;
};

const operator: Caller = { uid: 0, pid: 1, canOperate: true };
const reader: Caller = { uid: 1000, pid: 2, canOperate: false };

/** A server on a socket of its own, with a caller and an answer of the test's choice. */
async function withServer(
  options: {
    readonly caller?: () => Caller | null;
    readonly answer?: ApiServerOptions['answer'];
    readonly subscribe?: ApiServerOptions['subscribe'];
    readonly read?: ApiServerOptions['read'];
  },
  run: (harness: Harness) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'culvert-server-'));
  const path = join(directory, 'sock');
  const listener = createServer().listen(path);
  await new Promise((resolve) => listener.once('listening', resolve));
  const lines: string[] = [];
  const write = (message: string, fields?: object): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const server = new ApiServer({
    server: listener,
    identify: options.caller ?? (() => operator),
    answer: options.answer ?? (() => Promise.resolve({ ok: true })),
    clock: { now: () => 0 },
    log: { info: write, warn: write, error: write },
    ...(options.subscribe === undefined ? {} : { subscribe: options.subscribe }),
    ...(options.read === undefined ? {} : { read: options.read }),
  });
  const sockets: Socket[] = [];
  const open = async (): Promise<Socket> => {
    const socket = connect(path);
    socket.on('error', () => undefined);
    sockets.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  };
  try {
    await run({ lines, open, tick: (restedMs) => server.tick(restedMs) });
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await new Promise((resolve) => listener.close(resolve));
    rmSync(directory, { recursive: true });
  }
}

function clientOf(socket: Socket) {
  const client = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  client.listen();
  return client;
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

function frame(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

test('a request is answered with what the dispatcher gives for method, parameters and caller', async () => {
  const asked: unknown[] = [];
  const answer: ApiServerOptions['answer'] = (...request) => (asked.push(request), Promise.resolve({ ok: true }));
  await withServer({ answer }, async ({ open }) => {
    const client = clientOf(await open());
    assert.deepEqual(await client.sendRequest('interface.create', { name: 'ipsec0' }), { ok: true });
    assert.deepEqual(await client.sendRequest('status.get'), { ok: true });
    assert.deepEqual(asked, [
      ['interface.create', { name: 'ipsec0' }, operator],
      ['status.get', {}, operator],
    ]);
    client.dispose();
  });
});

test('a slow request keeps no other of the same client waiting, and only so many are carried out at a time', async () => {
  const slow = Promise.withResolvers<void>();
  const begun: string[] = [];
  let running = 0;
  let most = 0;
  const answer: ApiServerOptions['answer'] = async (method) => {
    begun.push(method);
    most = Math.max(most, ++running);
    if (method === 'tunnel.verify') await slow.promise;
    else await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    return { ok: true } as const;
  };
  await withServer({ answer }, async ({ open }) => {
    const client = clientOf(await open());
    const verified = client.sendRequest('tunnel.verify', {});
    await Promise.all(Array.from({ length: 50 }, () => client.sendRequest('profile.list', {})));
    assert.equal(running, 1);
    assert.equal(begun[0], 'tunnel.verify');
    assert.equal(most, mostInFlight);
    slow.resolve();
    assert.deepEqual(await verified, { ok: true });
    client.dispose();
  });
});

test('a status that many ask for at the same time is made once, after all of them have asked', async () => {
  let made = 0;
  const answer: ApiServerOptions['answer'] = () => {
    // As long as a reading of a thousand tunnels takes: meanwhile the others ask.
    for (const end = performance.now() + 20; performance.now() < end;);
    return Promise.resolve({ ok: true, value: ++made });
  };
  await withServer({ answer }, async ({ open }) => {
    const clients = (await Promise.all(Array.from({ length: 40 }, () => open()))).map(clientOf);
    const answers = await Promise.all(clients.map((client) => client.sendRequest('status.get', {})));
    assert.equal(answers.length, 40);
    assert.ok(made < 20, `made ${made} times`);
    const before = made;
    assert.deepEqual(await clients[0]?.sendRequest('status.get'), { ok: true, value: before + 1 });
    for (const client of clients) client.dispose();
  });
});

test('a client that never reads its answers is not served on', async () => {
  let served = 0;
  const big = 'x'.repeat(256 * 1024);
  const answer = () => (served++, Promise.resolve({ ok: true as const, value: big }));
  await withServer({ answer }, async ({ open }) => {
    const socket = await open();
    socket.pause();
    for (let id = 0; id < 500; id++) socket.write(frame({ jsonrpc: '2.0', id, method: 'status.get' }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(served > 0 && served < 20, `served ${served}`);
  });
});

test('what is no request gets no answer and stops nothing', async () => {
  await withServer({}, async ({ open }) => {
    const socket = await open();
    socket.write(frame({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 1 } }));
    socket.write(frame({ jsonrpc: '2.0', method: 'nothing', params: {} }));
    socket.write(frame({ jsonrpc: '2.0', id: 9, result: {} }));
    assert.deepEqual(await clientOf(socket).sendRequest('status.get', {}), { ok: true });
  });
});

const garbage: Record<string, string | Buffer> = {
  'random bytes': Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167) & 255)),
  'a frame that is not JSON': frame('{"jsonrpc":'),
  'a frame that is null': frame('null'),
  'a frame that is an array': frame('[1,2]'),
  'deep nesting': frame('['.repeat(30_000)),
  'a length that is no number': 'Content-Length: abc\r\n\r\n',
  'a method that is no string': frame({ jsonrpc: '2.0', id: 1, method: 5 }),
  'a prototype as parameters': frame('{"jsonrpc":"2.0","id":1,"method":"__proto__","params":{"__proto__":1}}'),
  'a method that every object has': frame({ jsonrpc: '2.0', id: 1, method: 'constructor', params: [] }),
};

for (const [what, bytes] of Object.entries(garbage)) {
  test(`the server outlives ${what}`, async () => {
    await withServer({}, async ({ open }) => {
      const hostile = await open();
      hostile.write(bytes);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(await clientOf(await open()).sendRequest('status.get', {}), { ok: true });
    });
  });
}

test('a message above the limit ends the connection with a line in the log', async () => {
  await withServer({ caller: () => reader }, async ({ open, lines }) => {
    const socket = await open();
    const end = closed(socket);
    socket.write(`Content-Length: ${64 * 1024 + 1}\r\n\r\n`);
    await end;
    assert.match(lines.join('\n'), /connection ended.*"uid":1000/);
  });
});

test('an operator may send 4 MiB of text', async () => {
  let length = 0;
  const answer: ApiServerOptions['answer'] = (_method, params) => {
    length = JSON.stringify(params).length;
    return Promise.resolve({ ok: true });
  };
  await withServer({ answer }, async ({ open, lines }) => {
    const text = 'x'.repeat(4 * 1024 * 1024);
    await clientOf(await open()).sendRequest('setkey.run', { text, semantics: 'check' });
    assert.ok(length > text.length);
    assert.doesNotMatch(lines.join('\n'), /xxxx/);
  });
});

test('one user gets at most 16 connections, and root gets in all the same', async () => {
  let caller: Caller = reader;
  await withServer({ caller: () => caller }, async ({ open, lines }) => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => open()));
    for (const socket of sockets) socket.resume();
    await until(() => sockets.filter((socket) => socket.closed).length >= 4);
    assert.equal(sockets.filter((socket) => !socket.closed).length, 16);
    assert.equal(lines.filter((line) => line.startsWith('connection refused: too many')).length, 4);
    caller = operator;
    assert.deepEqual(await clientOf(await open()).sendRequest('status.get', {}), { ok: true });
  });
});

test('a caller that the kernel does not name is not served', async () => {
  await withServer({ caller: () => null }, async ({ open }) => {
    await closed((await open()).resume());
  });
});

test('a refusal and a change are logged with who asked, a read is not', async () => {
  const error = { code: 'API_DENIED' as const, message: 'no', hint: '', details: {} };
  const answer: ApiServerOptions['answer'] = (method) =>
    Promise.resolve(method === 'association.flush' ? { ok: false, error } : { ok: true });
  await withServer({ answer }, async ({ open, lines }) => {
    const client = clientOf(await open());
    await client.sendRequest('status.get', {});
    await client.sendRequest('interface.create', { name: 'ipsec0' });
    await client.sendRequest('association.flush', {});
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^request .*"uid":0.*interface\.create.*ipsec0/);
    assert.match(lines[1] ?? '', /^request refused .*association\.flush.*API_DENIED/);
    client.dispose();
  });
});

/** Listeners as a gateway has them, and an answer that subscribes. */
function events(): {
  readonly listeners: Set<EventListener>;
  readonly options: Pick<ApiServerOptions, 'answer'> & { readonly subscribe: (listener: EventListener) => () => void };
  readonly tell: (sequence: number) => void;
} {
  const listeners = new Set<EventListener>();
  const subscribe = (listener: EventListener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const answer: ApiServerOptions['answer'] = (method, _params, caller) => {
    if (method === 'events.subscribe') caller.subscribe?.();
    return Promise.resolve({ ok: true });
  };
  const ends = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2'), reqid: 16386 };
  const tell = (sequence: number): void => {
    const event: GatewayEvent = {
      ...{ kind: 'acquire', atMs: 1, interface: 'ipsec0', spid: 2, ...ends, family: 4, sequence },
    };
    for (const listener of listeners) listener(event);
  };
  return { listeners, options: { answer, subscribe }, tell };
}

test('events go to who subscribed, once however often it did, and end with the connection', async () => {
  const { listeners, options, tell } = events();
  await withServer(options, async ({ open }) => {
    const socket = await open();
    const [listening, other] = [clientOf(socket), clientOf(await open())];
    const heard: ApiEvent[] = [];
    const strayed: unknown[] = [];
    const arrived = new Promise<void>((resolve) => {
      listening.onNotification(eventMethod, (event: unknown) => {
        heard.push(eventSchema.parse(event));
        if (heard.length === 2) resolve();
      });
    });
    other.onNotification(eventMethod, (event: unknown) => void strayed.push(event));
    await other.sendRequest('status.get');
    await listening.sendRequest('events.subscribe');
    await listening.sendRequest('events.subscribe');
    assert.equal(listeners.size, 1);
    tell(1);
    tell(2);
    await arrived;
    assert.deepEqual(
      heard.map((event) => event.kind === 'acquire' && [event.sequence, event.dropped]),
      [
        [1, 0],
        [2, 0],
      ],
    );
    // Requests go on as before: an event is no answer.
    assert.deepEqual(await listening.sendRequest('status.get'), { ok: true });
    assert.deepEqual(strayed, []);
    socket.destroy();
    while (listeners.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });
});

test('a listener that does not read loses the oldest events, and the helper neither memory nor the others', async () => {
  const { options, tell } = events();
  await withServer(options, async ({ open }) => {
    const deaf = await open();
    deaf.write(frame({ jsonrpc: '2.0', id: 1, method: 'events.subscribe', params: {} }));
    await new Promise((resolve) => deaf.once('data', resolve));
    deaf.pause();
    // More than the kernel's buffers and the queue hold together.
    for (let sequence = 1; sequence <= 20_000; sequence++) {
      tell(sequence);
      if (sequence % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await clientOf(await open()).sendRequest('status.get'), { ok: true });
    let text = '';
    deaf.setEncoding('utf8').on('data', (part: string) => (text += part));
    deaf.resume();
    while (!text.includes('"sequence":20000,')) await new Promise((resolve) => setTimeout(resolve, 5));
    const dropped = [...text.matchAll(/"dropped":(\d+)/g)].map((match) => Number(match[1]));
    assert.ok((dropped.at(-1) ?? 0) > 0);
    assert.equal(dropped.length + (dropped.at(-1) ?? 0), 20_000);
  });
});

/** A status that counts, and a dispatcher that knows of watching alone. */
function counting() {
  let turn = 0;
  let reads = 0;
  const read = (): Watched => {
    reads++;
    const counters = { ...exampleInterface.counters, outputBytes: turn };
    const interfaces = [{ ...exampleInterface, counters }];
    return { ...exampleStatus, nowMs: 1_000_000 + turn * 1000, interfaces, profiles: [], setAside: [] };
  };
  const answer: ApiServerOptions['answer'] = async (method, _params, { watch }) => {
    if (method === 'status.watch') watch?.start(1000);
    else if (method === 'status.unwatch') watch?.stop();
    else if (method === 'status.flush') await watch?.flush();
    return { ok: true };
  };
  return { options: { read, answer }, next: () => void turn++, reads: () => reads };
}

const bytesOf = (update: unknown): unknown =>
  updateSchema.parse(update).changes.interfaces?.items[0]?.counters?.outputBytes;

test('what changes of the status goes to who watches, and costs nothing while nobody does', async () => {
  const { options, next, reads } = counting();
  await withServer(options, async ({ open, tick }) => {
    const [watching, other] = [clientOf(await open()), clientOf(await open())];
    const heard: unknown[] = [];
    watching.onNotification(updateMethod, (update: unknown) => void heard.push(bytesOf(update)));
    other.onNotification(updateMethod, () => assert.fail('nobody asked for it'));
    await other.sendRequest('status.get');
    tick();
    assert.equal(reads(), 0);
    await watching.sendRequest('status.watch');
    next();
    tick();
    await watching.sendRequest('status.get');
    next();
    // Not at this pace, but at once when it is asked for, and before the answer.
    await watching.sendRequest('status.flush');
    assert.deepEqual(heard, [1, 2]);
    await watching.sendRequest('status.unwatch');
    const before = reads();
    next();
    tick();
    assert.equal(reads(), before);
  });
});

test('what ends a rest is told as of its last second, for rates are told over the time since', async () => {
  const { options, next } = counting();
  await withServer(options, async ({ open, tick }) => {
    const watching = clientOf(await open());
    const heard: number[][] = [];
    watching.onNotification(updateMethod, (update: unknown) => {
      const { sinceMs, nowMs } = updateSchema.parse(update);
      heard.push([sinceMs, nowMs]);
    });
    await watching.sendRequest('status.watch');
    next();
    tick();
    await watching.sendRequest('status.get');
    for (let second = 0; second < 10; second++) next();
    tick(10_000);
    await watching.sendRequest('status.get');
    next();
    tick();
    await watching.sendRequest('status.get');
    assert.deepEqual(heard, [
      [1_000_000, 1_001_000],
      [1_010_000, 1_011_000],
      [1_011_000, 1_012_000],
    ]);
  });
});

test('who watches and does not read gets the newest when it reads again, and the helper keeps no more for it', async () => {
  const { options, next } = counting();
  await withServer(options, async ({ open, tick }) => {
    const deaf = await open();
    deaf.write(frame({ jsonrpc: '2.0', id: 1, method: 'status.watch', params: {} }));
    await new Promise((resolve) => deaf.once('data', resolve));
    deaf.pause();
    for (let turn = 1; turn <= 4000; turn++) {
      next();
      tick();
      if (turn % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let text = '';
    deaf.setEncoding('utf8').on('data', (part: string) => (text += part));
    deaf.resume();
    while (!text.includes('"outputBytes":4000,')) {
      tick();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.ok(text.split('"from"').length < 3900, 'updates waited as one');
  });
});
