/**
 * The stand-in for fpm: what it makes of the words.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlFile } from '#build/package/stand-in/deb.ts';
import { parseFpmWords } from '#build/package/stand-in/fpm-words.ts';
import { specFile } from '#build/package/stand-in/rpm.ts';

const words = parseFpmWords([
  ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'xdg-utils', '--deb-recommends', 'pkexec'],
  ...['--name', 'culvert', '--version', '1.0~test.1', '--architecture', 'amd64', '--maintainer', 'A <a@b>'],
  ...[
    '--description',
    'tunnels\n over 100%\n\n of IPsec',
    '--url=https://a/',
    '/here/=/opt/Culvert',
    '/file=/usr/bin/f',
  ],
]);

test('a deb’s control file has one line a field, and the text indented', () => {
  assert.equal(
    controlFile(words, 7),
    'Package: culvert\nVersion: 1.0~test.1\nArchitecture: amd64\nMaintainer: A <a@b>\nInstalled-Size: 7\n' +
      'Depends: libnss3, xdg-utils\nRecommends: pkexec\nHomepage: https://a/\n' +
      'Description: tunnels\n over 100%\n .\n of IPsec\n',
  );
});

test('a spec names dependencies and files, and no word of ours is a macro', () => {
  const spec = specFile(words, ['"/usr/bin/f"']);
  for (const line of ['Name: culvert', 'Requires: libnss3', ' over 100%%', '"/usr/bin/f"'])
    assert.ok(spec.split('\n').includes(line), line);
});

test('pairs say what goes where; a word that is neither pair nor option is refused', () => {
  assert.deepEqual(words.sources, [
    ['/here/', '/opt/Culvert'],
    ['/file', '/usr/bin/f'],
  ]);
  for (const word of ['word', 'a=b', '=/b']) assert.throws(() => parseFpmWords([word]));
  assert.throws(() => parseFpmWords(['--name']));
});
