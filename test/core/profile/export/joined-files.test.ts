/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinFiles, splitFiles } from '#core/profile/export/joined-files.ts';
import { exportProfile } from '#core/profile/export/export-format.ts';
import { exportCases } from '#test/support/profile/export-source.ts';

test('splitting gives the files that were joined', () => {
  for (const format of ['netbsd', 'freebsd', 'networkd'] as const) {
    const files = exportProfile(format, exportCases.keys()).map(({ name, text }) => ({ name, text }));
    assert.deepEqual(splitFiles(joinFiles(files)), files, format);
  }
});

test('one file stands alone, and comes back without a name', () => {
  const [file] = exportProfile('setkey', exportCases.keys());
  assert.ok(file !== undefined);
  assert.equal(joinFiles([file]), file.text);
  assert.deepEqual(splitFiles(file.text), [{ name: '', text: file.text }]);
});

test('text before the first name belongs to no file, so the whole is one', () => {
  const text = 'flush;\n# ==> a <==\nflush;\n';
  assert.deepEqual(splitFiles(text), [{ name: '', text }]);
  assert.deepEqual(splitFiles('\n# ==> a <==\r\nb\n'), [{ name: 'a', text: 'b\n' }]);
});
