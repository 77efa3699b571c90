/**
 * The adapters over the native package: arguments in order, reads reported, refusals in our words and without keys.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeNative, nativeError } from '#test/support/fake-native.ts';
import type { ErrorCode } from '#core/base/error.ts';
import { IpsecError } from '#core/base/error.ts';
import {
  checkLayout,
  hostError,
  NativeThread,
  NativeTransform,
  NativeTun,
  NativeWire,
} from '#core/host/linux/native.ts';

const arena = new Uint8Array(8);
const rows = new Int32Array(8);

test('each read of a device or socket is reported with its result', () => {
  const reports: number[][] = [];
  const report = (token: number, result: number) => reports.push([token, result]);
  const native = fakeNative({ readTun: () => -5, receive: () => 3 });
  assert.equal(new NativeTun(native, report).read(7, arena, rows, 1), -5);
  assert.equal(new NativeWire(native, report).receive(8, arena, rows, arena, 1), 3);
  assert.deepEqual(reports, [
    [7, -5],
    [8, 3],
  ]);
});

test('the MTU of a path is what the package says, an errno included', () => {
  const native = fakeNative({ pathMtu: (socket, _addresses, address) => (socket === 8 ? 1280 + address : -9) });
  const wire = new NativeWire(native, () => undefined);
  assert.deepEqual([wire.pathMtu(8, arena, 2), wire.pathMtu(9, arena, 2)], [1282, -9]);
});

test('a package of another layout is refused, and so is one from before there was a number', () => {
  const current = { layoutVersion: () => 11 };
  assert.equal(checkLayout(current), current);
  for (const stale of [{}, { layoutVersion: () => 0 }, { layoutVersion: () => 10 }]) {
    assert.throws(() => checkLayout(stale), {
      code: 'HOST_NO_NATIVE',
      message: /built from other sources.*build it anew/,
    });
  }
});

test('a thread has no times where the package gives none, and is left alone where it may not be scheduled', () => {
  const kept = new NativeThread(fakeNative({ threadTimes: () => [12.5, 3, 40], setBatchThread: (isBatch) => isBatch }));
  assert.deepEqual(kept.times(), { ranMs: 12.5, waitedMs: 3, turns: 40 });
  assert.equal(kept.setBatch(true), true);
  const refused = (): never => {
    throw nativeError('EPERM', 'setting a scheduling policy: Operation not permitted');
  };
  const none = new NativeThread(fakeNative({ threadTimes: () => [], setBatchThread: refused }));
  assert.deepEqual([none.times(), none.setBatch(true)], [null, false]);
});

test('rows and arenas go through in the order that the package wants', () => {
  const calls: unknown[][] = [];
  const record =
    (name: string) =>
    (...args: readonly unknown[]): void =>
      void calls.push([name, ...args]);
  const native = fakeNative({
    writeTun: record('writeTun'),
    send: record('send'),
    sealBatch: record('sealBatch'),
    openBatch: record('openBatch'),
    freeTransform: record('freeTransform'),
  });
  const other = new Uint8Array(1);
  new NativeTun(native, () => undefined).write(rows, 1, arena);
  new NativeWire(native, () => undefined).send(rows, 2, arena, other);
  const transforms = new NativeTransform(native);
  transforms.seal(rows, 3, arena, other);
  transforms.open(rows, 4, arena);
  transforms.free(5);
  assert.deepEqual(calls, [
    ['writeTun', rows, 1, arena],
    ['send', rows, 2, arena, other],
    ['sealBatch', rows, 3, arena, other],
    ['openBatch', rows, 4, arena],
    ['freeTransform', 5],
  ]);
});

const refusals: readonly { readonly errno: string; readonly code: ErrorCode }[] = [
  { errno: 'EPERM', code: 'HOST_DENIED' },
  { errno: 'EACCES', code: 'HOST_DENIED' },
  { errno: 'EBUSY', code: 'HOST_NAME_TAKEN' },
  { errno: 'ENOMEM', code: 'HOST_FAILED' },
];

for (const { errno, code } of refusals) {
  test(`${errno} from the system becomes ${code} with what was being done`, () => {
    const error = hostError('ipsec0: create', nativeError(errno, 'opening: no'), { EBUSY: 'HOST_NAME_TAKEN' });
    assert.deepEqual([error.code, error.message], [code, 'ipsec0: create: opening: no']);
  });
}

test('a transform that the package refuses names the algorithms and lengths, never the key', () => {
  const key = new Uint8Array(16).fill(0xab);
  const spec = { encryptionId: 20, integrityId: 0, key, salt: key, integrityKey: key, padding: 0 } as const;
  for (const [errno, code] of [
    ['EINVAL', 'KEY_LENGTH'],
    ['EOPNOTSUPP', 'ALGORITHM_UNKNOWN'],
  ] as const) {
    const native = fakeNative({
      createTransform() {
        throw nativeError(errno, 'key abababab');
      },
    });
    assert.throws(
      () => new NativeTransform(native).create(spec),
      (error) => error instanceof IpsecError && error.code === code && !/abab/.test(JSON.stringify(error)),
    );
  }
});
