/**
 * A second build of the same sources, by another user's habits.
 * @module
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { testPackagesFolder } from '#build/package/builder-config.ts';
import { hashSources, readStamp } from '#build/package/package-stamp.ts';
import { testRuntimeFolder } from '#build/window/test-runtime.ts';
import { differences, readPacked, readTree, shell } from '#test/support/package/package-tree.ts';

const packed = resolve(testPackagesFolder, 'linux-unpacked/resources');
const hasChanged = readStamp(testPackagesFolder)?.sources !== hashSources(process.cwd());
const skip = !existsSync(packed) ? 'nothing was packed' : hasChanged ? 'the sources are others by now' : false;

test('app.asar, helper, licenses and bill are the same bytes in another zone, language and umask', { skip }, (t) => {
  const output = mkdtempSync(join(tmpdir(), 'culvert-again-'));
  t.after(() => rmSync(output, { recursive: true, force: true }));
  const first = readPacked(packed);
  shell(
    'umask 077; TZ=Pacific/Kiritimati LC_ALL=C "$1" build/dist.ts --linux dir --electron-dist "$2" --output "$3" 2>&1',
    process.execPath,
    testRuntimeFolder(),
    output,
  );
  assert.ok(first.has('/app.asar') && first.has('/sbom.cdx.json') && first.has('/helper/bin/node'));
  assert.deepEqual(differences(first, readTree(join(output, 'linux-unpacked', 'resources'))), []);
});
