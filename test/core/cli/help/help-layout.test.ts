/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandGroups } from '#core/cli/command-table.ts';
import { hangText, layOutHelp } from '#core/cli/help/help-layout.ts';
import { runCulvert } from '#core/cli/program.ts';

test('sentences that were broken for a wide terminal flow in a narrow one; a title stands alone', () => {
  const text = `Forms:\n${'word '.repeat(20).trim()}\nand more.\n\nLast.`;
  const lines = layOutHelp(text, 60).split('\n');
  assert.equal(lines[0], 'Forms:');
  assert.deepEqual(lines.slice(-3), [`${'word '.repeat(8)}and more.`, '', 'Last.']);
  assert.ok(lines.every((line) => line.length <= 60));
});

test('a right column hangs under itself, and goes below where it would be too narrow', () => {
  const row = '  culvert a     one two three four five six';
  assert.equal(layOutHelp(row, 44), '  culvert a     one two three four five six');
  assert.equal(layOutHelp(row, 43), '  culvert a     one two three four five six'.slice(0, 43));
  assert.equal(
    layOutHelp('  -x   aaaaaaaaaa bbbbbbbbbb cccccccccc dddddd', 40),
    ['  -x   aaaaaaaaaa bbbbbbbbbb cccccccccc', '       dddddd'].join('\n'),
  );
  assert.equal(layOutHelp(row, 40), '  culvert a\n      one two three four five six');
});

test('a right column on a line of its own hangs under itself, too', () => {
  const column = ' '.repeat(20);
  assert.equal(layOutHelp(`${column}one two three four`, 31), `${column}one two\n${column}three four`);
});

test('a command that is broken can be pasted', () => {
  const broken = layOutHelp('  culvert profile create office --peer vpn.example.com --route 10.2.0.0/16', 44);
  assert.equal(
    broken,
    ['  culvert profile create office --peer \\', '      vpn.example.com --route 10.2.0.0/16'].join('\n'),
  );
});

test('what goes on hangs behind its mark, and a file has lines as long as they are', () => {
  assert.equal(hangText('ok    one two three', 14, 6), 'ok    one two\n      three');
  assert.equal(hangText('ok    one two three', Infinity, 6), 'ok    one two three');
});

test('no help of any command is wider than the terminal', async () => {
  const names = commandGroups.flatMap((group) => group.names);
  for (const words of [[], ...names.map((name) => [name])]) {
    let output = '';
    const terminal = {
      columns: 80,
      print: (text: string) => void (output += text),
      complain: () => {},
      readInput: () => Promise.resolve(''),
      readFile: () => Promise.resolve(''),
    };
    await runCulvert([...words, '--help'], { terminal, version: '1', socketPath: '/nonexistent' });
    assert.match(output, /^Usage: culvert/);
    const wide = output.split('\n').filter((line) => line.length > 80);
    assert.deepEqual(wide, [], words.join(' '));
  }
});
