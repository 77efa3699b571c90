import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { createPortableSuite, wipePortableSuite } from '#core/crypto/portable-suite.ts';
import { OpenError, OpenRow, SealError } from '#core/crypto/transform.ts';
import { countingBytes, registrySuites, sealBatch, sealOne } from '#test/conformance/transform-job.ts';
import { present } from '#test/fixtures/read-fixture.ts';

const gcm = present(registrySuites().find((suite) => suite.encryption === 'aes-gcm-16'));
const cbcHmac = present(registrySuites().find((suite) => suite.encryption === 'aes-cbc' && suite.integrity !== null));

test('does not segment: a super-packet answers segmentation and takes no room', () => {
  const engine = new PortableTransform({ fill: () => assert.fail('no randomness is needed') });
  const transform = engine.create(gcm.spec);
  const inner = countingBytes(3000, 1);
  for (const gsoType of [1, 4, 5]) {
    const { results } = sealBatch(engine, [
      { transform, inner, gsoType },
      { transform, inner },
    ]);
    assert.equal(results[0], SealError.segmentation);
    assert.ok(typeof results[1] !== 'number');
  }
});

test('takes the IV of CBC from the randomness port, once a packet', () => {
  let calls = 0;
  const engine = new PortableTransform({
    fill(out) {
      calls++;
      assert.equal(out.length, 16);
      out.fill(0x77);
    },
  });
  const packet = sealOne(engine, { transform: engine.create(cbcHmac.spec), inner: countingBytes(30, 2) });
  assert.ok(typeof packet !== 'number');
  assert.deepEqual(packet.slice(8, 24), new Uint8Array(16).fill(0x77));
  assert.equal(calls, 1);
});

test('free overwrites the keys', () => {
  const suite = createPortableSuite(cbcHmac.spec);
  const saltSuite = createPortableSuite(gcm.spec);
  assert.ok([...suite.key, ...saltSuite.salt].some((byte) => byte !== 0));
  const before = suite.mac?.compute(countingBytes(20, 3), new Uint8Array(0));
  wipePortableSuite(suite);
  wipePortableSuite(saltSuite);
  assert.ok([...suite.key, ...saltSuite.key, ...saltSuite.salt].every((byte) => byte === 0));
  assert.throws(() => assert.deepEqual(suite.mac?.compute(countingBytes(20, 3), new Uint8Array(0)), before));
});

test('a job whose packet does not lie in the arena is refused, not read', () => {
  const engine = new PortableTransform({ fill: () => {} });
  const transform = engine.create(gcm.spec);
  const rows = new Int32Array(OpenRow.stride);
  rows[OpenRow.transform] = transform;
  for (const [offset, length] of [
    [0, 101],
    [60, 41],
    [-1, 50],
    [0, -1],
    [0x7fffffff, 40],
  ] as const) {
    rows[OpenRow.offset] = offset;
    rows[OpenRow.length] = length;
    engine.open(rows, 1, new Uint8Array(100));
    assert.equal(rows[OpenRow.outLength], OpenError.tooShort, `${offset} ${length}`);
  }
});
