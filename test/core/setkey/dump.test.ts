/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#core/base/bytes.ts';
import type { EncryptionAlgorithmName } from '#core/crypto/algorithms.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { unlimited } from '#core/sad/lifetime.ts';
import type { AssociationUsage, SecurityAssociation } from '#core/sad/security-association.ts';
import { parseSpi } from '#core/sad/spi.ts';
import { dumpAssociations, dumpPolicies, type DumpOptions } from '#core/setkey/dump.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';

const now = Date.UTC(2026, 5, 4, 9, 16, 40);
const usage: AssociationUsage = {
  packets: 3,
  bytes: 456,
  firstUsedMs: now - 60_000,
  lastUsedMs: Date.UTC(2026, 5, 4, 9, 16, 38, 900),
  sequence: 3,
  replayDrops: 0,
  authenticationFailures: 0,
  pathMtu: 0,
};
const unused: AssociationUsage = { ...usage, packets: 0, bytes: 0, firstUsedMs: 0, lastUsedMs: 0, sequence: 0 };
/** Who asks for the dump; associations and policies are of others. */
const pid = 412;
const shown: DumpOptions = { now, usageOf: () => usage, withKeys: true, pid };

const keyOf = (hex: string): KeyMaterial => new KeyMaterial(fromHex(hex) ?? assert.fail());

const association: SecurityAssociation = {
  source: parseIpAddress('192.0.2.10'),
  destination: parseIpAddress('198.51.100.20'),
  protocol: 'esp',
  ports: null,
  spi: parseSpi(10001),
  mode: 'transport',
  reqid: 16386,
  replayBytes: 4,
  padding: paddingKinds.sequential,
  isCyclic: true,
  hasEsn: false,
  encryption: 'aes-cbc',
  encryptionKey: keyOf('5a17c3e09b44d2f10c6e88a731f5b29d'),
  integrity: 'hmac-sha1',
  integrityKey: keyOf('1f2e3d4c5b6a798897a6b5c4d3e2f1000badcafe'),
  lifetimes: { soft: { ...unlimited, addSeconds: 3000 }, hard: { ...unlimited, addSeconds: 3600 } },
  id: 1,
  slot: 7,
  state: 'mature',
  createdMs: Date.UTC(2026, 5, 4, 9, 15, 2),
  pid: 77,
};

test('an association prints byte for byte as setkey -D does', () => {
  const text = [
    '192.0.2.10 198.51.100.20 ',
    '\tesp mode=transport spi=10001(0x00002711) reqid=16386(0x00004002)',
    '\tE: aes-cbc  5a17c3e0 9b44d2f1 0c6e88a7 31f5b29d',
    '\tA: hmac-sha1  1f2e3d4c 5b6a7988 97a6b5c4 d3e2f100 0badcafe',
    '\tseq=0x00000003 replay=4 flags=0x00000040 state=mature ',
    '\tcreated: Jun  4 09:15:02 2026\tcurrent: Jun  4 09:16:40 2026',
    '\tdiff: 98(s)\thard: 3600(s)\tsoft: 3000(s)',
    '\tlast: Jun  4 09:16:38 2026\thard: 0(s)\tsoft: 0(s)',
    '\tcurrent: 456(bytes)\thard: 0(bytes)\tsoft: 0(bytes)',
    '\tallocated: 3\thard: 0\tsoft: 0',
    '\tsadb_seq=0 pid=412 refcnt=0',
    '',
  ].join('\n');
  assert.equal(dumpAssociations([association], shown), text);
});

test('a key prints with its salt or nonce at its end, as it was given', () => {
  const lines: readonly (readonly [EncryptionAlgorithmName, string, string])[] = [
    ['aes-ctr', '00'.repeat(16) + 'a0a1a2a3', '\tE: aes-ctr  00000000 00000000 00000000 00000000 a0a1a2a3'],
    ['aes-gmac', '11'.repeat(16) + 'a0a1a2a3', '\tE: aes-gmac  11111111 11111111 11111111 11111111 a0a1a2a3'],
    ['aes-gcm-8', '22'.repeat(16) + 'a0a1a2a3', '\tE: aes-gcm-8  22222222 22222222 22222222 22222222 a0a1a2a3'],
    ['aes-ccm-16', '33'.repeat(16) + 'a0a1a2', '\tE: aes-ccm-16  33333333 33333333 33333333 33333333 a0a1a2'],
  ];
  for (const [encryption, key, line] of lines) {
    const text = dumpAssociations([{ ...association, encryption, encryptionKey: keyOf(key) }], shown);
    assert.equal(text.split('\n')[2], line);
  }
});

