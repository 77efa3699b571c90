import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { Admission } from '#core/cli/ui/admission.ts';

const request = (headers: Record<string, string>): IncomingMessage => ({ headers }) as never;
const tokenOf = (address: string): string => new URLSearchParams(new URL(address).hash.slice(1)).get('token') ?? '';
const cookieOf = (header: string | null): string => (header ?? '').split(';')[0] ?? '';

test('a token admits once, and the session behind it is a cookie that no script reads', () => {
  const admission = new Admission(4000);
  const token = tokenOf(admission.newAddress());
  assert.ok(token.length >= 43, 'at least 256 bits');
  assert.equal(admission.admit(`${token}x`), null);
  const header = admission.admit(token);
  assert.match(header ?? '', /^culvert-4000=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.equal(admission.admit(token), null);
  assert.equal(admission.hasSession(request({ cookie: `other=1; ${cookieOf(header)}` })), true);
});

test('without an address nobody is admitted, and a guessed session is none', () => {
  const admission = new Admission(4000);
  assert.equal(admission.admit(''), null);
  for (const cookie of ['', 'culvert-4000=', 'culvert-4000=x', 'culvert-4001=x'])
    assert.equal(admission.hasSession(request({ cookie })), false, cookie);
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
