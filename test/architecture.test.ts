/**
 * The rules of the code that a program can check: layers, purity, headers, sizes, names, mirrored tests, exports.
 * A failure says what to do. Exceptions stand with their reason in test/architecture/allow-lists.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { encryptionAlgorithms, integrityAlgorithms } from '#core/crypto/algorithms.ts';
import { longFiles, suites, untestedFiles, unusedExports } from './architecture/allow-lists.ts';
import { findCycles } from './architecture/import-cycles.ts';
import { importTable, impureFolders, packageTable, type ImportRow } from './architecture/import-table.ts';
import { readSourceTree, walk, type SourceFile } from './architecture/source-tree.ts';

/** A file with code that is no longer than this needs no test of its own. */
const trivialLines = 30;

const everything = readSourceTree(['core', 'electron', 'renderer', 'build', 'examples', 'test']);
const files = everything.filter((file) => /\.tsx?$/.test(file.path));
const core = files.filter((file) => file.path.startsWith('core/'));
const pure = core.filter((file) => !impureFolders.some((folder) => isUnder(file.path, folder)));
const sources = files.filter((file) => !file.path.startsWith('test/'));
const byPath = new Map(everything.map((file) => [file.path, file]));

test('a folder imports only what the table allows', () => {
  report(
    sources.flatMap((file) => {
      const row = rowOf(file.path);
      if (row === undefined)
        return [`${file.path}: its folder has no row in test/architecture/import-table.ts: add one`];
      return file.imports
        .filter((entry) => entry.isOwn && !mayImport(row, entry.target))
        .map(
          ({ target }) =>
            `${file.path} imports ${target}, but ${row.folder} may not (${row.because}): move the shared noun down, or declare a port`,
        );
    }),
  );
});

test('a package is imported only where the table names it', () => {
  report(
    core.flatMap((file) =>
      file.imports
        .filter((entry) => !entry.isOwn && !entry.target.startsWith('node:'))
        .filter(
          (entry) => !packageTable[packageName(entry.target)]?.folders.some((folder) => isUnder(file.path, folder)),
        )
        .map(
          ({ target }) =>
            `${file.path} imports ${target}: give packageTable a row with a reason and docs/decisions/ a page, or do without`,
        ),
    ),
  );
});

test('every run-time dependency is imported', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
  const used = new Set(everything.flatMap(({ imports }) => imports.map(({ target }) => packageName(target))));
  report(
    Object.keys(dependencies)
      .filter((name) => !used.has(name))
      .map((name) => `package.json: nothing imports ${name}: remove it, or name it among what development needs`),
  );
});

test('pure folders use no Node.js, clock or randomness', () => {
  const impure =
    /^(Date\.now|Math\.random|performance|setTimeout|setInterval|setImmediate|process|Buffer|console|crypto)$/;
  report(
    pure.flatMap((file) => {
      const imports = file.imports.filter((entry) => entry.target.startsWith('node:')).map((entry) => entry.target);
      const uses = [...walk(file.syntax)]
        .filter((node) => ts.isPropertyAccessExpression(node) || ts.isCallExpression(node))
        .flatMap((node) => [node.getText(), node.expression.getText()])
        .filter((text) => impure.test(text));
      const isNewDate = [...walk(file.syntax)].some(
        (node) => ts.isNewExpression(node) && node.getText() === 'new Date()',
      );
      const found = new Set([...imports, ...uses, ...(isNewDate ? ['new Date()'] : [])]);
      return [...found].map(
        (what) =>
          `${file.path} uses ${what}: take the time as an argument, or declare a port and implement it in core/host`,
      );
    }),
  );
});

test('there are no import cycles at run time', () => {
  report(findCycles(sources).map((cycle) => `${cycle.join(' -> ')}: move what both need into a file of its own`));
});

