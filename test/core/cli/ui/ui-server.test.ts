import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import type { StatusUpdate } from '#core/api/watch/watch-contract.ts';
import { entryFiles } from '#core/cli/ui/entry-page.ts';
import { startUiServer, type UiServer } from '#core/cli/ui/ui-server.ts';
import { serveWindows, type WindowSockets } from '#core/cli/ui/window-sockets.ts';

const page = '<script type="module" crossorigin src="./assets/app.js"></script>';
const files = new Map([
  ['/index.html', { type: 'text/html; charset=utf-8', bytes: Buffer.from(page) }],
  ['/assets/app.js', { type: 'text/javascript; charset=utf-8', bytes: Buffer.from('the app') }],
]);
const link = { state: 'absent', message: 'no helper', hint: '', command: 'sudo culvertd' } as const;

let server: UiServer;
let windows: WindowSockets;
let port = 0;
const asked: unknown[] = [];
const watches: { readonly send: (update: StatusUpdate) => Promise<void>; isOn: boolean }[] = [];

before(async () => {
  windows = serveWindows({
    answer: async (method, params) => {
      asked.push([method, params]);
      return { ok: true, value: { method } };
    },
    openWatch: (send) => {
      watches.push({ send, isOn: true });
      const watch = watches.at(-1);
      return { start: () => assert.fail('not here'), stop: () => void (watch !== undefined && (watch.isOn = false)) };
    },
    greeting: () => ({ kind: 'link', link }),
  });
  server = await startUiServer({ port: 0, files, windows: Promise.resolve(windows) });
  port = Number(new URL(server.newAddress()).port);
});
after(async () => {
  windows.close();
  await server.close();
});

type Reply = { status: number; text: string; cookie: string; policy: string };

function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text,
          cookie: (response.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '',
          policy: String(response.headers['content-security-policy'] ?? ''),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const origin = (): string => `http://127.0.0.1:${port}`;
const newToken = (): string => new URLSearchParams(new URL(server.newAddress()).hash.slice(1)).get('token') ?? '';

/** The half of a session that the page keeps, in the answer to its token. */
function keyIn(text: string): string {
  const entry: unknown = JSON.parse(text);
  return typeof entry === 'object' && entry !== null && 'key' in entry ? String(entry.key) : '';
}

async function enterWhole(): Promise<{ cookie: string; key: string }> {
  const { status, cookie, text } = await ask('POST', '/session', { origin: origin() }, newToken());
  assert.equal(status, 200);
  return { cookie, key: keyIn(text) };
}

async function enter(): Promise<string> {
  return (await enterWhole()).cookie;
}

function open({ key, ...headers }: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const protocols = key === undefined ? ['culvert'] : ['culvert', key];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/relay`, protocols, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

test('without a session only the entry page is served, and it says nothing of this machine', async () => {
  assert.equal((await ask('GET', '/')).text, Buffer.from(entryFiles.get('/')?.bytes ?? []).toString());
  assert.equal((await ask('GET', '/enter.js')).status, 200);
  for (const path of ['/index.html', '/assets/app.js', '/../package.json', '/etc/passwd']) {
    assert.equal((await ask('GET', path)).status, 403, path);
  }
});

test('the token opens a session once', async () => {
  const token = newToken();
  const first = await ask('POST', '/session', { origin: origin() }, token);
  assert.equal(first.status, 200);
  assert.equal((await ask('POST', '/session', { origin: origin() }, token)).status, 403);
  assert.equal((await ask('GET', '/', { cookie: first.cookie })).text, page);
  assert.equal((await ask('GET', '/assets/app.js', { cookie: first.cookie })).text, 'the app');
});

test('who has exchanged its token is told what the page is made of, and nobody before that', async () => {
  const answer = await ask('POST', '/session', { origin: origin() }, newToken());
  const entry: unknown = JSON.parse(answer.text);
  assert.deepEqual(entry, { key: keyIn(answer.text), links: [], modules: ['./assets/app.js'] });
  for (const path of ['/', '/enter.js']) assert.doesNotMatch((await ask('GET', path)).text, /assets/);
});

test('what is behind windows is loaded when a page has its files, or when one wants its window before that', async (t) => {
  const sides = await Promise.all(
    [0, 1].map(() => startUiServer({ port: 0, files, windows: Promise.resolve(windows) })),
  );
  for (const side of sides) {
    t.after(() => side.close());
    const address = new URL(side.newAddress());
    const token = new URLSearchParams(address.hash.slice(1)).get('token') ?? '';
    const headers = { origin: address.origin };
    let isOut = false;
    void side.pageIsOut.then(() => (isOut = true));
    const entered = await fetch(`${address.origin}/session`, { method: 'POST', headers, body: token });
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const key = keyIn(await entered.text());
    assert.equal(await (await fetch(address.origin, { headers: { cookie } })).text(), page);
    assert.equal((await fetch(`${address.origin}/assets/app.js`)).status, 403);
    assert.equal(isOut, false);
    if (side === sides[0]) await (await fetch(`${address.origin}/assets/app.js`, { headers: { cookie } })).text();
    else {
      const window = new WebSocket(`ws://${address.host}/relay`, ['culvert', key], { headers: { ...headers, cookie } });
      window.once('open', () => window.terminate());
    }
    await side.pageIsOut;
  }
});

