/**
 * The native engine's border: handles, arguments and counts. What it computes is held equal to the portable engine in
 * test/conformance.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionAlgorithms, integrityAlgorithms } from '#core/crypto/algorithms.ts';
import { OpenError, OpenRow, SealError, SealRow } from '#core/crypto/transform.ts';
import { loadNative } from '#core/host/linux/native.ts';
import { missingForNative } from '#test/support/native-package.ts';

const skip = missingForNative() ?? false;
const none = new Uint8Array(0);

function sealOne(handle: number, source: Uint8Array, destination: Uint8Array): Int32Array {
  const row = new Int32Array(SealRow.stride);
  row[SealRow.sourceLength] = source.length;
  row[SealRow.transform] = handle;
  row[SealRow.nextHeader] = 4;
  row[SealRow.segmentCount] = 1;
  loadNative().sealBatch(row, 1, source, destination);
  return row;
}

test('every row of the registry runs natively', { skip }, () => {
  const { encryption, integrity } = loadNative().transformIds();
  for (const row of Object.values(encryptionAlgorithms)) assert.ok(encryption.includes(row.ikeTransformId), row.label);
  for (const row of Object.values(integrityAlgorithms)) assert.ok(integrity.includes(row.ikeTransformId), row.label);
  assert.ok(integrity.includes(0));
});

test('a handle that was freed fails its jobs, also when its slot is in use again', { skip }, () => {
  const native = loadNative();
  const create = (): number => native.createTransform(20, 0, new Uint8Array(16), new Uint8Array(4), none, 0);
  const stale = create();
  native.freeTransform(stale);
  const handles = Array.from({ length: 50 }, create);
  assert.ok(!handles.includes(stale));
  const sealed = sealOne(stale, new Uint8Array(20), new Uint8Array(100));
  assert.equal(sealed[SealRow.outLength], SealError.noTransform);
  const row = new Int32Array(OpenRow.stride).fill(60);
  row[OpenRow.offset] = 0;
  row[OpenRow.transform] = stale;
  native.openBatch(row, 1, new Uint8Array(100));
  assert.equal(row[OpenRow.outLength], OpenError.noTransform);
  native.freeTransform(stale);
  for (const handle of handles) {
    assert.equal(sealOne(handle, new Uint8Array(20), new Uint8Array(100))[SealRow.outLength], 56);
    native.freeTransform(handle);
  }
});

test('unknown ids and wrong key lengths are told apart, and no key byte is in the message', { skip }, () => {
  const native = loadNative();
  const key = new Uint8Array(17).fill(0xab);
  assert.throws(() => native.createTransform(99, 0, none, none, none, 0), {
    code: 'EOPNOTSUPP',
    message: 'taking 99 for an encryption transform: Operation not supported',
  });
  assert.throws(() => native.createTransform(20, 0, key, new Uint8Array(4), none, 0), {
    code: 'EINVAL',
    errno: 22,
    message: 'taking 17 bytes for a key of [16, 24, 32] bytes: Invalid argument',
  });
});

test('more rows than there are, and an arena sealed into itself, are refused', { skip }, () => {
  const native = loadNative();
  const arena = new Uint8Array(100);
  assert.throws(() => native.sealBatch(new Int32Array(17), 1, arena, new Uint8Array(100)), { code: 'EINVAL' });
  assert.throws(() => native.openBatch(new Int32Array(7), 2, arena), { code: 'EINVAL' });
  const rows = new Int32Array(SealRow.stride);
  assert.throws(() => native.sealBatch(rows, 1, arena, arena.subarray(50)), {
    code: 'EINVAL',
    message: 'sealing from an arena into itself: Invalid argument',
  });
});

test('arenas may be shared memory', { skip }, () => {
  const native = loadNative();
  const handle = native.createTransform(11, 0, none, none, none, 0);
  const source = new Uint8Array(new SharedArrayBuffer(20)).fill(7);
  const destination = new Uint8Array(new SharedArrayBuffer(100));
  const row = sealOne(handle, source, destination);
  assert.equal(row[SealRow.outLength], 32);
  assert.deepEqual([...destination.subarray(8, 32)], [...source, 1, 2, 2, 4]);
  native.freeTransform(handle);
});
