import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ifconfigColours, setkeyColours, type Tone } from '#renderer/editor/editor-language.ts';

function words(text: string, tones: readonly Tone[]): [string, string][] {
  return tones.map(({ from, to, tone }) => [text.slice(from, to), tone]);
}

test('colours ifconfig’s words, addresses, numbers and comments', () => {
  const text = 'inet 10.0.0.1/32 mtu 1400 other # up';
  assert.deepEqual(words(text, ifconfigColours(text)), [
    ['inet', 'cm-w'],
    ['10.0.0.1/32', 'cm-t'],
    ['mtu', 'cm-w'],
    ['1400', 'cm-n'],
    ['# up', 'cm-c'],
  ]);
});

test('colours setkey by its own lexer, keys apart from numbers', () => {
  const text = 'add 192.0.2.1 192.0.2.2 esp 0x1000 -E aes-gcm-16 0x0102;';
  const coloured = words(text, setkeyColours(text));
  assert.deepEqual(coloured[0], ['add', 'cm-w']);
  assert.ok(coloured.some(([word, tone]) => word === '0x1000' && tone === 'cm-n'));
  assert.ok(coloured.some(([word, tone]) => word === '0x0102' && tone === 'cm-s'));
});

test('tones come in order and do not overlap, as the editor asks', () => {
  const text = '# keys\nadd 192.0.2.1 192.0.2.2 esp 0x1000 -E aes-gcm-16 "secret"; flush;\n';
  let end = 0;
  for (const { from, to } of setkeyColours(text)) {
    assert.ok(from >= end && to > from);
    end = to;
  }
});
