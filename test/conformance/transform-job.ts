/**
 * Seal and open jobs in the words of tests: one packet in, bytes or an error number out, and every suite of the registry.
 * @module
 */
import assert from 'node:assert/strict';
import { encryptionAlgorithms, integrityAlgorithms, encryptionRow, integrityRow } from '#core/crypto/algorithms.ts';
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';
import {
  OpenFlag,
  OpenRow,
  paddingKinds,
  SealFlag,
  SealRow,
  type PaddingKind,
  type TransformPort,
  type TransformSpec,
} from '#core/crypto/transform.ts';

/** What a seal job is about; what is left out is 0. */
export type SealJob = {
  readonly transform: number;
  readonly inner: Uint8Array;
  readonly spi?: number;
  readonly sequenceLow?: number;
  readonly sequenceHigh?: number;
  readonly ivLow?: number;
  readonly ivHigh?: number;
  readonly nextHeader?: number;
  readonly hasEsn?: boolean;
  readonly checksum?: { readonly start: number; readonly offset: number };
  readonly segmentCount?: number;
  readonly gsoType?: number;
  readonly tfc?: { readonly multiple: number; readonly limit: number };
};

/** Bytes between the packets of a source arena: engines must not rely on what lies beside a packet. */
const gap = 3;

/** Run the jobs as one batch into a destination of `room` bytes filled with `fill`. */
export function sealBatch(
  engine: TransformPort,
  jobs: readonly SealJob[],
  room = 1 << 17,
  fill = 0xa5,
): { results: (Uint8Array | number)[]; destination: Uint8Array; rows: Int32Array; source: Uint8Array } {
  const source = new Uint8Array(jobs.reduce((sum, job) => sum + job.inner.length + gap, gap)).fill(0xa5);
  const rows = new Int32Array(jobs.length * SealRow.stride);
  let offset = gap;
  for (const [index, job] of jobs.entries()) {
    source.set(job.inner, offset);
    writeSealRow(rows.subarray(index * SealRow.stride), job, offset);
    offset += job.inner.length + gap;
  }
  const destination = new Uint8Array(room).fill(fill);
  engine.seal(rows, jobs.length, source, destination);
  const results = jobs.map((_job, index) => {
    const row = rows.subarray(index * SealRow.stride, (index + 1) * SealRow.stride);
    const length = row[SealRow.outLength]!;
    const start = row[SealRow.outOffset]!;
    return length < 0 ? length : destination.slice(start, start + length);
  });
  return { results, destination, rows, source };
}

/** Seal one packet: the ESP packet, or a `SealError`. */
export function sealOne(engine: TransformPort, job: SealJob, room?: number): Uint8Array | number {
  return sealBatch(engine, [job], room).results[0] ?? Number.NaN;
}

/** Open one packet in place: the plaintext with its trailer, or an `OpenError`. */
export function openOne(
  engine: TransformPort,
  transform: number,
  packet: Uint8Array,
  sequenceHigh?: number,
): Uint8Array | number {
  const arena = new Uint8Array(packet.length + 8).fill(0xa5);
  arena.set(packet, 5);
  const rows = new Int32Array(OpenRow.stride);
  rows[OpenRow.offset] = 5;
  rows[OpenRow.length] = packet.length;
  rows[OpenRow.transform] = transform;
  rows[OpenRow.sequenceHigh] = sequenceHigh ?? 0;
  rows[OpenRow.flags] = sequenceHigh === undefined ? 0 : OpenFlag.esn;
  engine.open(rows, 1, arena);
  const length = rows[OpenRow.outLength]!;
  const start = rows[OpenRow.outOffset]!;
  return length < 0 ? length : arena.slice(start, start + length);
}

/** A suite of the registry, with keys made of a counter so that no two are alike. */
export type RegistrySuite = {
  readonly label: string;
  readonly encryption: EncryptionAlgorithmName;
  readonly integrity: IntegrityAlgorithmName | null;
  readonly spec: TransformSpec;
};

