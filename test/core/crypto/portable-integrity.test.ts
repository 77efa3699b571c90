import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integrityAlgorithms, integrityRow } from '#core/crypto/algorithms.ts';
import { equalIcvs, portableIntegrity } from '#core/crypto/portable-integrity.ts';
import { integrityNames } from '#test/conformance/esp-vectors.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

type Row = {
  id: string;
  level: string;
  algorithm: { integ?: string; prf?: string };
  key: string;
  data: string;
  output?: string;
  icv?: string;
};
const { vectors } = readFixture<{ vectors: Row[] }>('esp-vectors.json');

test('computes every published MAC, and the ICV is its front (RFC 4868 §2.7, RFC 3566 §4.6, RFC 4494 §4)', () => {
  let checked = 0;
  for (const row of vectors.filter(({ level }) => level === 'mac' || level === 'prf')) {
    const name = row.algorithm.integ ?? row.algorithm.prf ?? '';
    // MD5 is refused everywhere (RFC 8221 §6).
    if (name === 'HMAC-MD5') continue;
    const { ikeTransformId, icvBytes } = integrityRow(present(integrityNames[name], name));
    const mac = present(portableIntegrity.get(ikeTransformId))(hexBytes(row.key));
    const data = hexBytes(row.data);
    for (const cut of [0, data.length >> 1, data.length]) {
      const output = mac.compute(data.subarray(0, cut), data.subarray(cut));
      // RFC 4231's test case 5 gives the front of the output only.
      const wanted = hexBytes(row.output ?? row.icv ?? '');
      assert.ok(wanted.length >= 12, row.id);
      assert.deepEqual(output.slice(0, wanted.length), wanted, `${row.id} cut at ${cut}`);
      if (row.icv !== undefined) assert.deepEqual(output.slice(0, icvBytes), hexBytes(row.icv), row.id);
    }
    checked++;
  }
  assert.equal(checked, 23 + 53 - 7);
});

test('computes HMAC-SHA-1 of RFC 2202, test case 1', () => {
  const mac = present(portableIntegrity.get(2))(new Uint8Array(20).fill(0x0b));
  const output = mac.compute(hexBytes('4869205468657265'), new Uint8Array(0));
  assert.deepEqual(output, hexBytes('b617318655057264e28bc0b6fb378c8ef146be00'));
});

test('one key serves many packets, until it is wiped', () => {
  for (const { ikeTransformId, keyBits, label } of Object.values(integrityAlgorithms)) {
    const mac = present(portableIntegrity.get(ikeTransformId))(new Uint8Array(keyBits / 8).fill(7));
    const message = Uint8Array.of(1, 2, 3);
    const first = mac.compute(message, new Uint8Array(0));
    assert.deepEqual(mac.compute(message, new Uint8Array(0)), first, label);
    mac.wipe();
    // An HMAC's state refuses to go on; keys of AES are zeros by now.
    let after: Uint8Array | null = null;
    try {
      after = mac.compute(message, new Uint8Array(0));
    } catch {
      // As wanted.
    }
    assert.notDeepEqual(after, first, label);
  }
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