test('asks for the use of the right counter slot', () => {
  const asked: number[] = [];
  dumpAssociations([association], { ...shown, usageOf: (slot) => (asked.push(slot), usage) });
  assert.deepEqual(asked, [7]);
});

test('a GCM key has nine groups with the salt, null has none, and neither has an A line', () => {
  const gcm = {
    ...association,
    encryption: 'aes-gcm-16' as const,
    encryptionKey: keyOf('01'.repeat(36)),
    integrity: null,
    integrityKey: null,
  };
  assert.match(
    dumpAssociations([gcm], shown),
    new RegExp(`\n\tE: aes-gcm-16  ${Array(9).fill('01010101').join(' ')}\n\tseq=`),
  );
  const plain = { ...gcm, encryption: 'null' as const, encryptionKey: keyOf('') };
  assert.match(dumpAssociations([plain], shown), /\n\tE: null {2}\n\tseq=/);
});

test('without keys each is a placeholder that tells only its length', () => {
  const text = dumpAssociations([association], { ...shown, withKeys: false });
  assert.match(text, /\tE: aes-cbc {2}\(128-bit key not shown\)\n\tA: hmac-sha1 {2}\(160-bit key not shown\)\n/);
  assert.doesNotMatch(text, /5a17|1f2e/);
});

test('an association in UDP shows its ports', () => {
  const natT = { ...association, protocol: 'esp-udp' as const, ports: { source: 4500, destination: 61022 } };
  assert.match(dumpAssociations([natT], shown), /^192\.0\.2\.10\[4500\] 198\.51\.100\.20\[61022\] \n\tesp-udp mode=/);
});

test('the address behind a NAT has a line of its own', () => {
  const ports = { source: 4500, destination: 4500 };
  const natT = { ...association, protocol: 'esp-udp' as const, ports, natOriginal: parseIpAddress('10.0.0.9') };
  assert.match(dumpAssociations([natT], shown), /reqid=16386\(0x00004002\)\n\tNAT OA=10\.0\.0\.9\n\tE: aes-cbc/);
});

test('a fragment size has a line of its own, behind the address', () => {
  const ports = { source: 4500, destination: 4500 };
  const natT = { ...association, protocol: 'esp-udp' as const, ports, fragmentBytes: 552 };
  assert.match(dumpAssociations([natT], shown), /reqid=16386\(0x00004002\)\n\tNAT-T esp_frag=552\n\tE: aes-cbc/);
  const both = { ...natT, natOriginal: parseIpAddress('10.0.0.9') };
  assert.match(dumpAssociations([both], shown), /\n\tNAT OA=10\.0\.0\.9\n\tNAT-T esp_frag=552\n\tE: aes-cbc/);
});

test('a time that never was is 20 blanks', () => {
  const text = dumpAssociations([association], { ...shown, usageOf: () => unused });
  assert.ok(text.includes(`\tlast: ${' '.repeat(20)}\thard: 0(s)`));
});

test('the flags show cyclic numbers, padding and ESN; the sequence number its low 32 bits', () => {
  const odd = { ...association, isCyclic: false, padding: paddingKinds.zero, hasEsn: true };
  const text = dumpAssociations([odd], { ...shown, usageOf: () => ({ ...usage, sequence: 2 ** 32 + 5 }) });
  assert.match(text, /\tseq=0x00000005 replay=4 flags=0x00000600 state=mature \n/);
});

test('sadb_seq counts down to 0, and an empty SAD says so', () => {
  const numbers = [...dumpAssociations([association, association, association], shown).matchAll(/sadb_seq=(\d)/g)];
  assert.deepEqual(
    numbers.map((match) => match[1]),
    ['2', '1', '0'],
  );
  assert.equal(dumpAssociations([], shown), 'No SAD entries.\n');
});