test('a new address makes the unused one before it void', async () => {
  const [old] = [newToken(), server.newAddress()];
  assert.equal((await ask('POST', '/session', { origin: origin() }, old)).status, 403);
});

test('a wrong token, a long one and one from another page open nothing', async () => {
  assert.equal((await ask('POST', '/session', { origin: origin() }, 'x')).status, 403);
  await assert.rejects(ask('POST', '/session', { origin: origin() }, 'x'.repeat(1_000_000)));
  for (const foreign of ['http://evil.example', 'null', `http://localhost:${port}`]) {
    assert.equal((await ask('POST', '/session', { origin: foreign }, newToken())).status, 403, foreign);
  }
  assert.equal((await ask('POST', '/session', {}, newToken())).status, 403);
});

test('a name that somebody lets point here is answered with nothing', async () => {
  const cookie = await enter();
  for (const host of ['evil.example', `evil.example:${port}`, `localhost:${port}`]) {
    assert.equal((await ask('GET', '/', { host, cookie })).status, 421, host);
  }
});

test('with a session only the files of the table are served', async () => {
  const cookie = await enter();
  const hostile = ['/..%2f..%2fetc/passwd', '/assets/../../package.json', '//etc/passwd', '/assets/app.js/', '/%00'];
  for (const path of hostile) assert.equal((await ask('GET', path, { cookie })).status, 404, path);
  assert.equal((await ask('PUT', '/index.html', { cookie })).status, 405);
  assert.equal((await ask('GET', '/index.html?x=1', { cookie })).text, page);
});

test('no path of a request ends the server', async () => {
  for (const path of ['//', '///', '/\\', 'http://', 'http://[', '//:99999/', '//user@:', '*', '/%', '/%zz']) {
    assert.equal((await ask('GET', path)).status, 403, path);
  }
});

test('who asks for the relay and is gone before the answer ends only itself', async () => {
  const handshake = [
    'GET /relay HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  for (let turn = 0; turn < 20; turn++) {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`${handshake.join('\r\n')}\r\n\r\n`, () => socket.resetAndDestroy());
      });
      socket.on('error', () => undefined).on('close', () => resolve());
    });
  }
  assert.equal((await ask('GET', '/')).status, 200);
});

test('who is refused the relay and keeps its half open is let go all the same', async () => {
  const handshake = ['GET /relay HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket'];
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const gone = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
  socket.resume().write(`${handshake.join('\r\n')}\r\n\r\n`);
  const talking = setInterval(() => socket.write('still here'), 5);
  await gone;
  clearInterval(talking);
});

