import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integrityAlgorithms } from '#core/crypto/algorithms.ts';
import { equalIcvs, portableIntegrity } from '#core/crypto/portable-integrity.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

type Row = {
  id: string;
  level: string;
  algorithm: { integ: string };
  key: string;
  data: string;
  output: string;
  icv: string;
};
const { vectors } = readFixture<{ vectors: Row[] }>('esp-vectors.json');

test('computes the published HMACs, and the ICV is their front (RFC 4868 §2.7)', () => {
  let checked = 0;
  for (const row of vectors.filter((vector) => vector.level === 'mac')) {
    const entry = Object.values(integrityAlgorithms).find((algorithm) => algorithm.label === row.algorithm.integ);
    if (entry === undefined) continue;
    const mac = present(portableIntegrity.get(entry.ikeTransformId))(hexBytes(row.key));
    const data = hexBytes(row.data);
    for (const cut of [0, data.length >> 1, data.length]) {
      const output = mac.compute(data.subarray(0, cut), data.subarray(cut));
      assert.deepEqual(output, hexBytes(row.output), `${row.id} cut at ${cut}`);
      assert.deepEqual(output.slice(0, entry.icvBytes), hexBytes(row.icv), row.id);
    }
    checked++;
  }
  assert.ok(checked >= 9, `${checked} vectors`);
});

test('computes HMAC-SHA-1 of RFC 2202, test case 1', () => {
  const mac = present(portableIntegrity.get(2))(new Uint8Array(20).fill(0x0b));
  const output = mac.compute(hexBytes('4869205468657265'), new Uint8Array(0));
  assert.deepEqual(output, hexBytes('b617318655057264e28bc0b6fb378c8ef146be00'));
});

test('one key serves many packets, until it is wiped', () => {
  const mac = present(portableIntegrity.get(12))(new Uint8Array(32).fill(7));
  const message = Uint8Array.of(1, 2, 3);
  const first = mac.compute(message, new Uint8Array(0));
  assert.deepEqual(mac.compute(message, new Uint8Array(0)), first);
  mac.wipe();
  assert.throws(() => mac.compute(message, new Uint8Array(0)));
});

test('ICVs are equal in every byte and in length', () => {
  const icv = Uint8Array.of(1, 2, 3, 4);
  assert.equal(equalIcvs(icv, Uint8Array.of(1, 2, 3, 4)), true);
  for (let index = 0; index < 4; index++) {
    const other = icv.slice();
    other[index]! ^= 0x80;
    assert.equal(equalIcvs(icv, other), false);
  }
  assert.equal(equalIcvs(icv, icv.subarray(0, 3)), false);
});
