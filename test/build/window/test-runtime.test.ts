import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { missingForTestRuntime, squashfsOffset } from '#build/window/test-runtime.ts';

test('the file system of an AppImage begins behind the ELF file’s table of sections', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-image-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46, 0);
  header.writeBigUInt64LE(186_600n, 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(28, 0x3c);
  writeFileSync(join(folder, 'image'), header);
  assert.equal(squashfsOffset(join(folder, 'image')), 188_392);
  writeFileSync(join(folder, 'other'), 'no image');
  assert.throws(() => squashfsOffset(join(folder, 'other')), /no ELF file/);
});

test(
  'a machine without one of the tools is told which, and its Debian package',
  { skip: process.platform !== 'linux' || process.arch !== 'x64' ? 'another machine' : false },
  () => {
    assert.equal(
      missingForTestRuntime(() => true),
      null,
    );
    assert.equal(
      missingForTestRuntime((name) => name !== 'unsquashfs'),
      'unsquashfs (Debian package squashfs-tools)',
    );
  },
);
