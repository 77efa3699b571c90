import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { builderConfig } from '#build/package/builder-config.ts';

const release = builderConfig('/root-of-checkout', null);
const forTests = builderConfig('/root-of-checkout', {
  folder: '/electron',
  version: '22.3.25',
  app: 'dist/electron-test',
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
    'artifactName',
    'directories',
    'electronDist',
    'electronFuses',
    'electronVersion',
    'extraMetadata',
  ]);
  assert.match(String(forTests.artifactName), /test-build/);
});

test('what the packages lay into the system is there, and what runs is a program', () => {
  const files = (release.deb?.fpm ?? []).filter((word) => !word.startsWith('--'));
  assert.equal(files.length, 5);
  for (const word of files) {
    const source = (word.split('=')[0] ?? '').replace('/root-of-checkout/', '');
    assert.ok(source.startsWith('dist/') || existsSync(source), source);
  }
  assert.equal(statSync('build/package/linux/start-helper').mode & 0o111, 0o111);
});

test('polkit’s policy, the window and the package speak of one program, which takes no words', () => {
  const policy = readFileSync('build/package/linux/org.culvert.policy', 'utf8');
  const path = /exec\.path">([^<]+)</.exec(policy)?.[1] ?? 'none';
  assert.ok((release.deb?.fpm ?? []).some((word) => word.endsWith(`=${path}`)));
  assert.ok(readFileSync('electron/service/helper-start.ts', 'utf8').includes(`'${path}'`));
  assert.ok(!readFileSync('build/package/linux/start-helper', 'utf8').includes('$'));
});

test('the unit’s program is what the package carries, and it is given no more than it needs', () => {
  const unit = readFileSync('build/package/linux/culvertd.service', 'utf8');
  assert.match(unit, /^ExecStart=\/opt\/Culvert\/resources\/helper\/bin\/culvertd /m);
  assert.match(unit, /^CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE CAP_IPC_LOCK$/m);
  for (const line of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'DevicePolicy=closed', 'LimitCORE=0'])
    assert.ok(unit.includes(`\n${line}\n`), line);
});
