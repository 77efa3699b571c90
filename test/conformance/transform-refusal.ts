/**
 * Part of the conformance suite of engines: jobs and suites that must be refused.
 * Run it through transform-suite.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { SealError, type TransformPort } from '#core/crypto/transform.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { countingBytes, forEachSuite, registrySuites, sealBatch, sealed, sealOne } from './transform-job.ts';

/** Register the tests. */
export function refusalTests(makeEngine: () => TransformPort): void {
  test('refuses what does not fit the destination, and the jobs behind it still run', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const small = { transform, inner: countingBytes(20, 9) };
      const length = sealed(sealOne(engine, small), suite.label).length;
      assert.equal(sealed(sealOne(engine, small, length), suite.label).length, length);
      assert.equal(sealOne(engine, small, length - 1), SealError.tooLong, suite.label);
      const { results } = sealBatch(engine, [{ transform, inner: countingBytes(500, 9) }, small], length);
      assert.equal(results[0], SealError.tooLong, suite.label);
      assert.equal(sealed(results[1] ?? Number.NaN, suite.label).length, length);
    });
  });

  test('refuses a packet that would have more than 65535 octets', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      assert.equal(
        sealOne(engine, { transform, inner: new Uint8Array(65535) }, 1 << 17),
        SealError.tooLong,
        suite.label,
      );
      assert.ok(typeof sealOne(engine, { transform, inner: new Uint8Array(65400) }, 1 << 17) !== 'number', suite.label);
    });
  });

  test('refuses a segment count that differs from its own, and a checksum outside the packet', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const inner = countingBytes(60, 10);
      for (const segmentCount of [0, 2, -1]) {
        assert.equal(sealOne(engine, { transform, inner, segmentCount }), SealError.segmentation, suite.label);
      }
      for (const checksum of [
        { start: 20, offset: 40 },
        { start: 60, offset: 6 },
        { start: 0, offset: 6 },
        { start: 20, offset: 7 },
      ]) {
        assert.equal(sealOne(engine, { transform, inner, checksum }), SealError.segmentation, suite.label);
      }
    });
  });

  test('create refuses what it does not run, and says no key byte', () => {
    const engine = makeEngine();
    const gcm = present(registrySuites().find((suite) => suite.encryption === 'aes-gcm-16')).spec;
    const cbc = present(registrySuites().find((suite) => suite.integrity === 'hmac-sha256')).spec;
    const refusals = [
      [{ ...gcm, encryptionId: 1023 }, 'ALGORITHM_UNKNOWN'],
      [{ ...gcm, encryptionId: 0 }, 'ALGORITHM_UNKNOWN'],
      [{ ...cbc, integrityId: 1 }, 'ALGORITHM_UNKNOWN'],
      [{ ...gcm, integrityId: cbc.integrityId, integrityKey: cbc.integrityKey }, 'ALGORITHM_UNKNOWN'],
      [{ ...gcm, key: new Uint8Array(17).fill(0x5e) }, 'KEY_LENGTH'],
      [{ ...gcm, key: new Uint8Array(0) }, 'KEY_LENGTH'],
      [{ ...gcm, salt: new Uint8Array(3) }, 'KEY_LENGTH'],
      [{ ...cbc, integrityKey: new Uint8Array(31).fill(0x5e) }, 'KEY_LENGTH'],
    ] as const;
    for (const [spec, code] of refusals) {
      assert.throws(
        () => engine.create(spec),
        (error) => error instanceof IpsecError && error.code === code && !JSON.stringify(error).includes('5e5e'),
        `${code} for ${spec.encryptionId}/${spec.integrityId}`,
      );
    }
  });
}
