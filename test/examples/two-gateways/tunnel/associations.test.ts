/**
 * The demo's associations as setkey text.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countEntries,
  drawAssociations,
  parsePolicyIds,
  setkeyText,
  type PolicyIds,
} from '#examples/two-gateways/tunnel/associations.ts';

const outer = { a: '203.0.113.1', b: '203.0.113.2' };
const idsOfA: PolicyIds = { in4: 16385, out4: 16386, in6: 16387, out6: 16388 };
const policies = `203.0.113.2[any] 203.0.113.1[any] 4(ipv4)
\tin ipsec
\tesp/transport//unique#16385
\tspid=1 seq=3 pid=418
\trefcnt=0
203.0.113.2[any] 203.0.113.1[any] 41(ipv6)
\tin ipsec
\tesp/transport//unique#16387
\tspid=3 seq=2 pid=418
\trefcnt=0
203.0.113.1[any] 203.0.113.2[any] 4(ipv4)
\tout ipsec
\tesp/transport//unique#16386
\tspid=2 seq=1 pid=418
\trefcnt=0
203.0.113.1[any] 203.0.113.2[any] 41(ipv6)
\tout ipsec
\tesp/transport//unique#16388
\tspid=4 seq=0 pid=418
\trefcnt=0
`;

test('plain ESP takes four associations, each with an SPI and a key of its own', () => {
  const associations = drawAssociations(false);
  assert.equal(associations.length, 4);
  assert.equal(new Set(associations.map(({ spi }) => spi)).size, 4);
  assert.equal(new Set(associations.map(({ key }) => key)).size, 4);
  for (const { key, spi } of associations) {
    assert.match(key, /^0x[0-9a-f]{72}$/);
    assert.ok(spi > 255 && spi < 2 ** 32);
  }
});

test('NAT-T takes one association for each direction', () => {
  assert.deepEqual(
    drawAssociations(true).map(({ from, inner }) => ({ from, inner })),
    [
      { from: 'a', inner: null },
      { from: 'b', inner: null },
    ],
  );
});

test('each gateway ties an association to its own policy: out at the sender, in at the receiver', () => {
  const association = { from: 'a', inner: 6, spi: 0x1000, key: '0x00' } as const;
  const idsOfB = { in4: 1, out4: 2, in6: 3, out6: 4 };
  const head = 'add 203.0.113.1 203.0.113.2 esp 0x1000 -m transport -u';
  assert.equal(setkeyText('a', [association], outer, idsOfA), `${head} 16388 -r 32 -E aes-gcm-16 0x00;\n`);
  assert.equal(setkeyText('b', [association], outer, idsOfB), `${head} 3 -r 32 -E aes-gcm-16 0x00;\n`);
});

test('under NAT-T the text has ports and no ids', () => {
  const association = { from: 'b', inner: null, spi: 0x1001, key: '0x00' } as const;
  assert.equal(
    setkeyText('a', [association], outer, null),
    'add 203.0.113.2 [4500] 203.0.113.1 [4500] esp-udp 0x1001 -m transport -r 32 -E aes-gcm-16 0x00;\n',
  );
});

test('reads the four policy ids from setkey -DP', () => {
  assert.deepEqual(parsePolicyIds(policies), idsOfA);
  assert.equal(countEntries(policies, 'policies'), 4);
});

test('a missing policy is named', () => {
  assert.throws(() => parsePolicyIds(policies.replace('16387', 'x')), /"in6"/);
  assert.throws(() => parsePolicyIds('No SPD entries.\n'), /"in4"/);
  assert.equal(countEntries('No SPD entries.\n', 'policies'), 0);
});

test('counts the entries of setkey -D, plain and under NAT-T', () => {
  const entry = '203.0.113.1 203.0.113.2 \n\tesp mode=transport spi=4096(0x00001000) reqid=16386(0x00004002)\n';
  assert.equal(countEntries(entry + entry.replace('esp mode', 'esp-udp mode'), 'associations'), 2);
  assert.equal(countEntries('No SAD entries.\n', 'associations'), 0);
});
