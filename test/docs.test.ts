/**
 * The documents are true: generated tables equal the tables of the code, and every path and link leads somewhere.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { errorCatalog } from '#core/base/error-catalog.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { generatedTables, replaceTable } from '#build/docs/generated-table.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'core/README.md',
  ...globSync('{docs,examples}/**/*.md'),
];

/** Folders whose names in backticks are taken as paths of this repository. */
const topFolders = /^(core|build|test|docs|examples|\.ci)\/[\w./-]+$/;

for (const { file, name, lines } of generatedTables) {
  test(`${file}: the table ${name} is what the code says`, () => {
    const text = readFileSync(file, 'utf8');
    assert.ok(
      text === replaceTable(text, name, lines()),
      `${name} in ${file} is old: run node build/bootstrap.mjs docs`,
    );
  });
}

test('docs/errors.md names every error code and no other', () => {
  assertSameNames(firstCells('docs/errors.md', /^\| `([A-Z_0-9]+)`/gm), Object.keys(errorCatalog));
});

test('docs/drop-reasons.md names every drop reason and no other', () => {
  assertSameNames(firstCells('docs/drop-reasons.md', /^\| \d+ +\| `(\w+)`/gm), Object.keys(dropReasons));
});

test('docs/packet-walk.md names every drop reason in its stage', () => {
  const text = readFileSync('docs/packet-walk.md', 'utf8');
  assert.deepEqual(
    Object.keys(dropReasons).filter((name) => !text.includes(`\`${name}\``)),
    [],
  );
});

test('links in the documents lead to files', () => {
  const broken = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .filter(([, target]) => !existsSync(join(dirname(file), target ?? '')))
      .map(([, target]) => `${file}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('paths in the documents exist', () => {
  const broken = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/`([^`\s]+)`/g)]
      .map(([, path]) => path ?? '')
      .filter((path) => topFolders.test(path) && !existsSync(path))
      .map((path) => `${file}: ${path}`),
  );
  assert.deepEqual(broken, []);
});

test('no document has a heading with nothing under it', () => {
  const empty = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^(#+) (.+)\n+(?=(#+) )/gm)]
      .filter(([, level, , next]) => (next ?? '').length <= (level ?? '').length)
      .map(([, , heading]) => `${file}: ${heading}`),
  );
  assert.deepEqual(empty, []);
});

function firstCells(file: string, pattern: RegExp): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name]) => name ?? '');
}

function assertSameNames(written: readonly string[], known: readonly string[]): void {
  const missing = known.filter((name) => !written.includes(name));
  const unknown = written.filter((name) => !known.includes(name));
  assert.deepEqual({ missing, unknown }, { missing: [], unknown: [] }, 'run: node build/bootstrap.mjs docs');
}
