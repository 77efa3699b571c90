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
import { present } from '#test/fixtures/read-fixture.ts';
import {
  hasRandomIv,
  openOne,
  registrySuites,
  sealBatch,
  sealed,
  type RegistrySuite,
  type SealJob,
} from './transform-job.ts';
import { transformSuite } from './transform-suite.ts';

const longest = 9000;

/** What each row may take; `CULVERT_ALL_LENGTHS=1` takes every length, however long it takes. */
const secondsPerRow = process.env['CULVERT_ALL_LENGTHS'] === '1' ? Number.POSITIVE_INFINITY : 1.5;

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

  for (const [row, suites] of suitesByRow()) {
    test(`seal lengths from 0 to ${longest} to the same bytes, and open each other's: ${row}`, (context) => {
      const lengths = sealEveryLength(native, suites);
      context.diagnostic(`${lengths} of ${longest + 1} lengths, over ${suites.length} suites`);
      assert.ok(lengths >= 20, `only ${lengths} lengths`);
    });
  }

  test('seal the same bytes in every suite, with each kind of padding that can be foretold', () => {
    for (const padding of [paddingKinds.sequential, paddingKinds.zero]) {
      for (const suite of registrySuites(padding)) {
        const pair = new EnginePair(native, suite);
        for (const length of [...Array(40).keys(), longest]) pair.check(randomJob(length));
      }
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

/** The suites of each row of the registry: all key lengths and partners of a cipher, and for a MAC those without encryption. */
function suitesByRow(): ReadonlyMap<string, readonly RegistrySuite[]> {
  const all = registrySuites();
  return new Map([
    ...Object.keys(encryptionAlgorithms).map(
      (name) => [`-E ${name}`, all.filter((suite) => suite.encryption === name)] as const,
    ),
    ...Object.keys(integrityAlgorithms).map((name) => {
      const bare = all.filter(({ encryption, integrity }) => integrity === name && encryption === 'null');
      return [`-A ${name}`, bare] as const;
    }),
  ]);
}

/**
 * Each length once, the suites of the row taking turns, until the time is up. The lengths come in an order that is
 * spread over the whole range and starts elsewhere each time, so that runs that are cut short add up. Gives how many.
 */
function sealEveryLength(native: NativePackage, suites: readonly RegistrySuite[]): number {
  const pairs = suites.map((suite) => new EnginePair(native, suite));
  const start = randomWord();
  const end = performance.now() + secondsPerRow * 1000;
  // 4001 and 9001 have no common divisor, so every length comes once.
  for (let count = 0; count <= longest; count++) {
    if (performance.now() > end) return count;
    const length = (start + count * 4001) % (longest + 1);
    present(pairs[count % pairs.length]).check(randomJob(length));
  }
  return longest + 1;
}

/** One suite in both engines. The portable one draws the IV that the native one drew, so that CBC can be compared too. */
class EnginePair {
  readonly #suite: RegistrySuite;
  readonly #engines: readonly [native: TransformPort, portable: TransformPort];
  readonly #handles: readonly [number, number];
  #iv: Uint8Array;

  constructor(native: NativePackage, suite: RegistrySuite) {
    this.#suite = suite;
    this.#iv = new Uint8Array(0);
    const portable = new PortableTransform({ fill: (out) => out.set(this.#iv) });
    this.#engines = [new NativeTransform(native), portable];
    this.#handles = [this.#engines[0].create(suite.spec), portable.create(suite.spec)];
  }

  /** Both seal the job to the same bytes, and both open them to the same plaintext. */
  check(job: RandomJob): void {
    const what = `${this.#suite.label}, ${job.inner.length} bytes`;
    const packet = sealed(runSeal(this.#engines[0], { ...job, transform: this.#handles[0] }), what);
    if (hasRandomIv(this.#suite)) this.#iv = packet.slice(8, 8 + encryptionRow(this.#suite.encryption).ivBytes);
    assertSame(runSeal(this.#engines[1], { ...job, transform: this.#handles[1] }), packet, what);
    const high = job.hasEsn ? job.sequenceHigh : undefined;
    const opened = sealed(openOne(this.#engines[0], this.#handles[0], packet, high), what);
    assertSame(openOne(this.#engines[1], this.#handles[1], packet, high), opened, what);
    if (job.checksum === undefined) assertSame(opened.subarray(0, job.inner.length), job.inner, what);
  }
}

/** As deepEqual, which takes as long for packets of thousands of bytes as the engines do. */
function assertSame(actual: Uint8Array | number, expected: Uint8Array, what: string): void {
  if (typeof actual !== 'number' && Buffer.compare(actual, expected) === 0) return;
  assert.deepEqual(actual, expected, what);
}

type RandomJob = Required<Omit<SealJob, 'transform' | 'checksum' | 'segmentCount' | 'gsoType'>> &
  Pick<SealJob, 'checksum'>;

/** Random words; one in three long ones has a partial checksum. */
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
    // Padding for one in four.
    tfc: { multiple: randomWord() % 4 === 0 ? randomWord() % 2000 : 0, limit: randomWord() % 12_000 },
    ...(hasChecksum ? { checksum: { start: 20, offset: randomWord() % 2 === 0 ? 16 : 6 } } : {}),
  };
}

function runSeal(engine: TransformPort, job: SealJob): Uint8Array | number {
  return sealBatch(engine, [job], job.inner.length + (job.tfc?.multiple ?? 0) + 128).results[0] ?? Number.NaN;
}

function enginePair(native: NativePackage): readonly [TransformPort, TransformPort] {
  return [new NativeTransform(native), new PortableTransform({ fill: (out) => void randomFillSync(out) })];
}

function randomBytes(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

const words = new Uint32Array(1024);
let nextWord = words.length;

function randomWord(): number {
  if (nextWord === words.length) {
    randomFillSync(words);
    nextWord = 0;
  }
  return words[nextWord++]!;
}
