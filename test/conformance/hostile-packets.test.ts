/**
 * Malformed, hostile and stateful inbound packets, step by step through the inbound loop: each is delivered exactly or
 * dropped under exactly the named counter. The cases are in test/fixtures/negative-vectors.json.
 *
 * Where Culvert's answer differs from the file's reference receiver, `deviations` says how and why.
 * @module
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { readU16, toHex } from '#core/base/bytes.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import { dropReasons, type DropReasonName } from '#core/datapath/drop-reason.ts';
import type { SnapshotAssociation, SnapshotSelector } from '#core/datapath/snapshot.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';
import { sealEsp } from '#test/support/packet/esp-sealer.ts';
import {
  ip,
  makeAssociation,
  makeInterface,
  makeSnapshot,
  nullShape,
  nullSpec,
  outer4,
  outer6,
  TestDatapath,
  tokens,
} from '#test/support/test-datapath.ts';

type VectorSa = {
  readonly name: string;
  readonly spi: string;
  readonly encr: keyof typeof suites;
  readonly encrKey: string;
  readonly salt: string;
  readonly integ: keyof typeof integrities;
  readonly integKey: string;
  readonly esn: boolean;
  readonly window: number;
  readonly outer: { readonly src: string; readonly dst: string };
  readonly encap: { readonly sport: number; readonly dport: number } | null;
  readonly selectors: readonly { readonly src: string; readonly dst: string }[];
  readonly strictPadding: boolean;
};
type Step = {
  readonly packet?: string;
  readonly packetSha256?: string;
  readonly expect: 'accept' | 'drop' | 'discard' | 'ignore' | 'ike';
  readonly counter: string | null;
  readonly inner?: string;
  readonly innerSha256?: string;
  readonly innerLength?: number;
};
type Case = {
  readonly id: string;
  readonly category: string;
  readonly reason: string;
  readonly steps: readonly Step[];
};
type ReplaySequence = {
  readonly id: string;
  readonly window: number;
  readonly note: string;
  readonly steps: readonly (readonly [number, boolean, 'accept' | 'drop', string | null, number])[];
};
type Vectors = {
  readonly meta: { readonly securityAssociations: Readonly<Record<string, VectorSa>> };
  readonly cases: readonly Case[];
  readonly replaySequences: readonly ReplaySequence[];
};

const suites = {
  'AES-GCM-16': { encryptionId: 20, ivBytes: 8, icvBytes: 16, blockBytes: 4, hasCounterIv: true },
  'CHACHA20-POLY1305': { encryptionId: 28, ivBytes: 8, icvBytes: 16, blockBytes: 4, hasCounterIv: true },
  'AES-CBC': { encryptionId: 12, ivBytes: 16, icvBytes: 0, blockBytes: 16, hasCounterIv: false },
  NULL: { encryptionId: 11, ivBytes: 0, icvBytes: 0, blockBytes: 4, hasCounterIv: false },
} as const;
const integrities = {
  NONE: { integrityId: 0, icvBytes: 0 },
  'HMAC-SHA2-256-128': { integrityId: 12, icvBytes: 16 },
  'HMAC-SHA2-512-256': { integrityId: 14, icvBytes: 32 },
} as const;

/** Counters of the file that Culvert counts under another name. */
const counterNames: Readonly<Record<string, DropReasonName>> = {
  // No key daemon is attached that could judge the message behind the marker.
  ikeTooShort: 'toIke',
  ikeMalformed: 'toIke',
};

/** Case → what Culvert answers instead, and why. */
const deviations: Readonly<Record<string, { readonly counter: DropReasonName; readonly why: string }>> = {
  'spi-cross-sa': {
    counter: 'noSa',
    why: 'associations are found by SPI and destination, as PF_KEY keeps them (RFC 4301 §4.1 allows it): this SPI belongs to another address',
  },
};

/** Packets that only a program which reads whole IP packets would see: the operating system's UDP refuses them first. */
const refusedBySystem = ['udp-length-long'];

const vectors = readFixture<Vectors>('negative-vectors.json');

