/**
 * Runs of open jobs: both engines give each packet what it gets alone, and find the same packets alike.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { writeU16 } from '#core/base/bytes.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { OpenError, OpenRow, type TransformPort } from '#core/crypto/transform.ts';
import { loadNative, NativeTransform } from '#core/host/linux/native.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { internetChecksum } from '#core/ip/checksum.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { missingForNative } from '#test/support/native-package.ts';
import { openOne, registrySuites, sealed, sealOne, type RegistrySuite } from './transform-job.ts';

const engines: readonly (readonly [name: string, skip: string | false, make: () => TransformPort])[] = [
  ['portable', false, () => new PortableTransform({ fill: (out) => void out.fill(3) })],
  ['native', missingForNative() ?? false, () => new NativeTransform(loadNative())],
];
/** One suite of each way to open: AEADs one by one, other ciphers side by side. */
const suites = ['aes-gcm-16', 'chacha20-poly1305', 'aes-cbc'].map((name) =>
  present(
    registrySuites().find(
      ({ encryption, integrity }) => encryption === name && (integrity !== null || name !== 'aes-cbc'),
    ),
  ),
);

const pairs = {
  4: { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') },
  6: { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') },
} as const;

function inner(family: 4 | 6, identification = 0, change?: (packet: Uint8Array) => void): Uint8Array {
  const payload = new Uint8Array(family === 4 ? 47 : 27).fill(identification);
  const packet = buildUdpPacket({ ...pairs[family], sourcePort: 1, destinationPort: 2, payload, identification });
  change?.(packet);
  return packet;
}

function setByte(at: number, value: number): (packet: Uint8Array) => void {
  return (packet) => {
    packet[at] = value;
    if (packet[0]! >>> 4 !== 4) return;
    writeU16(packet, 10, 0);
    writeU16(packet, 10, internetChecksum(packet, 0, 20));
  };
}

type Run = { readonly rows: Int32Array; readonly arena: Uint8Array; readonly packets: readonly Uint8Array[] };

/** Open these inner packets, sealed with consecutive numbers, as one run; `forged` is the index of one that is forged. */
function openRun(
  engine: TransformPort,
  transform: number,
  inners: readonly Uint8Array[],
  { forged = -1, nextHeader = 4 } = {},
): Run {
  const packets = inners.map((packet, index) => {
    const numbers = { spi: 0x1000, sequenceLow: 5 + index, ivLow: 5 + index };
    const bytes = sealed(sealOne(engine, { transform, inner: packet, nextHeader, ...numbers }), `packet ${index}`);
    if (index === forged) bytes[40]! ^= 1;
    return bytes;
  });
  const length = present(packets[0]).length;
  assert.ok(packets.every((packet) => packet.length === length));
  const arena = Uint8Array.from(packets.flatMap((packet) => [...packet]));
  const rows = new Int32Array(inners.length * OpenRow.stride).fill(77);
  rows.set([0, length, transform, 0, 0, inners.length]);
  engine.open(rows, inners.length, arena);
  return { rows, arena, packets };
}

const alikeCases: readonly (readonly [
  what: string,
  inners: readonly Uint8Array[],
  alike: number,
  nextHeader?: number,
])[] = [
  ['IPv4 packets that differ in identification and payload', [inner(4, 1), inner(4, 2), inner(4, 3)], 3],
  ['IPv6 packets that differ in payload', [inner(6, 1), inner(6, 2)], 2, 41],
  ['a wrong header checksum', [inner(4), inner(4), inner(4, 1, (packet) => void (packet[10]! ^= 1))], 2],
  ['another TOS', [inner(4), inner(4, 1, setByte(1, 4))], 1],
  ['another TTL', [inner(4), inner(4, 1, setByte(8, 9)), inner(4)], 1],
  ['another source', [inner(4), inner(4), inner(4, 1, setByte(15, 9))], 2],
  ['another total length', [inner(4), inner(4, 1, setByte(3, 40))], 1],
  ['another flow label', [inner(6), inner(6, 1, setByte(3, 9))], 1, 41],
  ['IPv4 options', [inner(4, 0, setByte(0, 0x46)), inner(4, 0, setByte(0, 0x46))], 1],
  ['dummies', [inner(4), inner(4)], 1, 59],
];

for (const [name, skip, make] of engines) {
  describe(`a run, ${name} engine`, { skip }, () => {
    test('gives each packet what it gets alone, also beside a forged one', () => {
      for (const suite of suites) for (const forged of [-1, 0, 2, 3]) checkRun(make(), suite, forged);
    });

    for (const [what, inners, alike, nextHeader] of alikeCases) {
      test(`alike: ${what}`, () => {
        for (const { spec } of suites) {
          const engine = make();
          const { rows } = openRun(engine, engine.create(spec), inners, nextHeader === undefined ? {} : { nextHeader });
          assert.equal(rows[OpenRow.outAlike], alike);
        }
      });
    }

    test('a run that goes beyond the arena is refused where it does', () => {
      const engine = make();
      const transform = engine.create(present(suites[0]).spec);
      const packet = sealed(sealOne(engine, { transform, inner: inner(4) }), 'a packet');
      const rows = new Int32Array(3 * OpenRow.stride);
      rows.set([0, packet.length, transform, 0, 0, 3]);
      engine.open(rows, 3, Uint8Array.from([...packet, ...packet, ...packet]).subarray(0, 2 * packet.length + 5));
      const lengths = [0, 1, 2].map((row) => rows[row * OpenRow.stride + OpenRow.outLength]!);
      assert.ok((lengths[0] ?? 0) > 0 && lengths[1] === lengths[0]);
      assert.equal(lengths[2], OpenError.tooShort);
      assert.equal(rows[OpenRow.outAlike], 2);
    });
  });
}

function checkRun(engine: TransformPort, { spec, label }: RegistrySuite, forged: number): void {
  const transform = engine.create(spec);
  const inners = [0, 1, 2, 3].map((identification) => inner(4, identification));
  const { rows, arena, packets } = openRun(engine, transform, inners, { forged });
  for (const [index, packet] of packets.entries()) {
    const at = index * OpenRow.stride;
    const length = rows[at + OpenRow.outLength]!;
    const offset = rows[at + OpenRow.outOffset]!;
    const got = length < 0 ? length : arena.slice(offset, offset + length);
    assert.deepEqual(got, openOne(engine, transform, packet), `${label}, packet ${index}`);
  }
  assert.equal(rows[OpenRow.outAlike], forged < 0 ? 4 : forged, label);
  engine.free(transform);
}
