import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '#core/api/contract.ts';
import { groupByTunnel, listAssociations, pairPlace } from '#renderer/state/association-row.ts';
import { listTunnels } from '#renderer/state/tunnel-list.ts';
import { association, connected, link, policy } from './example-session.ts';

function rowsOf(parts: Parameters<typeof connected>[0]): ReturnType<typeof listAssociations> {
  const session = connected(parts);
  return listAssociations(session.status, listTunnels(session));
}

test('keys that were renewed together stand together, out over in, the newest first', () => {
  const rows = rowsOf({
    interfaces: [link(1)],
    associations: [
      association(1, 1, 'in', { createdMs: 1000 }),
      association(1, 2, 'out', { createdMs: 1001 }),
      association(1, 3, 'in', { createdMs: 50_001 }),
      association(1, 4, 'out', { createdMs: 50_000 }),
    ],
  });
  assert.deepEqual(
    rows.map(({ key, direction }) => [key, direction]),
    [
      ['4', 'out'],
      ['3', 'in'],
      ['2', 'out'],
      ['1', 'in'],
    ],
  );
  const places = rows.map((row, index) => pairPlace(row, rows[index - 1], rows[index + 1]));
  assert.deepEqual(places, ['first', 'second', 'first', 'second']);
});

test('a direction that is alone has no bracket', () => {
  const rows = rowsOf({ interfaces: [link(1)], associations: [association(1, 1, 'out'), association(1, 2, 'out')] });
  assert.deepEqual(
    rows.map((row, index) => pairPlace(row, rows[index - 1], rows[index + 1])),
    [null, null],
  );
});

test('what is inside is told by the policies that ask for the reqid (if_ipsec.c)', () => {
  const parts = { interfaces: [link(1)], associations: [association(1, 1, 'out')] };
  assert.equal(rowsOf({ ...parts, policies: [policy(1, 1, 'out', 4)] })[0]?.inner, 'IPv4');
  assert.equal(rowsOf({ ...parts, policies: [policy(1, 1, 'out', 4), policy(1, 2, 'out', 41)] })[0]?.inner, 'both');
  assert.equal(rowsOf(parts)[0]?.inner, null);
});

test('nothing is told that was not measured: drops inbound only, no life without a limit, nothing of a larval one', () => {
  const larval: Status['larvals'][number] = {
    source: '198.51.100.1',
    destination: '192.0.2.1',
    protocol: 'esp',
    spi: 0x300,
    mode: 'any',
    reqid: 0,
    createdMs: 1,
    pid: 9,
  };
  const [out, back, kept] = rowsOf({
    interfaces: [link(1)],
    associations: [association(1, 1, 'out'), association(1, 2, 'in')],
    larvals: [larval],
  });
  assert.deepEqual([out?.drops, out?.windowPackets, out?.life, out?.endsMs], [null, null, null, null]);
  assert.deepEqual([back?.drops, back?.windowPackets], [0, 256]);
  assert.deepEqual([kept?.state, kept?.packets, kept?.suite, kept?.lastUsedMs], ['larval', null, null, null]);
});

test('a suite is named without the salt in its key', () => {
  const parts = { interfaces: [link(1)] };
  assert.equal(rowsOf({ ...parts, associations: [association(1, 1, 'out')] })[0]?.suite, 'AES-GCM 256');
  const hidden = association(1, 1, 'out', { encryption: 'newer-cipher', encryptionKeyBits: 128 });
  assert.equal(rowsOf({ ...parts, associations: [hidden] })[0]?.suite, 'newer-cipher 128');
});

test('groups stand in the order of tunnels, and what no tunnel uses stands last', () => {
  const session = connected({
    interfaces: [link(2), link(1)],
    associations: [association(9, 1, 'out', { interfaces: [] }), association(1, 2, 'out'), association(2, 3, 'out')],
  });
  const tunnels = listTunnels(session);
  const groups = groupByTunnel(listAssociations(session.status, tunnels), tunnels);
  assert.deepEqual(
    groups.map(({ tunnel, ends }) => [tunnel, ends?.peer ?? null]),
    [
      ['ipsec2', '198.51.100.2'],
      ['ipsec1', '198.51.100.1'],
      [null, null],
    ],
  );
});