describe('hostile packets', () => {
  for (const vector of vectors.cases) {
    if (refusedBySystem.includes(vector.id)) continue;
    test(`${vector.id}: ${vector.reason}`, () => runCase(vector));
  }

  test('without selectors inner addresses do not matter to ipsecif: what routing let in is delivered', () => {
    const policyCases = vectors.cases.filter(({ steps }) => steps.some(({ counter }) => counter === 'policy'));
    assert.equal(policyCases.length, 4);
    for (const { id, steps } of policyCases) {
      const datapath = makeReceiver(false);
      deliver(datapath, hexBytes(present(steps[0]?.packet)));
      assert.equal(datapath.tun.written.length, 1, id);
    }
  });
});

describe('replay sequences through the inbound loop', () => {
  for (const sequence of vectors.replaySequences) {
    test(`${sequence.id}: ${sequence.note}`, () => runSequence(sequence));
  }
});

function runCase({ id, steps }: Case): void {
  const datapath = makeReceiver();
  for (const [index, step] of steps.entries()) {
    const before = datapath.allDrops();
    datapath.tun.written = [];
    const packet = step.packet === undefined ? makeLargest(datapath, id) : hexBytes(step.packet);
    if (step.packetSha256 !== undefined) assert.equal(sha256(packet), step.packetSha256, 'the packet is the one meant');
    deliver(datapath, packet);
    const where = `${id}, step ${index + 1}`;
    if (step.expect === 'accept') assertDelivered(datapath, step, where);
    else {
      const counter = present(step.counter);
      const reason = deviations[id]?.counter ?? counterNames[counter] ?? (counter as DropReasonName);
      assert.equal(datapath.tun.written.length, 0, where);
      const expected = { ...before, [reason]: (before[reason] ?? 0) + 1 };
      assert.deepEqual(datapath.allDrops(), expected, where);
      assert.equal(dropReasons[reason].isError, step.expect === 'drop' && !(counter in counterNames), where);
    }
  }
}

function assertDelivered(datapath: TestDatapath, step: Step, where: string): void {
  const [written, ...more] = datapath.tun.written;
  assert.equal(more.length, 0, where);
  const inner = present(written, where).bytes;
  if (step.inner !== undefined) assert.equal(toHex(inner), step.inner, where);
  if (step.innerSha256 !== undefined) assert.equal(sha256(inner), step.innerSha256, where);
  if (step.innerLength !== undefined) assert.equal(inner.length, step.innerLength, where);
}

/** What the operating system would do with a whole packet: find the socket, and take off what that socket does not see. */
function deliver(datapath: TestDatapath, packet: Uint8Array): void {
  const isIpv4 = packet[0]! >>> 4 === 4;
  if (!isIpv4) {
    // A fragment never reaches an ESP socket of IPv6; a capture has it, with its header in front.
    const isFragment = packet[6] === 44;
    const bytes = isFragment ? packet : packet.subarray(40);
    datapath.wire.toReceive.push({ bytes, tos: isFragment ? -1 : 0, sender: outer6.peer });
    datapath.inbound.pump(tokens.esp6, 1000);
    return;
  }
  if (packet[9] !== 17) {
    datapath.wire.toReceive.push({ bytes: packet, tos: -1, sender: outer4.peer });
    datapath.inbound.pump(tokens.esp4, 1000);
    return;
  }
  const bytes = packet.subarray(28, 20 + readU16(packet, 24));
  datapath.wire.toReceive.push({ bytes, tos: packet[1]!, sender: outer4.peer, port: readU16(packet, 20) });
  datapath.inbound.pump(tokens.udp4, 1000);
}

function makeReceiver(hasSelectors = true): TestDatapath {
  const datapath = new TestDatapath();
  const inbound = Object.values(vectors.meta.securityAssociations).map((sa, index) => ({
    ...toAssociation(datapath, sa, index),
    ...(hasSelectors ? { selectors: sa.selectors.map(toSelector) } : {}),
  }));
  const interfaces = [makeInterface(), makeInterface({ slot: 2, name: 'ipsec1', tun: 2, outer: outer6 })];
  datapath.apply(makeSnapshot({ interfaces, inbound }));
  return datapath;
}

