/** @module */
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { textForTerminal, writeExport } from '#core/cli/export/export-output.ts';
import { splitFiles } from '#core/profile/export/joined-files.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const parts = [
  { name: 'etc/a.conf', text: 'a\n', holdsKeys: true },
  { name: 'etc/b.conf', text: 'b\n', holdsKeys: false },
];
const pictures = [
  { name: 'office.txt', text: 'blocks\n', holdsKeys: false },
  { name: 'office.svg', text: '<svg/>\n', holdsKeys: false },
];

function makeFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-export-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('one file holds all parts, and with keys it is for its owner alone, whatever was there', async (context) => {
  const path = join(makeFolder(context), 'out.conf');
  writeFileSync(path, 'old', { mode: 0o644 });
  chmodSync(path, 0o666);
  assert.deepEqual(await writeExport(parts, { files: 'parts' }, path), [{ path, holdsKeys: true }]);
  assert.equal(modeOf(path), 0o600);
  const texts = splitFiles(readFileSync(path, 'utf8')).map(({ text }) => text);
  assert.deepEqual(texts, ['a\n', 'b\n']);
});

test('a folder gets each file under its name; only those with keys are 0600', async (context) => {
  const folder = makeFolder(context);
  for (const path of [folder, `${join(folder, 'new')}/`]) {
    const written = await writeExport(parts, { files: 'parts' }, path);
    assert.deepEqual(
      written.map((file) => file.holdsKeys),
      [true, false],
    );
    assert.equal(modeOf(join(path, 'etc/a.conf')), 0o600);
    assert.equal(modeOf(join(path, 'etc/b.conf')) & 0o400, 0o400);
    assert.deepEqual(readdirSync(join(path, 'etc')).sort(), ['a.conf', 'b.conf']);
  }
});

test('of two pictures the file’s extension says which, and a terminal gets the first', async (context) => {
  const folder = makeFolder(context);
  await writeExport(pictures, { files: 'pictures' }, join(folder, 'x.SVG'));
  assert.equal(readFileSync(join(folder, 'x.SVG'), 'utf8'), '<svg/>\n');
  await writeExport(pictures, { files: 'pictures' }, join(folder, 'x'));
  assert.equal(readFileSync(join(folder, 'x'), 'utf8'), 'blocks\n');
  assert.equal(textForTerminal(pictures, { files: 'pictures' }), 'blocks\n');
  assert.match(
    textForTerminal(parts, { files: 'parts' }),
    /^# ==> etc\/a\.conf <==\na\n\n# ==> etc\/b\.conf <==\nb\n$/,
  );
});

test('a link is replaced and what it leads to stays; a device is not touched', async (context) => {
  const folder = makeFolder(context);
  const [target, link] = [join(folder, 'target'), join(folder, 'link')];
  writeFileSync(target, 'kept');
  symlinkSync(target, link);
  await writeExport(parts, { files: 'parts' }, link);
  assert.equal(readFileSync(target, 'utf8'), 'kept');
  assert.equal(modeOf(link), 0o600);
  const device = join(folder, 'device');
  symlinkSync('/dev/null', device);
  assert.equal(await rejectedCode(writeExport(parts, { files: 'parts' }, device)), 'FILE_UNWRITABLE');
  assert.equal(await rejectedCode(writeExport(parts, { files: 'parts' }, '/dev/null')), 'FILE_UNWRITABLE');
});

test('a folder that is not there is an error, and no draft is left', async (context) => {
  const folder = makeFolder(context);
  assert.equal(await rejectedCode(writeExport(parts, { files: 'parts' }, join(folder, 'no/x'))), 'FILE_UNWRITABLE');
  mkdirSync(join(folder, 'etc'));
  mkdirSync(join(folder, 'etc/a.conf'));
  assert.equal(await rejectedCode(writeExport(parts, { files: 'parts' }, folder)), 'FILE_UNWRITABLE');
  assert.deepEqual(readdirSync(join(folder, 'etc')), ['a.conf']);
  assert.ok(!existsSync(join(folder, 'no')));
});
