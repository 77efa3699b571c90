import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { Admission, type Admitted } from '#core/cli/ui/admission.ts';

const request = (headers: Record<string, string>): IncomingMessage => ({ headers }) as never;
const tokenOf = (address: string): string => new URLSearchParams(new URL(address).hash.slice(1)).get('token') ?? '';
const cookieOf = (admitted: Admitted | null): string => (admitted?.cookie ?? '').split(';')[0] ?? '';

test('a token admits once, and the session behind it is a cookie that no script reads', () => {
  const admission = new Admission(4000);
  const token = tokenOf(admission.newAddress());
  assert.ok(token.length >= 43, 'at least 256 bits');
  assert.equal(admission.admit(`${token}x`), null);
  const admitted = admission.admit(token);
  assert.match(admitted?.cookie ?? '', /^culvert-4000=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.equal(admission.admit(token), null);
  assert.equal(admission.hasSession(request({ cookie: `other=1; ${cookieOf(admitted)}` })), true);
});

test('without an address nobody is admitted, and a guessed session is none', () => {
  const admission = new Admission(4000);
  assert.equal(admission.admit(''), null);
  for (const cookie of ['', 'culvert-4000=', 'culvert-4000=x', 'culvert-4001=x'])
    assert.equal(admission.hasSession(request({ cookie })), false, cookie);
});

test('the relay wants both halves of one session, for the cookie is shown to every port (RFC 6265 §8.5)', () => {
  const admission = new Admission(4000);
  const [one, other] = [admission, admission].map((each) => each.admit(tokenOf(each.newAddress())));
  assert.ok(one && other);
  const opens = (cookie: string, protocols: string): boolean =>
    admission.hasWholeSession(request({ cookie, 'sec-websocket-protocol': protocols }));
  assert.equal(opens(cookieOf(one), `culvert, ${one.key}`), true);
  assert.equal(opens(cookieOf(one), 'culvert'), false);
  assert.equal(opens(cookieOf(one), ''), false);
  assert.equal(opens(cookieOf(one), `culvert, ${other.key}`), false);
  assert.equal(opens('', `culvert, ${one.key}`), false);
  assert.equal(opens(cookieOf(one), `${'guess, '.repeat(100)}${one.key}`), false);
});

test('a cookie of our name that another port has set shuts nobody out', () => {
  const admission = new Admission(4000);
  const own = cookieOf(admission.admit(tokenOf(admission.newAddress())));
  assert.equal(admission.hasSession(request({ cookie: `culvert-4000=tossed; ${own}` })), true);
});

test('the ninth session ends the first', () => {
  const admission = new Admission(4000);
  const cookies = Array.from({ length: 9 }, () => cookieOf(admission.admit(tokenOf(admission.newAddress()))));
  assert.deepEqual(
    cookies.map((cookie) => admission.hasSession(request({ cookie }))),
    [false, ...Array.from({ length: 8 }, () => true)],
  );
});

test('a request is ours by host and origin, both whole', () => {
  const admission = new Admission(4000);
  const host = '127.0.0.1:4000';
  assert.equal(admission.isFromUs(request({ host, origin: 'http://127.0.0.1:4000' })), true);
  assert.equal(admission.isFromUs(request({ host, origin: 'http://127.0.0.1:40000' })), false);
  assert.equal(admission.isFromUs(request({ host: 'localhost:4000', origin: 'http://127.0.0.1:4000' })), false);
  assert.equal(admission.isFromUs(request({ host })), false);
});