function toAssociation(datapath: TestDatapath, sa: VectorSa, index: number): SnapshotAssociation {
  const { encryptionId, ...shape } = suites[sa.encr];
  const { integrityId, icvBytes } = integrities[sa.integ];
  const transform = datapath.transforms.create({
    encryptionId,
    integrityId,
    key: hexBytes(sa.encrKey),
    salt: hexBytes(sa.salt),
    integrityKey: hexBytes(sa.integKey),
    padding: paddingKinds.sequential,
  });
  return makeAssociation({
    ...shape,
    id: index + 1,
    slot: index + 1,
    spi: Number.parseInt(sa.spi, 16),
    transform,
    family: sa.outer.src.includes(':') ? 6 : 4,
    source: ip(sa.outer.src),
    destination: ip(sa.outer.dst),
    udp: sa.encap === null ? null : { sourcePort: sa.encap.sport, destinationPort: sa.encap.dport },
    acceptsEncapsulated: true,
    icvBytes: shape.icvBytes + icvBytes,
    hasEsn: sa.esn,
    replayWindow: sa.window,
    checksPadding: sa.strictPadding,
  });
}

function toSelector({ src, dst }: { readonly src: string; readonly dst: string }): SnapshotSelector {
  const [source = '', sourceLength] = src.split('/');
  const [destination = '', destinationLength] = dst.split('/');
  return {
    family: source.includes(':') ? 6 : 4,
    source: ip(source),
    sourceLength: Number(sourceLength),
    destination: ip(destination),
    destinationLength: Number(destinationLength),
  };
}

/** The two packets near 64 KiB, which the file describes and gives the digest of. */
function makeLargest(datapath: TestDatapath, id: string): Uint8Array {
  const isIpv4 = id === 'max-v4';
  const sa = present(vectors.meta.securityAssociations[isIpv4 ? 'A' : 'E']);
  const payload = Uint8Array.from({ length: isIpv4 ? 65478 - 28 : 65419 }, (_, index) => index & 0xff);
  const inner = buildUdpPacket({
    source: parseIpAddress(isIpv4 ? '198.51.100.10' : '2001:db8:a::10'),
    destination: parseIpAddress(isIpv4 ? '198.51.100.200' : '2001:db8:b::20'),
    sourcePort: 40001,
    destinationPort: isIpv4 ? 40000 : 40002,
    payload,
    hasNoChecksum: true,
    identification: 0x4242,
  });
  if (isIpv4) inner.set([0x9c, 0x42], 22);
  else inner.set([0x12, 0x34], 46);
  const index = Object.keys(vectors.meta.securityAssociations).indexOf(sa.name);
  const packet = { spi: Number.parseInt(sa.spi, 16), sequence: 1, inner, nextHeader: isIpv4 ? 4 : 41, ivLow: 0 };
  const esp = sealEsp(datapath.transforms, index, packet);
  const source = parseIpAddress(sa.outer.src);
  const destination = parseIpAddress(sa.outer.dst);
  return buildIpPacket({ source, destination, protocol: 50, identification: 7 }, esp);
}

function runSequence({ id, window, steps }: ReplaySequence): void {
  const datapath = new TestDatapath();
  const transform = datapath.transforms.create(nullSpec);
  const association = makeAssociation({ ...nullShape, transform, replayWindow: window });
  datapath.apply(makeSnapshot({ inbound: [association] }));
  const inner = buildIpPacket(
    { source: parseIpAddress('10.0.0.1'), destination: parseIpAddress('10.0.0.2'), protocol: 253 },
    new Uint8Array(4),
  );
  for (const [index, [sequence, isIcvGood, expected, counter, topAfter]] of steps.entries()) {
    const where = `${id}, step ${index + 1}, number ${sequence}`;
    const before = datapath.allDrops();
    datapath.tun.written = [];
    const packet = sealEsp(datapath.transforms, transform, { spi: association.spi, sequence, inner });
    if (!isIcvGood) packet[packet.length - 1]! ^= 1;
    datapath.wire.toReceive.push({ bytes: packet, tos: 0, sender: outer4.peer });
    datapath.inbound.pump(tokens.esp4, 1000);
    assert.equal(datapath.tun.written.length, expected === 'accept' ? 1 : 0, where);
    const reason = counter as DropReasonName | null;
    const drops = reason === null ? before : { ...before, [reason]: (before[reason] ?? 0) + 1 };
    assert.deepEqual(datapath.allDrops(), drops, where);
    assert.equal(datapath.associationCell(association.slot, AssociationCell.sequence), topAfter, where);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
