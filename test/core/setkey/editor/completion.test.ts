/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEncryptionAlgorithm, encryptionAlgorithms, refusedAlgorithms } from '#core/crypto/algorithms.ts';
import { completionsAt } from '#core/setkey/editor/completion.ts';
import { commandWords } from '#core/setkey/syntax.ts';

/** Labels at the `|` in `text`. */
function labelsAt(text: string): readonly string[] {
  const offset = text.indexOf('|');
  return completionsAt(text.replace('|', ''), offset)?.options.map(({ label }) => label) ?? [];
}

const add = 'add 10.0.0.1 10.0.0.2 esp 256';

test('a statement begins with a command', () => {
  for (const text of ['|', 'flush; |', '# note\n|', 'dmup; |', 'nonsense;\n|']) {
    assert.deepEqual(labelsAt(text), [...commandWords], text);
  }
  assert.deepEqual(labelsAt('spdf|'), ['spdflush']);
});

test('what is typed is replaced from its first letter, and may be any part of the word', () => {
  const text = `${add} -E gcm-16`;
  const completions = completionsAt(text, text.length);
  assert.deepEqual(
    [completions?.from, completions?.to, completions?.options],
    [
      text.length - 6,
      text.length,
      [{ label: 'aes-gcm-16', kind: 'algorithm', detail: encryptionAlgorithms['aes-gcm-16'].label }],
    ],
  );
});

test('algorithms are those of the registry, without the refused ones', () => {
  const labels = labelsAt(`${add} -E |`);
  for (const name of Object.keys(encryptionAlgorithms)) assert.ok(labels.includes(name), name);
  for (const name of Object.keys(refusedAlgorithms)) assert.ok(!labels.includes(name), name);
  assert.ok(labels.every((label) => findEncryptionAlgorithm(label) !== null));
  assert.ok(labelsAt(`${add} -E null -A |`).includes('hmac-sha256'));
});

test('each place has its own words', () => {
  const cases = [
    ['add 10.0.0.1 10.0.0.2 |', ['esp', 'esp-udp', 'ah']],
    [`${add} |`, ['-m', '-u', '-r', '-esn', '-E', '-A']],
    [`${add} -m |`, ['transport', 'tunnel', 'any']],
    [`${add} -f |`, ['zero-pad', 'random-pad', 'seq-pad', 'nocyclic-seq']],
    ['flush |', ['esp', 'ah']],
    ['spdadd |', ['tagged']],
    ['spdadd 10.0.0.0/8[|', ['any', 'ssh']],
    ['spdadd 10.0.0.0/8 10.0.0.0/8 |', ['any', 'tcp', 'udp', 'ip4']],
    ['spdadd 10.0.0.0/8 10.0.0.0/8 any |', ['-P', '-ctx']],
    ['spdadd 10.0.0.0/8 10.0.0.0/8 any -P |', ['in', 'out', 'fwd']],
    ['spdadd 10.0.0.0/8 10.0.0.0/8 any -P in |', ['ipsec', 'none', 'discard', 'prio']],
    ['spdadd 10.0.0.0/8 10.0.0.0/8 any -P in ipsec esp/|', ['transport', 'tunnel']],
    ['flush;\nspdadd 10.0.0.0/8 10.0.0.0/8 any\n -P in ipsec esp/transport//un|', ['unique']],
  ] as const;
  for (const [text, expected] of cases) {
    const labels = labelsAt(text);
    for (const label of expected) assert.ok(labels.includes(label), `${text}: ${label} in ${labels.join(' ')}`);
  }
});

test('nothing is proposed in comments, strings, keys and addresses, or where the statement is wrong already', () => {
  for (const text of [
    '# fl|',
    'flush; # d|',
    `${add} -E aes-cbc "fl|`,
    `${add} -E aes-cbc |`,
    'add |',
    'dmup |',
    'exit; |',
  ])
    assert.deepEqual(labelsAt(text), [], text);
});