/** Every pair of rows that makes a suite, every key length: AEADs alone, the others with each integrity and with none. */
export function registrySuites(padding: PaddingKind = paddingKinds.sequential): readonly RegistrySuite[] {
  const suites: RegistrySuite[] = [];
  for (const encryption of Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[]) {
    const row = encryptionRow(encryption);
    const partners = row.kind === 'aead' ? [] : (Object.keys(integrityAlgorithms) as IntegrityAlgorithmName[]);
    for (const integrity of [null, ...partners]) {
      for (const bits of row.keyBits.length === 0 ? [0] : row.keyBits) {
        suites.push(makeSuite(encryption, integrity, bits, padding, suites.length));
      }
    }
  }
  return suites;
}

function makeSuite(
  encryption: EncryptionAlgorithmName,
  integrity: IntegrityAlgorithmName | null,
  bits: number,
  padding: PaddingKind,
  seed: number,
): RegistrySuite {
  const row = encryptionRow(encryption);
  const integrityKeyBytes = integrity === null ? 0 : integrityRow(integrity).keyBits / 8;
  const spec = {
    encryptionId: row.ikeTransformId,
    integrityId: integrity === null ? 0 : integrityRow(integrity).ikeTransformId,
    key: countingBytes(bits / 8, seed),
    salt: countingBytes(row.saltBytes, seed + 100),
    integrityKey: countingBytes(integrityKeyBytes, seed + 200),
    padding,
  };
  return { label: `${encryption} ${bits} ${integrity ?? 'without integrity'}`, encryption, integrity, spec };
}

/** The bytes of a result; an error number fails the test. */
export function sealed(result: Uint8Array | number, what: string): Uint8Array {
  // Not as an argument of assert: the text of a packet would be made each time, and takes longer than to seal it.
  if (typeof result === 'number') assert.fail(`${what}: error ${result}`);
  return result;
}

/** Run `check` for every suite of the registry, on one engine. */
export function forEachSuite(
  makeEngine: () => TransformPort,
  check: (engine: TransformPort, suite: RegistrySuite, transform: number) => void,
): void {
  const engine = makeEngine();
  for (const suite of registrySuites()) check(engine, suite, engine.create(suite.spec));
}

/** Whether forging a packet of the suite can be noticed. */
export function hasIntegrity(suite: RegistrySuite): boolean {
  return suite.integrity !== null || encryptionRow(suite.encryption).kind === 'aead';
}

/** Whether the engine makes up an IV for each packet (RFC 3602 §3): no two seals of one job are then alike. */
export function hasRandomIv(suite: RegistrySuite): boolean {
  const { ivBytes, hasCounterIv } = encryptionRow(suite.encryption);
  return ivBytes > 0 && !hasCounterIv;
}

/** Bytes that differ from their neighbours and from those of another seed. */
export function countingBytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31 + (index >>> 8) * 13 + 1) & 0xff);
}

function writeSealRow(row: Int32Array, job: SealJob, offset: number): void {
  row[SealRow.sourceOffset] = offset;
  row[SealRow.sourceLength] = job.inner.length;
  row[SealRow.transform] = job.transform;
  row[SealRow.spi] = job.spi ?? 0;
  row[SealRow.sequenceLow] = job.sequenceLow ?? 0;
  row[SealRow.sequenceHigh] = job.sequenceHigh ?? 0;
  row[SealRow.ivLow] = job.ivLow ?? 0;
  row[SealRow.ivHigh] = job.ivHigh ?? 0;
  row[SealRow.nextHeader] = job.nextHeader ?? 4;
  row[SealRow.gsoType] = job.gsoType ?? 0;
  row[SealRow.csumStart] = job.checksum?.start ?? 0;
  row[SealRow.csumOffset] = job.checksum?.offset ?? 0;
  row[SealRow.flags] = (job.hasEsn ? SealFlag.esn : 0) | (job.checksum ? SealFlag.needsChecksum : 0);
  row[SealRow.segmentCount] = job.segmentCount ?? 1;
  row[SealRow.tfcMultiple] = job.tfc?.multiple ?? 0;
  row[SealRow.tfcLimit] = job.tfc?.limit ?? 0;
}
