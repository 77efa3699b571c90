import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFiles, type CheckReport } from '#core/lint/check.ts';
import type { FindingCode } from '#core/lint/finding-registry.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';

const keyOf = (seed: number, bytes: number): string =>
  Array.from({ length: bytes }, (_, index) =>
    ((seed * 73 + index * index * 31 + index * 7) % 251).toString(16).padStart(2, '0'),
  ).join('');
const cbc = (seed: number): string => `-E aes-cbc 0x${keyOf(seed, 32)} -A hmac-sha256 0x${keyOf(seed + 100, 32)}`;
const [near, far] = ['192.0.2.1', '198.51.100.1'];
const life = '-r 8 -lh 3600 -ls 3000';
const out = (seed = 1, options = `-u 16386 ${life}`, spi = 10001): string =>
  `add ${near} ${far} esp ${spi} ${options} ${cbc(seed)};\n`;
const back = (seed = 2, options = `-u 16385 ${life}`, spi = 10000): string =>
  `add ${far} ${near} esp ${spi} ${options} ${cbc(seed)};\n`;
const ifconfig = `create\ntunnel ${near} ${far}\ninet 172.16.100.1/32 172.16.200.1\nup\n`;

function check(...texts: readonly (readonly [string, string])[]): CheckReport {
  return checkFiles(
    texts.map(([name, text]) => ({ name, text })),
    null,
  );
}

function codes(...texts: readonly (readonly [string, string])[]): FindingCode[] {
  return check(...texts).findings.map(({ code }) => code);
}

test('two good files of one tunnel have no finding, and what was not asked is told', () => {
  const report = check(['ifconfig.ipsec0', ifconfig], ['sa.conf', out() + back()]);
  assert.deepEqual(report.findings, []);
  assert.match(report.skipped.join(), /local network was not checked/);
});

const cases: readonly (readonly [string, FindingCode, readonly (readonly [string, string])[]])[] = [
  ['a syntax error', 'TEXT_SYNTAX', [['sa.conf', 'add 192.0.2.1 nonsense;']]],
  [
    'an algorithm that nobody runs',
    'TEXT_REFUSED',
    [['sa.conf', `add ${near} ${far} esp 1000 -E des-cbc 0x0123456789abcdef;`]],
  ],
  [
    '3DES',
    'ALGORITHM_FORBIDDEN',
    [['sa.conf', `add ${near} ${far} esp 1000 -E 3des-cbc 0x${keyOf(3, 24)} -A hmac-sha256 0x${keyOf(4, 32)};`]],
  ],
  [
    'SHA-1',
    'ALGORITHM_DATED',
    [['sa.conf', `add ${near} ${far} esp 1000 -E aes-cbc 0x${keyOf(3, 16)} -A hmac-sha1 0x${keyOf(4, 20)};`]],
  ],
  [
    'other algorithms on the way back',
    'ALGORITHM_MIXED',
    [['sa.conf', `${out()}add ${far} ${near} esp 1000 -E aes-cbc 0x${keyOf(5, 16)} -A hmac-sha256 0x${keyOf(6, 32)};`]],
  ],
  [
    'encryption that nothing authenticates',
    'INTEGRITY_MISSING',
    [['sa.conf', `add ${near} ${far} esp 1000 -E aes-cbc 0x${keyOf(5, 16)};`]],
  ],
  [
    'a counter mode by hand',
    'KEY_COUNTER_BY_HAND',
    [['sa.conf', `add ${near} ${far} esp 1000 -E aes-gcm-16 0x${keyOf(5, 20)};`]],
  ],
  [
    'an odd number of digits',
    'KEY_ODD_DIGITS',
    [['sa.conf', `add ${near} ${far} esp 1000 -E aes-gcm-16 0x${keyOf(5, 20).slice(1)};`]],
  ],
  [
    'a key of text',
    'KEY_LOW_ENTROPY',
    [['sa.conf', `add ${near} ${far} esp 1000 -E aes-gcm-16 "averysecretkey42salt";`]],
  ],
  ['one key twice', 'KEY_REUSED', [['sa.conf', out(1) + back(1)]]],
  [
    'one key of a counter mode twice',
    'KEY_REUSED_COUNTER',
    [
      [
        'sa.conf',
        `add ${near} ${far} esp 1000 -E aes-gcm-16 0x${keyOf(5, 20)}; add ${far} ${near} esp 1000 -E aes-gcm-16 0x${keyOf(5, 20)};`,
      ],
    ],
  ],
  ['extended numbers without a window', 'REPLAY_UNCHECKED_ESN', [['sa.conf', out(1, '-esn')]]],
  ['no window', 'REPLAY_UNCHECKED', [['sa.conf', out(1, '-lh 10 -ls 5')]]],
  ['no hard lifetime', 'LIFETIME_MISSING', [['sa.conf', out(1, '-r 8')]]],
  ['one direction only', 'PAIR_ONE_SIDED', [['sa.conf', out()]]],
  [
    'one SPI twice',
    'SPI_CLASH',
    [
      ['sa.conf', out(1)],
      ['more.conf', out(9)],
    ],
  ],
  [
    'one selector twice',
    'POLICY_DUPLICATE',
    [['p.conf', `spdadd ${near} ${far} any -P out none; spdadd ${near} ${far} any -P out discard;`]],
  ],
  [
    'the selector of an interface',
    'POLICY_DUPLICATE',
    [
      ['ifconfig.ipsec0', ifconfig],
      ['p.conf', `spdadd ${near} ${far} ipv4 -P out none;`],
    ],
  ],
  [
    'a policy behind a wider one',
    'POLICY_SHADOWED',
    [['p.conf', `spdadd 192.0.2.0/24 0.0.0.0/0 any -P out none; spdadd ${near} ${far} tcp -P out discard;`]],
  ],
  [
    'a reqid of nobody',
    'REQID_UNMATCHED',
    [
      ['ifconfig.ipsec0', ifconfig],
      ['sa.conf', out(1, `-u 77 ${life}`)],
    ],
  ],
  [
    'addresses of nobody',
    'PAIR_UNUSED',
    [
      ['ifconfig.ipsec0', ifconfig],
      ['sa.conf', out() + back() + `add 192.0.2.9 ${far} esp 999 -E aes-gcm-16 0x${keyOf(5, 20)};`],
    ],
  ],
  [
    'an interface without keys',
    'INTERFACE_KEYLESS',
    [
      ['ifconfig.ipsec0', ifconfig],
      ['ifconfig.ipsec1', 'create\ntunnel 192.0.2.1 203.0.113.7\n'],
      ['sa.conf', out() + back()],
    ],
  ],
  [
    'two tunnels with one network',
    'NETWORK_OVERLAP_INNER',
    [
      ['ifconfig.ipsec0', ifconfig],
      ['ifconfig.ipsec1', 'create\ntunnel 192.0.2.1 203.0.113.7\ninet 172.16.200.2/24\n'],
    ],
  ],
  [
    'a line for the shell',
    'TEXT_IGNORED',
    [['ifconfig.ipsec0', `${ifconfig}!route add -inet 10.0.0.0/8 172.16.200.1\n`]],
  ],
];