const policyOf = (spid: number, direction: 'in' | 'out', upperProtocol: number): SecurityPolicy => ({
  spid,
  direction,
  origin: 'kernel',
  pid: 0,
  selector: {
    source: parsePrefix(direction === 'in' ? '198.51.100.20' : '192.0.2.10'),
    destination: parsePrefix(direction === 'in' ? '192.0.2.10' : '198.51.100.20'),
    sourcePort: 0,
    destinationPort: 0,
    upperProtocol,
  },
  action: upperProtocol === 41 ? 'discard' : 'protect',
  requests: upperProtocol === 41 ? [] : [{ protocol: 'esp', mode: 'transport', level: 'unique', reqid: 16384 + spid }],
});

test('the four policies of an interface print byte for byte as setkey -DP does, in before out', () => {
  const policies = [policyOf(1, 'in', 4), policyOf(2, 'out', 4), policyOf(3, 'in', 41), policyOf(4, 'out', 41)];
  const text = [
    '198.51.100.20[any] 192.0.2.10[any] 4(ipv4)',
    '\tin ipsec',
    '\tesp/transport//unique#16385',
    '\tspid=1 seq=3 pid=418',
    '\trefcnt=0',
    '198.51.100.20[any] 192.0.2.10[any] 41(ipv6)',
    '\tin discard',
    '\tspid=3 seq=2 pid=418',
    '\trefcnt=0',
    '192.0.2.10[any] 198.51.100.20[any] 4(ipv4)',
    '\tout ipsec',
    '\tesp/transport//unique#16386',
    '\tspid=2 seq=1 pid=418',
    '\trefcnt=0',
    '192.0.2.10[any] 198.51.100.20[any] 41(ipv6)',
    '\tout discard',
    '\tspid=4 seq=0 pid=418',
    '\trefcnt=0',
    '',
  ].join('\n');
  assert.equal(dumpPolicies(policies, { pid: 418 }), text);
  assert.equal(dumpPolicies([], { pid }), 'No SPD entries.\n');
});

test('-v shows the policy extension before each policy: type, direction, origin and id in hexadecimal', () => {
  const policy = {
    ...policyOf(26, 'out', 4),
    requests: [{ protocol: 'esp', mode: 'transport', level: 'unique', reqid: 16386 }],
  } as const;
  const extension =
    'sadb_x_policy{ type=2 dir=2 flags=0x80 id=1a }\n { len=16 proto=50 mode=1 level=3 reqid=16386\n }\n';
  const plain = dumpPolicies([policy], { pid });
  assert.equal(dumpPolicies([policy], { pid, isVerbose: true }), extension + plain);
  const discard = { ...policy, direction: 'in', action: 'discard', origin: 'user', requests: [] } as const;
  const first = dumpPolicies([discard], { pid, isVerbose: true }).split('\n')[0];
  assert.equal(first, 'sadb_x_policy{ type=0 dir=1 flags=0x00 id=1a }');
});

test('selectors show prefix lengths unless full, ports, and message types behind the protocol', () => {
  const base = policyOf(1, 'out', 17);
  const firstLine = (selector: SecurityPolicy['selector']): string | undefined =>
    dumpPolicies([{ ...base, selector }], { pid }).split('\n')[0];
  const source = parsePrefix('10.0.0.0/8');
  const destination = parsePrefix('2001:db8::1/128');
  const selector = { source, destination, sourcePort: 500, destinationPort: 0, upperProtocol: 17 };
  assert.equal(firstLine(selector), '10.0.0.0/8[500] 2001:db8::1[any] 17(udp)');
  assert.equal(
    firstLine({ ...selector, upperProtocol: 255, sourcePort: 0 }),
    '10.0.0.0/8[any] 2001:db8::1[any] 255(reserved)',
  );
  assert.equal(
    firstLine({ ...selector, upperProtocol: 58, sourcePort: 135 }),
    '10.0.0.0/8 2001:db8::1 58(ipv6-icmp) 135,0',
  );
});

test('levels: a reqid of the kernel has #, a manual one a colon, the others none', () => {
  const base = policyOf(1, 'out', 4);
  const third = (level: 'default' | 'use' | 'require' | 'unique', reqid: number): string | undefined =>
    dumpPolicies([{ ...base, requests: [{ protocol: 'esp', mode: 'transport', level, reqid }] }], { pid }).split(
      '\n',
    )[2];
  assert.equal(third('unique', 16384), '\tesp/transport//unique#16384');
  assert.equal(third('unique', 16383), '\tesp/transport//unique:16383');
  assert.equal(third('require', 0), '\tesp/transport//require');
});
