import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { createPortableSuite } from '#core/crypto/portable-suite.ts';
import { suiteShape } from '#core/crypto/suite-shape.ts';
import { registrySuites } from '#test/conformance/transform-job.ts';
import { present } from '#test/fixtures/read-fixture.ts';

test('has the lengths that the registry says, for every suite', () => {
  assert.equal(registrySuites().length, 93);
  for (const entry of registrySuites()) {
    const { ivBytes, icvBytes, blockBytes } = createPortableSuite(entry.spec);
    assert.deepEqual({ ivBytes, icvBytes, blockBytes }, suiteShape(entry.encryption, entry.integrity), entry.label);
  }
});

test('refuses an integrity algorithm beside an AEAD', () => {
  const gcm = present(registrySuites().find((suite) => suite.encryption === 'aes-gcm-16')).spec;
  assert.throws(
    () => createPortableSuite({ ...gcm, integrityId: 12, integrityKey: new Uint8Array(32) }),
    (error) => error instanceof IpsecError && error.code === 'ALGORITHM_UNKNOWN',
  );
});

test('refuses a key without its algorithm', () => {
  const cbc = present(registrySuites().find((suite) => suite.label === 'aes-cbc 128 without integrity')).spec;
  assert.throws(
    () => createPortableSuite({ ...cbc, integrityKey: new Uint8Array(20) }),
    (error) => error instanceof IpsecError && error.code === 'KEY_LENGTH' && error.details['field'] === 'integrityKey',
  );
});
