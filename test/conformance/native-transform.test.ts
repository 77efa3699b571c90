/**
 * The conformance suite over the native engine, and its equality with the portable one, byte for byte.
 * @module
 */
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { writeU16 } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import { encryptionAlgorithms, encryptionRow, integrityAlgorithms } from '#core/crypto/algorithms.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { paddingKinds, type TransformPort } from '#core/crypto/transform.ts';
import { loadNative, NativeTransform, type NativePackage } from '#core/host/linux/native.ts';
import { openOne, registrySuites, sealBatch, sealed, type RegistrySuite, type SealJob } from './transform-job.ts';
import { transformSuite } from './transform-suite.ts';

const native = loadIfBuilt();

if (native === null) {
  test(
    'native transform',
    { skip: 'the native package tun-tap is not built here; npm run test:native builds it' },
    () => {},
  );
} else {
  transformSuite('native transform', () => new NativeTransform(native));
  describe('native and portable transform', () => equalityTests(native));
}

function loadIfBuilt(): NativePackage | null {
  try {
    return loadNative();
  } catch (error) {
    if (error instanceof IpsecError && error.code === 'HOST_NO_NATIVE') return null;
    throw error;
  }
}

function equalityTests(native: NativePackage): void {
  test('the native engine runs every row of the registry', () => {
    const { encryption, integrity } = native.transformIds();
    for (const row of Object.values(encryptionAlgorithms))
      assert.ok(encryption.includes(row.ikeTransformId), row.label);
    for (const row of Object.values(integrityAlgorithms)) assert.ok(integrity.includes(row.ikeTransformId), row.label);
  });

  for (const suite of registrySuites()) {
    const { hasCounterIv, ivBytes } = encryptionRow(suite.encryption);
    if (hasCounterIv || ivBytes === 0) {
      test(`seal the same bytes and open each other's: ${suite.label}`, () => sealAlike(native, suite));
    } else {
      test(`open each other's packets: ${suite.label}`, () => openEachOther(native, suite));
    }
  }

  test('seal the same bytes with zero padding', () => {
    for (const suite of registrySuites(paddingKinds.zero)) {
      const { hasCounterIv, ivBytes } = encryptionRow(suite.encryption);
      if (hasCounterIv || ivBytes === 0) sealAlike(native, suite, 60);
    }
  });

  test('answer the same to packets of random length and content', () => {
    const [left, right] = enginePair(native);
    for (const suite of registrySuites()) {
      const [onLeft, onRight] = [left.create(suite.spec), right.create(suite.spec)];
      for (let length = 0; length < 120; length++) {
        const packet = randomBytes(length);
        const results = [openOne(left, onLeft, packet), openOne(right, onRight, packet)];
        assert.deepEqual(results[0], results[1], `${suite.label}, ${length} bytes`);
      }
    }
  });
}

/** Both engines seal the same jobs to the same bytes, and each opens them to the same plaintext. */
function sealAlike(native: NativePackage, suite: RegistrySuite, limit = 9000): void {
  const engines = enginePair(native);
  const handles = engines.map((engine) => engine.create(suite.spec));
  for (const job of randomJobs(limit)) {
    const [a, b] = engines.map((engine, index) => runSeal(engine, { ...job, transform: handles[index] ?? -1 }));
    assert.deepEqual(a, b, `${suite.label}, ${job.inner.length} bytes`);
    checkOpen(engines, handles, job, sealed(a ?? Number.NaN, suite.label));
  }
}

/** Where IVs are random: what one sealed, both open to the same plaintext. */
function openEachOther(native: NativePackage, suite: RegistrySuite): void {
  const engines = enginePair(native);
  const handles = engines.map((engine) => engine.create(suite.spec));
  for (const job of randomJobs(9000)) {
    for (const [index, engine] of engines.entries()) {
      const packet = runSeal(engine, { ...job, transform: handles[index] ?? -1 });
      checkOpen(engines, handles, job, sealed(packet, suite.label));
    }
  }
}

function checkOpen(
  engines: readonly TransformPort[],
  handles: readonly number[],
  job: RandomJob,
  packet: Uint8Array,
): void {
  const [a, b] = engines.map((engine, index) =>
    openOne(engine, handles[index] ?? -1, packet, job.hasEsn ? job.sequenceHigh : undefined),
  );
  const opened = sealed(a ?? Number.NaN, `open ${job.inner.length} bytes`);
  assert.deepEqual(a, b);
  if (job.checksum === undefined) assert.deepEqual(opened.slice(0, job.inner.length), job.inner);
}

type RandomJob = Required<Omit<SealJob, 'transform' | 'checksum' | 'segmentCount' | 'gsoType'>> &
  Pick<SealJob, 'checksum'>;

/** Every length to 100, the last ones to `limit`, and random ones between; random words; one in three with a partial checksum. */
function* randomJobs(limit: number): Generator<RandomJob> {
  const lengths = new Set<number>();
  for (let length = 0; length <= Math.min(100, limit); length++) lengths.add(length);
  for (let length = Math.max(0, limit - 8); length <= limit; length++) lengths.add(length);
  for (let count = 0; count < 50; count++) lengths.add(randomWord() % (limit + 1));
  for (const length of lengths) yield randomJob(length);
}

function randomJob(length: number): RandomJob {
  const inner = randomBytes(length);
  const hasChecksum = length >= 40 && randomWord() % 3 === 0;
  if (hasChecksum) writeU16(inner, 36, randomWord());
  return {
    inner,
    spi: randomWord(),
    sequenceLow: randomWord(),
    sequenceHigh: randomWord(),
    ivLow: randomWord(),
    ivHigh: randomWord(),
    nextHeader: [4, 41, 59][randomWord() % 3] ?? 4,
    hasEsn: randomWord() % 2 === 0,
    ...(hasChecksum ? { checksum: { start: 20, offset: randomWord() % 2 === 0 ? 16 : 6 } } : {}),
  };
}

function runSeal(engine: TransformPort, job: SealJob): Uint8Array | number {
  return sealBatch(engine, [job], job.inner.length + 128).results[0] ?? Number.NaN;
}

function enginePair(native: NativePackage): readonly [TransformPort, TransformPort] {
  return [new NativeTransform(native), new PortableTransform({ fill: (out) => void randomFillSync(out) })];
}

function randomBytes(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

function randomWord(): number {
  return randomFillSync(new Uint32Array(1))[0]!;
}
