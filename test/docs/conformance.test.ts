/**
 * The two tables that end docs/conformance.md are complete, and every test that they name is there.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** Cells of one row. */
type Row = readonly string[];

const page = 'docs/conformance.md';
const text = readFileSync(page, 'utf8').replaceAll('\\|', '¦');
const facts = rowsUnder('### Facts of NetBSD');
const requirements = rowsUnder('### Requirements of the RFCs');
const all = [...facts, ...requirements];

/** Sections of the facts: each has rows. */
const factSections = [
  ...['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7'],
  ...['2.1', '2.2', '2.3', '2.4', '2.5', '2.6'],
  ...['3.1', '3.2', '3.3', '3.4', '3.5', '3.6', '3.7', '3.8', '3.9'],
  ...['4.1', '4.2', '4.3', '4.4', '5'],
  ...['6.1', '6.2', '6.3', '6.4', '6.5', '7.1', '7.2', '7.3', '7.4', '7.5'],
  ...['8.0', '8.1', '9', '10.1', '10.2', '10.3', '10.4', '10.5'],
];

test('the requirements of the RFCs are 1 to 93 and 161 to 179, each once, each with its force', () => {
  const numbers = [...range(1, 93), ...range(161, 179)].map(String);
  assert.deepEqual(
    requirements.map(([number]) => number),
    numbers,
  );
  for (const [number, force] of requirements) {
    assert.ok(['MUST', 'SHOULD', 'MAY', 'note'].includes(force ?? ''), `${number}: ${force}`);
  }
});

test('the facts of NetBSD count from 1 in every section', () => {
  const expected = factSections.flatMap((section) => {
    const count = facts.filter(([number]) => number?.startsWith(`N${section}-`)).length;
    return range(1, Math.max(1, count)).map((index) => `N${section}-${index}`);
  });
  assert.deepEqual(
    facts.map(([number]) => number),
    expected,
  );
});

test('every state is one of four, with its reason unless done', () => {
  const state = /^(done|(deviates|not done|not applicable): \S.*)$/;
  assert.deepEqual(
    all.filter((row) => !state.test(row.at(-2) ?? '')),
    [],
  );
});

test('what is done, or done otherwise, names a test', () => {
  const isShown = (row: Row): boolean => /^(done|deviates)/.test(row.at(-2) ?? '');
  assert.deepEqual(
    all.filter((row) => isShown(row) && testsOf(row).length === 0),
    [],
  );
});

test('every test that is named exists, in its words', () => {
  const contents = new Map<string, string>();
  const read = (path: string): string => {
    if (!contents.has(path)) contents.set(path, existsSync(path) ? readFileSync(path, 'utf8') : '');
    return contents.get(path) ?? '';
  };
  const missing = all.flatMap((row) =>
    testsOf(row)
      .filter(({ path, words }) => !read(path).includes(words))
      .map(({ path, words }) => `${row[0]}: ${path} has no "${words}": name the test that shows it now`),
  );
  assert.deepEqual(missing, []);
});

test('a cell with tests has nothing else in it', () => {
  const rest = (row: Row): string => (row.at(-1) ?? '').replace(/`test\/[^`]+`: "[^"]+"(, )?/g, '');
  assert.deepEqual(
    all.filter((row) => !['', '—'].includes(rest(row))),
    [],
  );
});

function rowsUnder(heading: string): Row[] {
  const from = text.indexOf(`\n${heading}\n`);
  assert.ok(from >= 0, `${page} has no "${heading}"`);
  const section = text.slice(from + heading.length + 2).split(/\n#+ /)[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  // The head and the line under it.
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('¦', '|')),
  );
}

function testsOf(row: Row): { readonly path: string; readonly words: string }[] {
  return [...(row.at(-1) ?? '').matchAll(/`(test\/[^`]+)`: "([^"]+)"/g)].map(([, path = '', words = '']) => ({
    path,
    words,
  }));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