test('hundreds of connections that say nothing, or half of something, keep nobody out and end no window', async () => {
  const session = await enterWhole();
  const window = await open({ ...session, origin: origin() });
  assert.ok(window instanceof WebSocket);
  const halves = [
    '',
    'GET / HTTP/1.1\r\nX: ',
    'GET /relay HTTP/1.1\r\nUpgrade: webs',
    'POST /session HTTP/1.1\r\nHost: ',
  ];
  const strangers = await Promise.all(
    Array.from({ length: 500 }, (_, index) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      socket.write(halves[index % halves.length] ?? '');
      return new Promise<typeof socket>((resolve) => socket.on('connect', () => resolve(socket)));
    }),
  );
  assert.equal((await ask('GET', '/', { cookie: session.cookie })).text, page);
  const another = await open({ ...session, origin: origin() });
  assert.ok(another instanceof WebSocket);
  assert.equal(window.readyState, WebSocket.OPEN);
  for (const socket of strangers) socket.destroy();
  for (const each of [window, another]) each.close();
});

test('a frame longer than any request ends its window before it is kept', async () => {
  const window = await open({ ...(await enterWhole()), origin: origin() });
  assert.ok(window instanceof WebSocket);
  const code = new Promise((resolve) => window.on('close', resolve));
  window.send('x'.repeat(10 * 1024 * 1024 + 1));
  assert.equal(await code, 1009);
});

test('every answer has a policy that lets nothing in from elsewhere', async () => {
  for (const path of ['/', '/nothing', '/enter.js']) {
    const { policy } = await ask('GET', path);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!policy.includes('unsafe'));
  }
});

test('the relay opens for our page with a session, and for nobody else', async () => {
  const { cookie, key } = await enterWhole();
  assert.equal(await open({ cookie, key, origin: 'http://evil.example' }), 403);
  assert.equal(await open({ key, origin: origin() }), 403);
  assert.equal(await open({ cookie, origin: origin() }), 403, 'a cookie alone, as other ports may have seen it');
  assert.equal(await open({ cookie: `culvert-${port}=guess`, key, origin: origin() }), 403);
  assert.equal(await open({ cookie, key, origin: origin(), host: 'evil.example' }), 403);
});

test('a window hears how the helper is, asks, and hears pushes', async () => {
  const socket = await open({ ...(await enterWhole()), origin: origin() });
  assert.ok(socket instanceof WebSocket);
  const frames: unknown[] = [];
  const arrived = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => (frames.length >= count ? resolve() : void setTimeout(look, 2));
      look();
    });
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  socket.send(JSON.stringify({ id: 7, method: 'status.get', params: { a: 1 } }));
  await arrived(1);
  windows.push({ kind: 'navigate', to: 'settings', target: null });
  await arrived(2);
  assert.deepEqual(frames.at(-2), { id: 7, answer: { ok: true, value: { method: 'status.get' } } });
  assert.deepEqual(frames.at(-1), { push: { kind: 'navigate', to: 'settings', target: null } });
  assert.deepEqual(asked.at(-1), ['status.get', { a: 1 }]);
  socket.close();
});

test('a frame that is no request ends its window and leaves the others', async () => {
  const session = await enterWhole();
  const good = await open({ ...session, origin: origin() });
  const bad = await open({ ...session, origin: origin() });
  assert.ok(good instanceof WebSocket && bad instanceof WebSocket);
  const gone = new Promise((resolve) => bad.on('close', resolve));
  bad.send('{"id":1,"method":5}');
  await gone;
  assert.equal(good.readyState, WebSocket.OPEN);
  good.close();
});

test('a window that comes before it can be served waits for that', async (t) => {
  const { promise, resolve } = Promise.withResolvers<WindowSockets>();
  const early = await startUiServer({ port: 0, files, windows: promise });
  t.after(() => early.close());
  const address = new URL(early.newAddress());
  const token = new URLSearchParams(address.hash.slice(1)).get('token') ?? '';
  const headers = { origin: address.origin };
  const entered = await fetch(`${address.origin}/session`, { method: 'POST', headers, body: token });
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${address.host}/relay`, ['culvert', keyIn(await entered.text())], {
    headers: { ...headers, cookie },
  });
  const opened = new Promise((settle, reject) => socket.once('open', settle).once('error', reject));
  assert.equal((await fetch(address.origin, { headers: { cookie } })).status, 200);
  assert.equal(socket.readyState, WebSocket.CONNECTING);
  resolve(windows);
  await opened;
  socket.terminate();
});
