import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAssociationFilter } from '#renderer/state/association-filter.ts';
import { listAssociations } from '#renderer/state/association-row.ts';
import { listTunnels } from '#renderer/state/tunnel-list.ts';
import { association, connected, link } from './example-session.ts';

const minute = { addSeconds: 600, useSeconds: 0, bytes: 0, packets: 0 };
const quiet = association(1, 0, 'out').usage;

const session = connected({
  interfaces: [link(1), link(2)],
  associations: [
    association(1, 1, 'out', {
      spi: 0xc41d09e7,
      hard: minute,
      usage: { ...quiet, bytes: 2_000_000, lastUsedMs: 90_000 },
    }),
    association(1, 2, 'in', { spi: 0x0000c400, usage: { ...quiet, replayDrops: 3 } }),
    association(2, 3, 'out', { spi: 0x5000, state: 'dying', encryption: 'aes-cbc', integrity: 'hmac-sha256' }),
  ],
});
const rows = listAssociations(session.status, listTunnels(session));

function found(query: string): string {
  const { matches } = parseAssociationFilter(query);
  return rows
    .filter((row) => matches(row, session.status.nowMs))
    .map(({ key }) => key)
    .toSorted()
    .join(' ');
}

test('terms with spaces between them must all hold, and no term lets everything through', () => {
  assert.equal(found('  '), '1 2 3');
  assert.equal(found('dir:out'), '1 3');
  assert.equal(found('dir:out state:dying'), '3');
  assert.equal(found('dir:o'), '');
});

test('an SPI is found by its beginning in hexadecimal, with or without its zeros, and in decimals', () => {
  assert.equal(found('spi:0xc4'), '1 2');
  assert.equal(found('spi:0x0000c4'), '2');
  assert.equal(found('spi:20480'), '3');
});

test('measures compare with units, and what was not measured never fits', () => {
  assert.equal(found('drops>0'), '2');
  assert.equal(found('drops<1'), '');
  assert.equal(found('bytes>1M'), '1');
  assert.equal(found('bytes>2.5MB'), '');
  assert.equal(found('ends<10m'), '1');
  assert.equal(found('used<11s'), '1');
  assert.equal(found('used:never'), '2 3');
});

test('a minus in front turns a term round', () => {
  assert.equal(found('-dir:out'), '2');
  assert.equal(found('-used:never'), '1');
});

test('a bare word is any text, and an IPv6 address is no key', () => {
  assert.equal(found('IPSEC2'), '3');
  assert.equal(found('198.51.100.1'), '1 2');
  assert.equal(found('sha'), '3');
  assert.deepEqual(parseAssociationFilter('2001:db8::1').unknown, []);
});

test('a term that means nothing is told and not applied; one that is still being written holds for everything', () => {
  const filter = parseAssociationFilter('dir:in foo:3 drops>many state:');
  assert.deepEqual(filter.unknown, ['foo:3', 'drops>many']);
  assert.equal(found('foo:3'), '1 2 3');
  assert.equal(found('state:'), '1 2 3');
});
