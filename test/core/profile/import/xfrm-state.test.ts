import assert from 'node:assert/strict';
import { test } from 'node:test';
import { xfrmEntries } from '#core/profile/import/xfrm-entry.ts';
import { readXfrmState, type XfrmState } from '#core/profile/import/xfrm-state.ts';

const gcmKey = `0x${'0b'.repeat(36)}`;
const head = 'src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x00001001 reqid 1 mode tunnel\n';

function read(text: string): XfrmState {
  return readXfrmState(xfrmEntries(text)[0]?.words ?? []);
}

test('reads an association as ip xfrm state prints it', () => {
  const { spec, interfaceId } = read(
    `${head}\treplay-window 32 flag af-unspec\n\taead rfc4106(gcm(aes)) ${gcmKey} 128\n\tif_id 0x2a\n`,
  );
  assert.deepEqual([spec.source, spec.destination, spec.spi, spec.reqid], ['192.0.2.1', '192.0.2.2', 0x1001, 1]);
  assert.deepEqual([spec.encryption, spec.integrity, spec.replayBytes, spec.hasEsn], ['aes-gcm-16', null, 4, false]);
  assert.equal(spec.encryptionKey.reveal().length, 36);
  assert.equal(interfaceId, 42);
});

const context =
  '\tanti-replay esn context:\n\t seq-hi 0x0, seq 0x0, oseq-hi 0x0, oseq 0x0\n\t replay_window 128, bitmap-length 4\n';

for (const [flags, hasEsn] of [
  ['flag af-unspec esn', true],
  ['flag af-unspec', false],
] as const) {
  test(`a window of 128 packets stands in the context; "${flags}" says whether numbers are extended`, () => {
    const { spec } = read(`${head}\treplay-window 0 ${flags}\n\taead rfc4106(gcm(aes)) ${gcmKey} 128\n${context}`);
    assert.deepEqual([spec.replayBytes, spec.hasEsn], [16, hasEsn]);
  });
}

test('limits are read from ip -s, where INF and 0 are none', () => {
  const limits = [
    '\tlifetime config:',
    '\t  limit: soft (INF)(bytes), hard 5000(bytes)',
    '\t  limit: soft (INF)(packets), hard (INF)(packets)',
    '\t  expire add: soft 100(sec), hard 200(sec)',
    '\t  expire use: soft 0(sec), hard 0(sec)',
    '\tlifetime current:',
    '\t  77(bytes), 3(packets)',
  ].join('\n');
  const { soft, hard } = read(`${head}\taead rfc4106(gcm(aes)) ${gcmKey} (288 bits) 128\n${limits}`).spec.lifetimes;
  assert.deepEqual(soft, { addSeconds: 100, useSeconds: 0, bytes: 0, packets: 0 });
  assert.deepEqual(hard, { addSeconds: 200, useSeconds: 0, bytes: 5000, packets: 0 });
});

test('NAT traversal has its ports in both spellings', () => {
  const suite = `auth-trunc hmac(sha256) 0x${'0a'.repeat(32)} 128\n\tenc cbc(aes) 0x${'0c'.repeat(16)}`;
  for (const encap of ['encap type espinudp sport 4500 dport 4501 addr 0.0.0.0', 'encap espinudp 4500 4501 0.0.0.0']) {
    const { spec } = read(`${head}\t${suite}\n\t${encap}\n`);
    assert.deepEqual([spec.protocol, spec.ports], ['esp-udp', { source: 4500, destination: 4501 }]);
    assert.deepEqual([spec.encryption, spec.integrity], ['aes-cbc', 'hmac-sha256']);
  }
});

for (const [what, text, message] of [
  ['AH', head.replace('esp', 'ah'), /protocol ah is not ESP/],
  ['an ICV of 96 bits for SHA-256', `${head}\tauth hmac(sha256) 0x00\n\tenc cbc(aes) 0x00`, /cut to 96 bits/],
  ['an AEAD of another length', `${head}\taead rfc4106(gcm(aes)) ${gcmKey} 32`, /with 32 bits is not known/],
  ['a key that is a passphrase', `${head}\taead rfc4106(gcm(aes)) passphrase 128`, /a key is not in hexadecimal/],
] as const) {
  test(`refuses ${what}, and shows no key`, () => assert.throws(() => read(text), { code: 'IMPORT_FORMAT', message }));
}
