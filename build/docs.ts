/**
 * `node build/bootstrap.mjs docs`: writes the tables of docs/ that come from tables of the code. A generated table
 * stands between two comments; the text around it is written by hand. test/docs.test.ts compares.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedTables, replaceTable } from './docs/generated-table.ts';

for (const { file, name, lines } of generatedTables) {
  const before = readFileSync(file, 'utf8');
  const after = replaceTable(before, name, lines());
  if (after !== before) writeFileSync(file, after);
  process.stdout.write(`${file}: ${name} ${after === before ? 'is up to date' : 'written'}\n`);
}
