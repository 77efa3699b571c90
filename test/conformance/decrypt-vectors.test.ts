/**
 * The packets of test/fixtures through `culvert decrypt`'s way: written into captures of every link type, decrypted with
 * associations from setkey text, with the exact verdict and inner packet of each.
 *
 * A capture begins somewhere in the life of an association. Where that is behind its first 2³² packets, the high word
 * of the start has to be told.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { readAssociations } from '#core/capture/association-file.ts';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import { Decrypter, type DecryptedPacket, type DecryptVerdict } from '#core/capture/decrypter.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';
import { canCarry, frameMakers, makePcap, Order, type FrameMaker } from '#test/support/capture/capture-maker.ts';
import { encryptionNames, integrityNames } from './esp-vectors.ts';

type Suite = { readonly encr: string; readonly integ: string };
type Keys = { readonly encrKey: string; readonly salt: string; readonly integKey: string };
type Ports = { readonly sport: number; readonly dport: number };
type Outer = { readonly src: string; readonly dst: string } & Partial<Ports>;
type Generated = Keys & {
  readonly id: string;
  readonly algorithm: Suite;
  readonly spi: string;
  readonly seqLow: string;
  readonly seqHigh: string | null;
  readonly esn: boolean;
  readonly outer: Outer;
  readonly innerPacket: string;
  readonly outerPacket: string;
};
type VectorSa = Suite &
  Keys & {
    readonly spi: string;
    readonly esn: boolean;
    readonly window: number;
    readonly outer: Outer;
    readonly encap: Ports | null;
  };
type Step = {
  readonly packet?: string;
  readonly expect: string;
  readonly counter: string | null;
  readonly inner?: string;
};
type Case = { readonly id: string; readonly reason: string; readonly steps: readonly Step[] };
type Negative = {
  readonly meta: { readonly securityAssociations: Readonly<Record<string, VectorSa>> };
  readonly cases: readonly Case[];
};

function addStatement(suite: Suite, keys: Keys, outer: Outer, more: string): string {
  const [source, destination] = [endpoint(outer.src, outer.sport), endpoint(outer.dst, outer.dport)];
  const protocol = outer.sport === undefined ? 'esp' : 'esp-udp';
  const key = keys.encrKey + keys.salt;
  const cipher = `-E ${present(encryptionNames[suite.encr])} ${key === '' ? '' : `0x${key}`}`;
  const integrity = present(integrityNames[suite.integ] ?? 'none');
  const check = integrity === 'none' ? '' : `-A ${integrity} 0x${keys.integKey}`;
  return `add ${source} ${destination} ${protocol} ${more} ${cipher} ${check} ;\n`;
}

function endpoint(address: string, port: number | undefined): string {
  return port === undefined ? address : `${address}[${port}]`;
}

function parse(text: string): readonly SecurityAssociation[] {
  const { associations, failures } = readAssociations(text);
  assert.deepEqual(failures, []);
  return associations;
}

function makeDecrypter(
  associations: readonly SecurityAssociation[],
  startSequences?: ReadonlyMap<number, bigint>,
): Decrypter {
  const transforms = new PortableTransform(new SeededRandom(1));
  const options = { associations, transforms, checksReplay: true };
  return new Decrypter(startSequences === undefined ? options : { ...options, startSequences });
}

function decryptAll(decrypter: Decrypter, file: Uint8Array): DecryptedPacket[] {
  return Array.from(readCapture(inputOfBytes(file)), (record) => decrypter.decrypt(record));
}

/** One pcapng file with an interface for each link type, and each packet once on every one that can carry it. */
function makeMixedCapture(packets: readonly Uint8Array[], makers: readonly FrameMaker[], isBig: boolean): Buffer {
  const order = new Order(isBig);
  const interfaces = makers.map(({ linkType }) => order.interface(linkType));
  const blocks = packets.flatMap((packet) =>
    makers.flatMap((maker, id) => (canCarry(maker, packet) ? [order.enhanced(id, maker.frame(packet))] : [])),
  );
  return Buffer.concat([order.section(), ...interfaces, ...blocks]);
}

