/**
 * The conformance suite over the portable engine, and what only this engine can show: IVs from a known source.
 * @module
 */
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { test } from 'node:test';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { espVectors } from './esp-vectors.ts';
import { sealOne } from './transform-job.ts';
import { transformSuite } from './transform-suite.ts';

transformSuite('portable transform', () => new PortableTransform({ fill: (out) => void randomFillSync(out) }));

test('seals the published CBC packets byte for byte when randomness gives their IV', () => {
  const vectors = [...espVectors('esp-vectors.json'), ...espVectors('generated-vectors.json')].filter(
    (vector) => vector.ivBytes === 16,
  );
  assert.ok(vectors.length >= 15, `${vectors.length} vectors`);
  for (const vector of vectors) {
    const engine = new PortableTransform({ fill: (out) => out.set(vector.iv) });
    const { inner, spi, sequenceLow, sequenceHigh, hasEsn, nextHeader } = vector;
    const transform = engine.create(vector.spec);
    const job = { transform, inner, spi, sequenceLow, sequenceHigh, hasEsn, nextHeader };
    assert.deepEqual(sealOne(engine, job), vector.packet, vector.id);
  }
});
