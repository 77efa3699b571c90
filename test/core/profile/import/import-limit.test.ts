import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostLines, mostUnmapped, tellSome, withinLimit } from '#core/profile/import/import-limit.ts';
import { importFiles } from '#core/profile/import/import-files.ts';

const random = { fill: (out: Uint8Array) => void out.fill(1) };

test('a file of more lines than any configuration has is not read, and that is told; the others are', () => {
  const files = [
    { name: 'long', text: 'up\n'.repeat(mostLines) },
    { name: 'whole', text: `${'up\n'.repeat(mostLines - 1)}up` },
  ];
  const { read, refused } = withinLimit(files);
  assert.deepEqual(
    [read.map(({ name }) => name), refused.map(({ file, line }) => [file, line])],
    [['whole'], [['long', 0]]],
  );
});

test('findings are told up to a number, and how many more there are', () => {
  const { unmapped } = importFiles(
    [{ name: 'ifconfig.ipsec0', text: 'nonsense\n'.repeat(mostUnmapped + 50) }],
    null,
    random,
  );
  assert.equal(unmapped.length, mostUnmapped + 1);
  assert.match(unmapped.at(-1)?.why ?? '', /^and \d+ more$/);
  const few = unmapped.slice(0, mostUnmapped);
  assert.equal(tellSome(few), few);
});
