import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import type { ReadSurroundings } from '#core/tunnel/plan/read-interfaces.ts';
import { readStatements, type DeclaredStatements } from '#core/tunnel/plan/read-statements.ts';

const add = (spi: number): string =>
  `add 10.0.0.1 10.0.0.2 esp ${spi} -E aes-cbc 0x${'5a'.repeat(16)} -A hmac-sha256 0x${'6b'.repeat(32)};\n`;

function read(...texts: readonly string[]): DeclaredStatements & Pick<ReadSurroundings, 'problems'> {
  const around: ReadSurroundings = { databases: scratchDatabases(), problems: [], notes: [] };
  const files = texts.map((text, index) => ({ name: `${index}.conf`, text }));
  return { ...readStatements(files, around), problems: around.problems };
}

test('files are carried out one after the other, and each association knows its place', () => {
  const { associations, problems } = read(
    add(1000),
    `# more\n${add(1001)}delete 10.0.0.1 10.0.0.2 esp 1000;\n${add(1002)}`,
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    associations.map(({ spec, at }) => [spec.spi, at]),
    [
      [1001, { file: '1.conf', line: 2, column: 1 }],
      [1002, { file: '1.conf', line: 4, column: 1 }],
    ],
  );
});

test('policies keep the order of the text', () => {
  const { policies } = read(
    'spdadd 10.0.0.9 10.0.0.2 any -P out none;\nspdadd 10.0.0.1 10.0.0.2 any -P out discard;\n',
  );
  assert.deepEqual(
    policies.map(({ spec, at }) => [spec.selector.source, at.line]),
    [
      ['10.0.0.9/32', 1],
      ['10.0.0.1/32', 2],
    ],
  );
});

test('what cannot be read and what is refused are problems with their lines; dumps are nothing', () => {
  const { problems, associations } = read(`${add(1000)}${add(1000)}nonsense;\ndump;\n`);
  assert.deepEqual(problems.map(({ line }) => line).sort(), [2, 3]);
  assert.equal(associations.length, 1);
});
