import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paddingKinds } from '#core/crypto/transform.ts';
import { unheededIcmp } from '#core/datapath/snapshot.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { Sad } from '#core/sad/sad.ts';
import type { AssociationSpec, SecurityAssociation } from '#core/sad/security-association.ts';
import { SnapshotCompiler, type SnapshotInput } from '#core/tunnel/compile-snapshot.ts';
import { gcmSuite, testAssociation, testKey, testLifetime } from '#test/support/associations.ts';

function add(changes: Partial<AssociationSpec>): SecurityAssociation {
  return new Sad({ limit: 10, allowWeak: true }).add(testAssociation(0x1234, changes), 0, 1);
}

function input(changes: Partial<SnapshotInput>): SnapshotInput {
  return {
    version: 1,
    interfaces: [],
    inbound: [],
    outbound: [],
    sockets: [],
    logsEcn: true,
    auditsDrops: true,
    icmp: unheededIcmp,
    transformOf: () => 77,
    ivHighsOf: () => noIvs,
    initialSequenceOf: () => 0,
    placeOf: () => null,
    sendingSocketOf: () => 5,
    ...changes,
  };
}

const noIvs: readonly number[] = [];

test('resolves suites to numbers, and knows no key', () => {
  const cases: [string, Partial<AssociationSpec>, object][] = [
    ['aes-cbc', {}, { ivBytes: 16, icvBytes: 16, blockBytes: 16, hasCounterIv: false }],
    ['sha1', { integrity: 'hmac-sha1', integrityKey: testKey(20) }, { icvBytes: 12 }],
    ['gcm', gcmSuite(), { ivBytes: 8, icvBytes: 16, blockBytes: 4, hasCounterIv: true }],
    ['null', { encryption: 'null', encryptionKey: testKey(0) }, { ivBytes: 0, icvBytes: 16, blockBytes: 4 }],
    ['window', { replayBytes: 4 }, { replayWindow: 32 }],
    ['the largest window', { replayBytes: 8192 }, { replayWindow: 65536 }],
    ['no window', { replayBytes: 0 }, { replayWindow: 0 }],
    [
      'no window without integrity (RFC 4303 §3.4.3)',
      { integrity: null, integrityKey: null },
      { replayWindow: 0, icvBytes: 0 },
    ],
    ['padding', { padding: paddingKinds.zero }, { checksPadding: false }],
    [
      'udp',
      { protocol: 'esp-udp', ports: { source: 4500, destination: 9 } },
      { udp: { sourcePort: 4500, destinationPort: 9 } },
    ],
    [
      'limits',
      { lifetimes: { soft: testLifetime({ bytes: 1 }), hard: testLifetime({ bytes: 9, packets: 8 }) } },
      { hardBytes: 9, hardPackets: 8 },
    ],
  ];
  for (const [name, changes, expected] of cases) {
    const [row] = new SnapshotCompiler().compile(input({ inbound: [add(changes)] })).inbound;
    assert.partialDeepStrictEqual(
      row,
      { spi: 0x1234, transform: 77, family: 4, socket: -1, ivHighs: [], ...expected },
      name,
    );
    assert.ok(!JSON.stringify(row).includes('key'));
  }
});

test('inner selectors become bytes and lengths; without any there are none', () => {
  const selectors = [
    { source: parsePrefix('198.51.100.0/25'), destination: parsePrefix('0.0.0.0/0') },
    { source: parsePrefix('2001:db8:a::/48'), destination: parsePrefix('2001:db8:b::1') },
  ];
  const [row, plain] = new SnapshotCompiler().compile(input({ inbound: [add({ selectors }), add({})] })).inbound;
  assert.deepEqual(
    row?.selectors?.map(({ family, sourceLength, destinationLength }) => [family, sourceLength, destinationLength]),
    [
      [4, 25, 0],
      [6, 48, 128],
    ],
  );
  assert.deepEqual(row?.selectors?.[0]?.source, new Uint8Array([198, 51, 100, 0, ...new Uint8Array(12)]));
  assert.equal(plain?.selectors, undefined);
});

test('whether ECN is logged and drops are audited is told', () => {
  for (const isOn of [true, false]) {
    assert.equal(new SnapshotCompiler().compile(input({ logsEcn: isOn })).logsEcn, isOn);
    assert.equal(new SnapshotCompiler().compile(input({ auditsDrops: isOn })).auditsDrops, isOn);
  }
});

test('a fragment size reaches the datapath, and none is left out (setkey -esp_frag)', () => {
  const natT = { protocol: 'esp-udp', ports: { source: 4500, destination: 4500 } } as const;
  const cut = add({ ...natT, fragmentBytes: 552 });
  const [whole, pieces] = new SnapshotCompiler().compile(input({ inbound: [add({}), cut] })).inbound;
  assert.deepEqual([whole?.fragmentBytes, pieces?.fragmentBytes], [undefined, 552]);
});

test('puts addresses into 16 bytes, of both families', () => {
  const v6 = add({ source: parseIpAddress('2001:db8::1'), destination: parseIpAddress('2001:db8::2') });
  const [four, six] = new SnapshotCompiler().compile(input({ inbound: [add({}), v6] })).inbound;
  assert.deepEqual(four?.source, new Uint8Array([192, 0, 2, 1, ...new Uint8Array(12)]));
  assert.equal(six?.family, 6);
  assert.equal(six?.destination[15], 2);
});

test('keeps what did not change, and compiles a sender again for other IVs or another socket', () => {
  const compiler = new SnapshotCompiler();
  const association = add(gcmSuite());
  const both = { inbound: [association], outbound: [association] };
  const first = compiler.compile(input(both));
  const again = compiler.compile(input({ ...both, version: 2 }));
  assert.equal(again.version, 2);
  assert.equal(again.inbound[0], first.inbound[0]);
  assert.equal(again.outbound[0], first.outbound[0]);
  const highs = [3, 4];
  const withIvs = compiler.compile(input({ ...both, ivHighsOf: () => highs }));
  assert.deepEqual([withIvs.outbound[0]?.ivHighs, withIvs.outbound[0]?.socket], [[3, 4], 5]);
  const moved = compiler.compile(input({ ...both, ivHighsOf: () => highs, sendingSocketOf: () => 6 }));
  assert.equal(moved.outbound[0]?.socket, 6);
  assert.equal(moved.inbound[0], first.inbound[0]);
});