describe('generated packets', () => {
  const { vectors } = readFixture<{ vectors: Generated[] }>('generated-vectors.json');
  const text = vectors
    .map((row) => addStatement(row.algorithm, row, row.outer, `0x${row.spi} ${row.esn ? '-esn' : ''}`))
    .join('');
  const associations = parse(text);
  const packets = vectors.map((row) => ({ bytes: hexBytes(row.outerPacket) }));
  const highOf = (row: Generated): number => parseInt(row.seqHigh ?? '0', 16);
  const wholeOf = (row: Generated): bigint => BigInt(`0x${row.seqHigh ?? '0'}${row.seqLow}`);

  test('there are 44, of which 4 have numbers from 2⁵³ on', () => {
    const isLarge = (row: Generated): boolean => wholeOf(row) >= 1n << 53n;
    assert.deepEqual([vectors.length, vectors.filter(isLarge).length], [44, 4]);
  });

  for (const maker of frameMakers) {
    test(`each comes out of ${maker.name} exactly`, () => {
      const chosen = vectors.filter((row) => canCarry(maker, hexBytes(row.outerPacket)));
      const starts = new Map(chosen.map((row) => [parseInt(row.spi, 16), BigInt(highOf(row)) << 32n]));
      const frames = chosen.map((row) => ({ bytes: maker.frame(hexBytes(row.outerPacket)) }));
      const decrypted = decryptAll(makeDecrypter(associations, starts), makePcap(frames, maker));
      for (const [index, row] of chosen.entries()) {
        const { inner, sequence, ...rest } = present(decrypted[index]);
        assert.deepEqual(
          { ...rest, sequence: BigInt(present(sequence)), inner: inner === null ? null : toHex(inner) },
          {
            index,
            verdict: 'accept',
            source: row.outer.src,
            destination: row.outer.dst,
            isUdp: row.outer.sport !== undefined,
            spi: parseInt(row.spi, 16),
            sequence: wholeOf(row),
            inner: row.innerPacket,
          },
          row.id,
        );
      }
    });
  }

  test('without the high word of its start an association accepts nothing that comes later', () => {
    const verdicts = decryptAll(makeDecrypter(associations), makePcap(packets)).map(({ verdict }) => verdict);
    for (const [index, row] of vectors.entries()) {
      assert.equal(verdicts[index] === 'accept', highOf(row) === 0, row.id);
    }
  });
});

describe('hostile packets', () => {
  const { meta, cases } = readFixture<Negative>('negative-vectors.json');
  const text = Object.values(meta.securityAssociations)
    .map((sa) => {
      const outer = sa.encap === null ? sa.outer : { ...sa.outer, ...sa.encap };
      return addStatement(sa, sa, outer, `0x${sa.spi} ${sa.esn ? '-esn' : ''} -r ${sa.window / 8}`);
    })
    .join('');
  const associations = parse(text);
  /** The same drop under the name that Culvert has for it (hostile-packets.test.ts says why). */
  const renamed: Readonly<Record<string, DecryptVerdict>> = { ikeTooShort: 'toIke', ikeMalformed: 'toIke' };
  const otherwise: Readonly<Record<string, DecryptVerdict>> = { 'spi-cross-sa': 'noSa' };

  for (const { id, reason, steps } of cases) {
    // Two packets near 64 KiB are described instead of given, and inner selectors are nothing that setkey text has.
    if (steps.some(({ packet, counter }) => packet === undefined || counter === 'policy')) continue;
    test(`${id}: ${reason}`, () => {
      for (const maker of frameMakers) {
        const packets = steps.map(({ packet }) => hexBytes(present(packet)));
        if (!packets.every((packet) => canCarry(maker, packet))) continue;
        const frames = packets.map((packet) => ({ bytes: maker.frame(packet) }));
        const decrypted = decryptAll(makeDecrypter(associations), makePcap(frames, maker));
        assert.deepEqual(
          decrypted.map(({ verdict, inner }) => [verdict, inner === null ? null : toHex(inner)]),
          steps.map((step) => expected(id, step)),
          maker.name,
        );
      }
    });
  }

  function expected(id: string, { expect, counter, inner }: Step): [DecryptVerdict, string | null] {
    if (expect === 'accept') return ['accept', present(inner)];
    const name = present(counter);
    return [otherwise[id] ?? renamed[name] ?? (name as DecryptVerdict), null];
  }

  test('four cases are about inner selectors, and two are described only', () => {
    const isLeftOut = ({ packet, counter }: Step): boolean => packet === undefined || counter === 'policy';
    assert.equal(cases.filter(({ steps }) => steps.some(isLeftOut)).length, 6);
    assert.equal(cases.length, 108);
  });

  for (const isBig of [false, true]) {
    test(`the same packet on every interface of one file is accepted once (${isBig ? 'big' : 'little'}-endian)`, () => {
      const good = present(cases.find(({ id }) => id === 'frag-df-ok')?.steps[0]);
      const file = makeMixedCapture([hexBytes(present(good.packet))], frameMakers, isBig);
      const [first, ...repeated] = decryptAll(makeDecrypter(associations), file);
      assert.equal(first?.verdict, 'accept');
      // All link types but raw IPv6.
      assert.deepEqual(
        repeated.map(({ verdict }) => verdict),
        Array.from({ length: frameMakers.length - 2 }, () => 'replayDup'),
      );
    });
  }
});
