/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemResolver } from '#core/helper/name-resolver.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

test('gives the system’s addresses in their order, without those that need a zone', async () => {
  const rows = [{ address: 'fe80::1%eth0' }, { address: '2001:DB8::1' }, { address: '192.0.2.1' }];
  const resolver = systemResolver({ lookup: async () => rows });
  assert.deepEqual(await resolver.lookup('vpn.example.com'), ['2001:db8::1', '192.0.2.1']);
});

test('no answer, an empty one and one that takes too long are one refusal that may pass', async () => {
  const failing = systemResolver({
    lookup: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
  });
  assert.equal(await rejectedCode(failing.lookup('a.example')), 'PROFILE_UNRESOLVED');
  const empty = systemResolver({ lookup: async () => [] });
  assert.equal(await rejectedCode(empty.lookup('a.example')), 'PROFILE_UNRESOLVED');
  const silent = systemResolver({ lookup: () => new Promise(() => {}) }, 10);
  assert.equal(await rejectedCode(silent.lookup('a.example')), 'PROFILE_UNRESOLVED');
});

test('who asks for a name that is still being looked up joins that, so that a silent name server has one of each and no more', async () => {
  const asked: string[] = [];
  let answer: (rows: readonly { readonly address: string }[]) => void = () => undefined;
  const lookup = (name: string): Promise<readonly { readonly address: string }[]> => {
    asked.push(name);
    if (name === 'well.example') return Promise.resolve([{ address: '192.0.2.9' }]);
    return new Promise((resolve) => (answer = resolve));
  };
  const resolver = systemResolver({ lookup }, 20);
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(await rejectedCode(resolver.lookup('silent.example')), 'PROFILE_UNRESOLVED');
  }
  assert.deepEqual(await resolver.lookup('well.example'), ['192.0.2.9']);
  assert.deepEqual(asked, ['silent.example', 'well.example']);
  const late = resolver.lookup('silent.example');
  answer([{ address: '192.0.2.1' }]);
  assert.deepEqual(await late, ['192.0.2.1']);
  const anew = resolver.lookup('silent.example');
  answer([{ address: '192.0.2.2' }]);
  assert.deepEqual(await anew, ['192.0.2.2']);
});

test('the system itself knows localhost', async () => {
  const addresses = await systemResolver().lookup('localhost');
  assert.ok(
    addresses.some((address) => address === '127.0.0.1' || address === '::1'),
    addresses.join(),
  );
});

test('the source towards loopback is loopback', async () => {
  assert.equal(await systemResolver().sourceTowards(parseIpAddress('127.0.0.1')), '127.0.0.1');
});
