/**
 * Part of the conformance suite of engines: what must not be accepted.
 * Run it through transform-suite.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readU32 } from '#core/base/bytes.ts';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { espHeaderBytes, suiteShape } from '#core/crypto/suite-shape.ts';
import { OpenError, type TransformPort } from '#core/crypto/transform.ts';
import { countingBytes, forEachSuite, hasIntegrity, openOne, sealed, sealOne } from './transform-job.ts';

/** Register the tests. */
export function integrityTests(makeEngine: () => TransformPort): void {
  test('refuses a packet with any one byte changed, SPI to ICV', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      if (!hasIntegrity(suite)) return;
      const packet = sealed(sealOne(engine, { transform, inner: countingBytes(45, 1), spi: 0x1001 }), suite.label);
      for (let index = 0; index < packet.length; index++) {
        const forged = packet.slice();
        forged[index]! ^= 1 << (index & 7);
        assert.equal(openOne(engine, transform, forged), OpenError.authentication, `${suite.label}, byte ${index}`);
      }
      assert.ok(typeof openOne(engine, transform, packet) !== 'number');
    });
  });

  test('refuses every truncation, for the first reason in the order length, alignment, ICV', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const { ivBytes, icvBytes } = suiteShape(suite.encryption, suite.integrity);
      const packet = sealed(sealOne(engine, { transform, inner: countingBytes(75, 2) }), suite.label);
      const { kind, blockBytes } = encryptionRow(suite.encryption);
      const openBlockBytes = kind === 'cipher' ? blockBytes : 1;
      for (let length = 0; length < packet.length; length++) {
        const body = length - espHeaderBytes - ivBytes - icvBytes;
        const result = openOne(engine, transform, packet.slice(0, length));
        const what = `${suite.label}, ${length} bytes`;
        if (body < 2) assert.equal(result, OpenError.tooShort, what);
        else if (body % openBlockBytes !== 0) assert.equal(result, OpenError.alignment, what);
        else if (hasIntegrity(suite)) assert.equal(result, OpenError.authentication, what);
        else assert.ok(typeof result !== 'number' && result.length === body, what);
      }
    });
  });

  test('the high word of an extended sequence number is authenticated and not sent (RFC 4303 §2.2.1)', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      const job = { transform, inner: countingBytes(64, 3), spi: 0xfedcba98, sequenceLow: 0xffffffff };
      const high = 0x89abcdef;
      const extended = sealed(sealOne(engine, { ...job, sequenceHigh: high, hasEsn: true }), suite.label);
      const plain = sealed(sealOne(engine, { ...job, sequenceHigh: high }), suite.label);
      assert.equal(extended.length, plain.length);
      assert.equal(readU32(extended, 0), 0xfedcba98);
      assert.equal(readU32(extended, 4), 0xffffffff);
      assert.ok(typeof openOne(engine, transform, extended, high) !== 'number', suite.label);
      assert.ok(typeof openOne(engine, transform, plain) !== 'number', suite.label);
      if (!hasIntegrity(suite)) return;
      assert.equal(openOne(engine, transform, extended, high + 1), OpenError.authentication, suite.label);
      assert.equal(openOne(engine, transform, extended), OpenError.authentication, suite.label);
      assert.equal(openOne(engine, transform, plain, high), OpenError.authentication, suite.label);
    });
  });

  test('refuses a packet sealed with another key', () => {
    forEachSuite(makeEngine, (engine, suite, transform) => {
      if (!hasIntegrity(suite)) return;
      const packet = sealed(sealOne(engine, { transform, inner: countingBytes(60, 4) }), suite.label);
      const secret = suite.integrity === null ? 'key' : 'integrityKey';
      const otherKey = suite.spec[secret].slice();
      otherKey[0]! ^= 0x80;
      const other = engine.create({ ...suite.spec, [secret]: otherKey });
      assert.equal(openOne(engine, other, packet), OpenError.authentication, suite.label);
    });
  });
}