test('every file begins with a comment that ends in @module; a test that mirrors a file needs none', () => {
  report(
    everything
      .filter((file) => !file.path.endsWith('.test.ts'))
      .filter((file) => !/^(#!.*\n)?\/\*\*\n( \*.*\n)+? \* @module\n \*\/\n/.test(file.text))
      .map(
        (file) =>
          `${file.path}: begin with a comment that says what it is, which RFC sections, what not; last line @module`,
      ),
  );
});

test('every export of core has a doc comment', () => {
  report(
    core.flatMap((file) =>
      file.exports.filter((entry) => !entry.hasDoc).map((entry) => `${file.path}: document ${entry.name}`),
    ),
  );
});

test('files stay short: sources to 400 lines, tests to 600', () => {
  const long = files.filter((file) => file.lineCount > (file.path.startsWith('test/') ? 600 : 400));
  const paths = long.map((file) => file.path);
  report([
    ...long
      .filter((file) => longFiles[file.path] === undefined)
      .map((file) => `${file.path} has ${file.lineCount} lines: split it by noun, or give its reason in longFiles`),
    ...stale(longFiles, paths, 'longFiles'),
  ]);
});

test('folders stay shallow and small', () => {
  const counts = new Map<string, number>();
  for (const { path } of everything) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  report(
    [...counts].flatMap(([folder, count]) => {
      const limit = folder.startsWith('test/') ? 4 : 3;
      const tooDeep =
        folder.split('/').length > limit ? [`${folder} is more than ${limit} folders deep: move it up`] : [];
      return count > 20 ? [...tooDeep, `${folder} has ${count} files, more than 20: divide it by noun`] : tooDeep;
    }),
  );
});

test('there are no default exports and no barrels', () => {
  report(
    files.flatMap((file) => {
      const hasDefault = file.syntax.statements.some(
        (node) => ts.isExportAssignment(node) || /^export\s+default\b/.test(node.getText()),
      );
      const reexports = file.syntax.statements.filter(
        (node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined,
      );
      return [
        ...(hasDefault ? [`${file.path}: export by name`] : []),
        ...(reexports.length > 0 || basename(file.path) === 'index.ts'
          ? [`${file.path}: no barrel and no re-export; import the file that owns the name`]
          : []),
      ];
    }),
  );
});

test('files are named after one noun, in kebab-case', () => {
  const forbidden = /(^|-)(utils?|helpers|common|misc|types)$/;
  report(
    everything.flatMap(({ path }) => {
      const name = basename(path).replace(/(\.test)?\.(tsx?|mjs)$/, '');
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return [`${path}: write the name in kebab-case`];
      return forbidden.test(name) ? [`${path}: find the missing noun; a file of this name attracts everything`] : [];
    }),
  );
});

test('the test tree mirrors core', () => {
  const testOf = (path: string): string => `test/${path.replace(/\.ts$/, '.test.ts')}`;
  const untested = core
    .map((file) => ({ file, test: testOf(file.path) }))
    .filter(({ file, test: path }) => isWorthATest(file) && !existsSync(path));
  const mirrored = new Set(core.map((file) => testOf(file.path)));
  const orphans = files.map((file) => file.path).filter((path) => needsASource(path) && !mirrored.has(path));
  const untestedPaths = untested.map(({ file }) => file.path);
  report([
    ...untested
      .filter(({ file }) => untestedFiles[file.path] === undefined)
      .map(({ file, test: path }) => `${file.path}: write ${path}`),
    ...orphans
      .filter((path) => suites[path] === undefined)
      .map((path) => `${path} mirrors no source file: rename it after the file that it tests`),
    ...stale(untestedFiles, untestedPaths, 'untestedFiles'),
    ...stale(suites, orphans, 'suites'),
  ]);
});

test('only the registry switches on algorithm names', () => {
  const names = new Set([...Object.keys(encryptionAlgorithms), ...Object.keys(integrityAlgorithms)]);
  report(
    sources.flatMap((file) =>
      [...walk(file.syntax)]
        .filter(
          (node) => ts.isCaseClause(node) && ts.isStringLiteral(node.expression) && names.has(node.expression.text),
        )
        .map(
          (node) =>
            `${file.path}: '${node.getText().split('\n')[0]}': add a column to core/crypto/algorithms.ts and read it`,
        ),
    ),
  );
});

test('every export is used', () => {
  const used = new Set<string>();
  for (const { imports } of everything) {
    for (const { target, names } of imports) {
      const taken = names ?? byPath.get(target)?.exports.map((entry) => entry.name) ?? [];
      for (const name of taken) used.add(`${target}#${name}`);
    }
  }
  const unused = sources.flatMap((file) =>
    file.exports
      .filter((entry) => !used.has(`${file.path}#${entry.name}`) && !(entry.isType && entry.isUsedInside))
      .map((entry) => `${file.path}#${entry.name}`),
  );
  report([
    ...unused
      .filter((id) => unusedExports[id] === undefined)
      .map((id) => `${id} is exported and used nowhere: remove it, or keep it private`),
    ...stale(unusedExports, unused, 'unusedExports'),
  ]);
});

function report(violations: readonly string[]): void {
  assert.equal(violations.length, 0, `\n${violations.join('\n')}\n`);
}

/** Rows of an allow-list that excuse nothing any more. */
function stale(list: Readonly<Record<string, string>>, needed: readonly string[], name: string): readonly string[] {
  return Object.keys(list)
    .filter((key) => !needed.includes(key))
    .map((key) => `${key} needs no row in ${name} any more: remove it`);
}

function isWorthATest(file: SourceFile): boolean {
  return file.hasCode && file.lineCount > trivialLines;
}

/** The sources of the native package are Rust; its tests in TypeScript are named after what it offers. */
function needsASource(path: string): boolean {
  return /^test\/core\/.*\.test\.ts$/.test(path) && !isUnder(path, 'test/core/tun-tap');
}

function rowOf(path: string): ImportRow | undefined {
  return importTable.find((row) => isUnder(path, row.folder));
}

function mayImport(row: ImportRow, target: string): boolean {
  if (isUnder(target, row.folder)) return true;
  return row.mayImport.some((folder) => isUnder(target, `core/${folder}`));
}

function isUnder(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