for (const [what, code, texts] of cases) {
  test(`finds ${what} (${code})`, () => assert.ok(codes(...texts).includes(code), codes(...texts).join()));
}

test('an address that lies in a network of the machine is found, and one of the tunnel itself is not', () => {
  const files = [{ name: 'ifconfig.ipsec0', text: ifconfig }];
  const on = (device: string) =>
    checkFiles(files, [{ device, prefix: '172.16.0.1/16' as IpPrefix }]).findings.map(({ code }) => code);
  assert.deepEqual(on('eth0'), ['NETWORK_OVERLAP']);
  assert.deepEqual(on('ipsec0'), []);
});

test('a fixed reqid fits its interface, and flush forgets what stood before it', () => {
  assert.deepEqual(
    codes(['ifconfig.ipsec0', ifconfig], ['sa.conf', out(1, `-u 8192 ${life}`) + back(2, `-u 8192 ${life}`)]),
    [],
  );
  assert.deepEqual(codes(['sa.conf', `${out(1)}flush;\n${out(1)}${back()}`]), []);
});

test('a finding names file, line and column of the word, and no finding shows a key', () => {
  const secret = keyOf(42, 32);
  const text = `# keys\n${out()}${back()}add ${near} ${far} esp 10001 -E aes-cbc 0x${secret} -A hmac-sha256 0x${secret};\nadd ${near} ${far} esp 5 -E aes-cbc 0x${secret}zz;\n`;
  const report = check(['sa.conf', text]);
  const clash = report.findings.find(({ code }) => code === 'SPI_CLASH');
  assert.deepEqual([clash?.file, clash?.line, clash?.column, clash?.severity], ['sa.conf', 4, 1, 'error']);
  assert.ok(!JSON.stringify(report).includes(secret.slice(0, 8)));
});

test('the files of an export are taken apart, and a profile is looked at like them', () => {
  const profile = {
    ...{ version: 2, name: 'office', interface: 'ipsec0' },
    ...{ local: { host: near }, peer: { host: far }, routes: ['10.0.0.0/8', '0.0.0.0/0'] },
    keys: {
      kind: 'manual',
      encryption: '3des-cbc',
      integrity: 'hmac-sha256',
      pairs: [{ carries: 'ipv4', spiOut: 256, spiIn: 257 }],
    },
  };
  const pair = (seed: number) => ({ encryption: keyOf(seed, 24), integrity: keyOf(seed + 50, 32) });
  const text = JSON.stringify({ profile, secrets: { kind: 'manual', pairs: [{ out: pair(1), in: pair(2) }] } });
  assert.deepEqual(
    new Set(codes(['office.json', text])),
    new Set(['ALGORITHM_FORBIDDEN', 'LIFETIME_MISSING', 'REPLAY_UNCHECKED']),
  );
  const joined = `# ==> etc/ifconfig.ipsec0 <==\n${ifconfig}\n# ==> etc/ipsec.conf <==\n${out()}${back()}`;
  assert.deepEqual(codes(['all.txt', joined]), []);
});

test('twenty thousand statements are checked in linear time', () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, index) =>
      `add ${near} 10.${index >> 16}.${(index >> 8) & 255}.${index & 255} esp ${1000 + index} -E null -A hmac-sha1 0x${keyOf(index % 97, 16)}${index.toString(16).padStart(8, '0')};\n` +
      `spdadd 10.9.${(index >> 8) & 255}.${index & 255} 10.${index >> 16}.0.0/16 tcp -P out none;\n`,
  );
  const before = performance.now();
  const { findings } = check(['big.conf', lines.join('')]);
  const elapsed = performance.now() - before;
  assert.ok(findings.length > 10_000);
  assert.ok(elapsed < 15_000, `${elapsed} ms`);
});
