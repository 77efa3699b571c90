import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shellWord } from '#core/base/shell-word.ts';

test('a shell takes it for that one word', () => {
  for (const word of ['office', 'Kyoto office', "it's", '$HOME', 'a;b', '`id`', '', 'vpn@example.com:4500', '\u00e9']) {
    const shown = execFileSync('sh', ['-c', `printf '[%s]' ${shellWord(word)}`], { encoding: 'utf8' });
    assert.equal(shown, `[${word}]`);
  }
  assert.equal(shellWord('/run/culvert.sock'), '/run/culvert.sock');
});
