/**
 * Tests of build/setup/dependencies.mjs: when `npm ci` runs. The project has no dependencies, so no registry is asked.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

let root = '';

before(() => {
  root = mkdtempSync(join(tmpdir(), 'culvert-dependencies-'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.0' }));
  writeLock('1.0.0');
});

after(() => rmSync(root, { recursive: true }));

function writeLock(version: string): void {
  const lock = {
    name: 'empty',
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: 'empty', version } },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
}

/** What installDependencies says about `root`. */
function install(): string {
  const script = `
    import { installDependencies } from './build/setup/dependencies.mjs';
    await installDependencies(process.argv[1]);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, root], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stderr;
}

test('npm ci runs when node_modules is missing and when the lock file changes, not otherwise', () => {
  assert.match(install(), /node_modules is missing: running npm ci/);
  assert.equal(install(), '');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'empty', version: '1.0.1' }));
  writeLock('1.0.1');
  assert.match(install(), /package-lock.json has changed: running npm ci/);
  assert.equal(install(), '');
});
