import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importFiles, type ImportResult } from '#core/profile/import/import-files.ts';
import { assemble } from '#core/profile/import/assemble.ts';
import { noFindings } from '#core/profile/import/imported.ts';

let drawn = 0;
const random = { fill: (out: Uint8Array) => void out.fill(++drawn & 255) };
const tunnel = '# ifconfig ipsec0 tunnel 192.0.2.1 192.0.2.2';

function add(source: string, destination: string, spi: number, rest = ''): string {
  return `add ${source} ${destination} esp ${spi} -m transport ${rest} -E aes-gcm-16 0x${'0a'.repeat(36)};`;
}

function read(...lines: readonly string[]): ImportResult {
  return importFiles([{ name: 'ipsec.conf', text: [tunnel, ...lines].join('\n') }], null, random);
}

const out = add('192.0.2.1', '192.0.2.2', 1001);
const back = add('192.0.2.2', '192.0.2.1', 1002);

test('one association each way is a pair, and it has its keys', () => {
  const { profiles, unmapped } = read(out, back);
  assert.deepEqual(unmapped, []);
  assert.deepEqual(profiles[0]?.profile.keys.pairs, [{ carries: 'ipv4', spiOut: 1001, spiIn: 1002 }]);
  assert.equal(profiles[0].secrets?.pairs[0]?.out.encryption, '0a'.repeat(36));
});

test('two each way are a pair for each inner family, in order', () => {
  const { profiles } = read(out, back, add('192.0.2.1', '192.0.2.2', 2001), add('192.0.2.2', '192.0.2.1', 2002));
  assert.deepEqual(profiles[0]?.profile.keys.pairs, [
    { carries: 'ipv4', spiOut: 1001, spiIn: 1002 },
    { carries: 'ipv6', spiOut: 2001, spiIn: 2002 },
  ]);
});

test('without a pair there are new keys to make, and what has no other half is told', () => {
  const { profiles, unmapped } = read(out);
  assert.equal(profiles[0]?.secrets, null);
  assert.match(unmapped.map(({ why }) => why).join(), /new ones are made.*there is none the other way/);
});

test('an association between other addresses is told with its line', () => {
  const { unmapped } = read(out, back, add('192.0.2.1', '192.0.2.9', 3001));
  assert.deepEqual(
    unmapped.map(({ line, why }) => [line, why]),
    [[4, 'no interface of these files has its addresses']],
  );
});

test('a profile has one window both ways: a pair of two is told, and not taken', () => {
  const { profiles, unmapped } = read(out, add('192.0.2.2', '192.0.2.1', 1002, '-r 8'));
  assert.equal(profiles[0]?.secrets, null);
  assert.match(unmapped[0]?.why ?? '', /the same algorithms, window and lifetimes/);
});

test('nothing found is nothing made', () => {
  const findings = noFindings();
  assert.deepEqual(assemble(findings, random), []);
  assert.deepEqual(findings.unmapped, []);
});
