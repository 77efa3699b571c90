import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingRegistry } from '#core/lint/finding-registry.ts';
import { finding, inOrder } from '#core/lint/finding.ts';

const at = (file: string, line: number, column = 1) => ({ file, line, column });

test('a finding has the words of its row, unless something better is known', () => {
  const { severity, reason, fix } = findingRegistry.SPI_CLASH;
  const plain = finding('SPI_CLASH', at('a', 3, 5), 'taken');
  assert.deepEqual(plain, { code: 'SPI_CLASH', severity, reason, fix, message: 'taken', ...at('a', 3, 5) });
  const better = finding('SPI_CLASH', at('a', 3), 'taken', { fix: 'Take another.' });
  assert.deepEqual([better.fix, better.reason], ['Take another.', reason]);
});

test('findings stand in the order of files, lines and columns, and at one place the worst is first', () => {
  const [notice] = Object.entries(findingRegistry).filter(([, row]) => row.severity === 'notice');
  const mild = finding(notice?.[0] as 'TEXT_IGNORED', at('a', 2), 'mild');
  const bad = finding('SPI_CLASH', at('a', 2), 'bad');
  const later = finding('SPI_CLASH', at('a', 10), 'later');
  const aside = finding('SPI_CLASH', at('a', 2, 9), 'aside');
  const first = finding('SPI_CLASH', at('b', 1), 'first of b');
  const all = [first, later, aside, mild, bad];
  assert.deepEqual(
    inOrder(all, ['a', 'b']).map(({ message }) => message),
    ['bad', 'mild', 'aside', 'later', 'first of b'],
  );
  assert.equal(inOrder(all, ['b', 'a'])[0], first);
});
