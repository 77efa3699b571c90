/**
 * What is in the deb, by the tools that judge such files.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { hasProgram } from '#build/test/machine.ts';
import { readBill } from '#test/support/package/cyclonedx.ts';
import { findDeb } from '#test/support/package/deb-file.ts';

const deb = findDeb();
const skip = deb === null ? 'no deb was built' : false;
let work: string;
let root: string;

before(() => {
  if (deb === null) return;
  work = mkdtempSync(join(tmpdir(), 'culvert-deb-'));
  root = join(work, 'root');
  const { status, stderr } = spawnSync('dpkg-deb', ['--raw-extract', deb, root], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

after(() => {
  if (deb !== null) rmSync(work, { recursive: true, force: true });
});

/** Run a tool to its end; gives what it says, and fails with that unless it is content. */
function judge(program: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, [...words], { encoding: 'utf8' });
  assert.equal(status, 0, `${program}: ${stdout}${stderr}`);
  return stdout + stderr;
}

const need = (program: string): false | string => skip || (hasProgram(program) ? false : `${program} is missing`);

test('lintian finds no error and no warning, and every override has its reason', { skip: need('lintian') }, () => {
  const said = judge('lintian', '--fail-on', 'error,warning', '--allow-root', deb ?? '');
  assert.doesNotMatch(said, /^[EW]: |unused-override|mismatched-override/m);
  const overrides = globSync(join(root, 'usr/share/lintian/overrides/*')).map((path) => readFileSync(path, 'utf8'));
  const blocks = overrides.join('').split(/\n(?=#)/);
  for (const block of blocks) assert.match(block, /^# \S/, block);
});

test('desktop entry and metadata are valid', { skip: need('desktop-file-validate') || need('appstreamcli') }, () => {
  judge('desktop-file-validate', join(root, 'usr/share/applications/culvert.desktop'));
  judge('appstreamcli', 'validate', '--no-net', ...globSync(join(root, 'usr/share/metainfo/*.xml')));
});

test('polkit’s policy is well-formed, and systemd takes unit, sysusers and tmpfiles', { skip: need('xmllint') }, () => {
  judge('xmllint', '--noout', '--nonet', join(root, 'usr/share/polkit-1/actions/org.culvert.policy'));
  // The program lies in the unpacked tree; nothing else of the unit is changed.
  const unit = readFileSync(join(root, 'usr/lib/systemd/system/culvertd.service'), 'utf8');
  const copy = join(work, 'culvertd.service');
  writeFileSync(copy, unit.replace('ExecStart=/', `ExecStart=${root}/`));
  assert.equal(judge('systemd-analyze', '--man=no', 'verify', copy), '');
  // In tenths, as its sandbox is rated; what is left open is said in docs/packaging.md.
  judge('systemd-analyze', 'security', '--no-pager', '--offline=yes', '--threshold=24', copy);
  judge('systemd-sysusers', '--dry-run', join(root, 'usr/lib/sysusers.d/culvert.conf'));
});

test('manual pages are mdoc without warnings', { skip: need('mandoc') }, () => {
  judge('mandoc', '-T', 'lint', '-W', 'warning', ...globSync('docs/manual/*'));
  for (const page of ['1/culvert.1', '8/culvertd.8', '5/culvert-profile.5', '4/ipsecif.4'])
    assert.ok(existsSync(join(root, `usr/share/man/man${page}.gz`)), page);
});

test('every shell can read its completion', { skip: need('zsh') || need('fish') }, () => {
  judge('bash', '-n', join(root, 'usr/share/bash-completion/completions/culvert'));
  judge('zsh', '-n', join(root, 'usr/share/zsh/vendor-completions/_culvert'));
  judge('fish', '--no-execute', join(root, 'usr/share/fish/vendor_completions.d/culvert.fish'));
});

test('it is no larger than 110 MiB', { skip }, () => {
  assert.ok(statSync(deb ?? '').size < 110 * 2 ** 20);
});

test('the icon is there in every size of the theme, and as it was drawn', { skip }, () => {
  for (const size of [16, 22, 24, 32, 48, 64, 128, 256, 512]) {
    const png = readFileSync(join(root, `usr/share/icons/hicolor/${size}x${size}/apps/culvert.png`));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size]);
  }
  assert.ok(existsSync(join(root, 'usr/share/icons/hicolor/scalable/apps/culvert.svg')));
});

test('nothing in it can be written by others or runs as its owner', { skip }, () => {
  for (const name of globSync('**/*', { cwd: root })) {
    const path = join(root, name);
    if (existsSync(path)) assert.equal(statSync(path).mode & 0o6022, 0, name);
  }
});

test('it says whose work it carries: Electron, Node.js, npm’s packages and crates', { skip }, () => {
  const resources = join(root, 'opt/Culvert/resources');
  const bill = readBill(readFileSync(join(resources, 'sbom.cdx.json'), 'utf8'));
  const urls = bill.components.map(({ purl }) => purl);
  for (const name of [
    'generic/electron',
    'generic/node',
    'npm/zod',
    'npm/dbus-next',
    'npm/%40noble/ciphers',
    'cargo/aws-lc-sys',
  ])
    assert.ok(
      urls.some((url) => url.startsWith(`pkg:${name}@`)),
      name,
    );
  const packed = globSync(['*/package.json', '@*/*/package.json'], { cwd: join(resources, 'helper/node_modules') });
  for (const name of packed.map((path) => dirname(path)).filter((path) => path !== 'tun-tap'))
    assert.ok(
      urls.some((url) => url.startsWith(`pkg:npm/${name.replace('@', '%40')}@`)),
      name,
    );
  const texts = readFileSync(join(resources, 'licenses.txt'), 'utf8');
  assert.match(texts, /Permission is hereby granted/);
});
