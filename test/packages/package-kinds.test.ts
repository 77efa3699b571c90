/**
 * rpm, AppImage and tar.gz beside the deb: the same files, scripts and needs, and an image that starts.
 * @module
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { neededPackages, recommended } from '#build/package/needed-packages.ts';
import { linuxFolder } from '#build/package/system-folder.ts';
import { hasProgram } from '#build/test/machine.ts';
import { until } from '#test/support/until.ts';
import { ClosedNamespaces } from '#test/support/package/closed-namespaces.ts';
import { debField, findDeb } from '#test/support/package/deb-file.ts';
import { differences, readPacked, readTree, shell } from '#test/support/package/package-tree.ts';
import { PackagedWindow } from '#test/support/package/packaged-window.ts';

const deb = findDeb();
const packed = resolve('dist/test-packages/linux-unpacked');
const findKind = (ending: string): string | null =>
  globSync(resolve(`dist/test-packages/*-test.1-*${ending}`))[0] ?? null;
const [rpm, image, archive] = [findKind('.rpm'), findKind('.AppImage'), findKind('.tar.gz')];
const need = (path: string | null, ...programs: readonly string[]): false | string => {
  const missing = programs.find((program) => !hasProgram(program));
  return path === null || deb === null ? 'it was not built' : missing === undefined ? false : `${missing} is missing`;
};

let work: string;

before(() => {
  work = mkdtempSync(join(tmpdir(), 'culvert-kinds-'));
  chmodSync(work, 0o755);
});

after(() => {
  rmSync(work, { recursive: true, force: true });
});

/** A folder of its own for what is unpacked. */
function folder(name: string): string {
  const path = join(work, name);
  mkdirSync(path);
  return path;
}

const rpmSays = (...words: readonly string[]): readonly string[] =>
  shell('rpm --query --package "$@"', rpm ?? '', ...words)
    .trim()
    .split('\n');

test(
  'the rpm lays down what the deb does, but for what only Debian reads',
  { skip: need(rpm, 'rpm2cpio', 'cpio') },
  () => {
    const [fromDeb, fromRpm] = [folder('deb'), folder('rpm')];
    shell('dpkg-deb --extract "$1" "$2"', deb ?? '', fromDeb);
    shell('cd "$2"; rpm2cpio "$1" | cpio --extract --make-directories --quiet', rpm ?? '', fromRpm);
    const name = debField(deb ?? '', 'Package');
    assert.deepEqual(differences(readTree(fromDeb), readTree(fromRpm)), [
      `/usr/share/doc/${name}/changelog.gz`,
      `/usr/share/lintian/overrides/${name}`,
    ]);
    rmSync(fromDeb, { recursive: true });
    rmSync(fromRpm, { recursive: true });
  },
);

test('the rpm’s scripts are the deb’s, and its files are root’s', { skip: need(rpm, 'rpm') }, () => {
  const scripts = rpmSays('--queryformat', '%{POSTIN}\n%{PREUN}\n%{POSTUN}').join('\n');
  for (const name of ['after-install.sh', 'before-remove.sh', 'after-remove.sh'])
    assert.ok(scripts.includes(readFileSync(join(linuxFolder, name), 'utf8').trim()), name);
  const owners = rpmSays('--queryformat', '[%{FILEUSERNAME}:%{FILEGROUPNAME}\n]');
  assert.deepEqual([...new Set(owners)], ['root:root']);
});

test('deb and rpm need the same of the system, under each other’s names', { skip: need(rpm, 'rpm') }, () => {
  const own = rpmSays('--requires').filter((line) => !/^(rpmlib\(|\/bin\/sh$)/.test(line));
  assert.deepEqual(own.sort(), neededPackages('rpm').sort());
  assert.deepEqual(rpmSays('--recommends'), recommended.rpm);
  assert.deepEqual(debField(deb ?? '', 'Depends').split(', '), neededPackages('deb'));
  const version = rpmSays('--queryformat', '%{NAME} %{VERSION}')[0];
  assert.equal(version, `${debField(deb ?? '', 'Package')} ${debField(deb ?? '', 'Version').replace('-', '~')}`);
});

test('the archive holds the app as it was packed, and its culvert runs where it lies', { skip: need(archive) }, () => {
  const place = folder('archive');
  shell('tar --extract --gzip --file "$1" --directory "$2" --strip-components 1', archive ?? '', place);
  assert.deepEqual(differences(readPacked(packed), readTree(place)), []);
  assert.match(
    shell('env -i HOME="$2" "$1" --version', join(place, 'resources/helper/bin/culvert'), work),
    /-test\.1$/m,
  );
  rmSync(place, { recursive: true });
});

/** Once for all tests. */
function unpackImage(): string {
  const root = join(work, 'image', 'squashfs-root');
  if (existsSync(root)) return root;
  shell('cd "$2"; "$1" --appimage-extract >/dev/null; chmod 755 .', image ?? '', folder('image'));
  shell('chmod -R a+rX "$1"', root);
  return root;
}

test(
  'the image holds the same, and opens its window for an ordinary user, sandbox on',
  { skip: need(image) },
  async () => {
    const root = unpackImage();
    const ownFiles = /^\/(?:AppRun|\.DirIcon|culvert\.(?:desktop|png)|usr\/)/;
    assert.deepEqual(
      differences(readPacked(packed), readTree(root)).filter((path) => !ownFiles.test(path)),
      [],
    );
    assert.match(readFileSync(join(root, 'culvert.desktop'), 'utf8'), /^Exec=AppRun %U$/m);
    const window = await PackagedWindow.prepare(join(root, 'AppRun'));
    try {
      const page = await window.open();
      assert.equal(await page.title(), 'Culvert');
      assert.doesNotMatch(readFileSync(`/proc/${window.pid}/cmdline`, 'utf8'), /no-sandbox/);
    } finally {
      await window.dispose();
    }
  },
);

test(
  'where nobody may make user namespaces, the image’s launcher takes the sandbox away, and the app says so and shows no page',
  { skip: need(image) },
  async () => {
    const closed = await ClosedNamespaces.start();
    const window = await PackagedWindow.prepare(join(unpackImage(), 'AppRun'), closed.within);
    try {
      const { pid } = window.start();
      await until(() => /does not run without its sandbox/.test(window.log) || window.hasEnded());
      assert.match(window.log, /started with --no-sandbox.*install the deb or the rpm instead/);
      assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /--no-sandbox/);
      const children = shell('ps -o args= --ppid "$1"', String(pid));
      assert.match(children, /--type=zygote/);
      assert.doesNotMatch(children, /--type=renderer/);
    } finally {
      await window.dispose();
      await closed.stop();
    }
  },
);

test(
  'the image’s helper runs from what the window says to unpack, which is its part alone',
  { skip: need(image) },
  () => {
    const place = folder('helper');
    shell(`cd "$2"; "$1" --appimage-extract 'resources/helper/*' >/dev/null`, image ?? '', place);
    const program = join(place, 'squashfs-root/resources/helper/bin/culvertd');
    assert.match(shell('env -i "$1" --version', program), /-test\.1$/m);
    assert.equal(existsSync(join(place, 'squashfs-root/culvert')), false);
  },
);
