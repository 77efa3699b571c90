import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { builderConfig } from '#build/package/builder-config.ts';
import { publisherOfTests } from '#build/package/publisher.ts';
import { linuxFiles, linuxFolder } from '#build/package/system-folder.ts';
import { readVersion } from '#build/window/app.ts';

const release = builderConfig('/root-of-checkout', publisherOfTests, null);
const forTests = builderConfig('/root-of-checkout', publisherOfTests, {
  folder: '/electron',
  version: '22.3.25',
  app: 'dist/electron-test',
  output: 'dist/test-packages',
  build: 2,
});

test('every way into the program that is not the app is switched off', () => {
  assert.deepEqual(release.electronFuses, {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('a package for tests is another Electron in another folder under another name, and nothing else', () => {
  const differing = Object.keys(forTests).filter(
    (key) => JSON.stringify(forTests[key as never]) !== JSON.stringify(release[key as never]),
  );
  assert.deepEqual(differing.sort(), [
    'appImage',
    'artifactName',
    'directories',
    'electronDist',
    'electronFuses',
    'electronVersion',
    'extraMetadata',
  ]);
  assert.match(String(forTests.artifactName), /test-build/);
});

test('an AppImage starts the window without words that would turn its sandbox off', () => {
  for (const { appImage } of [release, forTests]) assert.deepEqual(appImage?.executableArgs, []);
});

test('a build for tests is told by name and version, and comes before the release', () => {
  assert.deepEqual(
    [forTests.extraMetadata?.name, forTests.extraMetadata?.version],
    ['culvert-test-build', `${readVersion('package.json')}-test.2`],
  );
  assert.equal(release.extraMetadata?.name, undefined);
});

test('what the packages lay into the system is there, and what runs is a program', () => {
  for (const name of Object.keys(linuxFiles)) assert.ok(existsSync(join(linuxFolder, name)), name);
  assert.equal(statSync(join(linuxFolder, 'start-helper')).mode & 0o111, 0o111);
  assert.ok(release.deb?.fpm?.includes('/root-of-checkout/dist/system/=/'));
  assert.ok(release.rpm?.fpm?.includes('/root-of-checkout/dist/system/=/'));
});

test('the scripts hold nothing that electron-builder would take for a macro of its own', () => {
  for (const name of ['after-install.sh', 'after-remove.sh', 'apparmor-profile'])
    assert.doesNotMatch(readFileSync(join(linuxFolder, name), 'utf8'), /\$\{[a-zA-Z]+\}/, name);
});

test('polkit’s policy, the window and the package speak of one program, which takes no words', () => {
  const policy = readFileSync('build/package/linux/org.culvert.policy', 'utf8');
  const path = /exec\.path">([^<]+)</.exec(policy)?.[1] ?? 'none';
  assert.equal(`/${linuxFiles['start-helper']}`, path);
  assert.ok(readFileSync('electron/service/helper-start.ts', 'utf8').includes(`'${path}'`));
  assert.ok(!readFileSync('build/package/linux/start-helper', 'utf8').includes('$'));
});

test('the unit’s program is what the package carries, and it is given no more than it needs', () => {
  const unit = readFileSync('build/package/linux/culvertd.service', 'utf8');
  assert.match(unit, /^ExecStart=\/opt\/Culvert\/resources\/helper\/bin\/culvertd /m);
  const group = /--operator-group (\S+)/.exec(unit)?.[1] ?? 'none';
  assert.match(readFileSync(join(linuxFolder, 'sysusers.conf'), 'utf8'), new RegExp(`^g ${group} -$`, 'm'));
  assert.match(unit, /^CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE CAP_IPC_LOCK$/m);
  for (const line of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'DevicePolicy=closed', 'LimitCORE=0'])
    assert.ok(unit.includes(`\n${line}\n`), line);
});
