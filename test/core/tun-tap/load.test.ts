/**
 * The loader of the native package where there is nothing to load.
 * @module
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const loader = fileURLToPath(new URL('../../../core/tun-tap/load.cjs', import.meta.url));
const require = createRequire(import.meta.url);

function withCopy(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-load-'));
  try {
    copyFileSync(loader, join(folder, 'load.cjs'));
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('says how to build the package when it is not built', () => {
  withCopy((folder) => {
    assert.throws(() => require(join(folder, 'load.cjs')), {
      code: 'HOST_NO_NATIVE',
      message: /is not built for \w+ on \w+: build it with "npm run build" in core\/tun-tap/,
    });
  });
});

test('says why a package that is there does not load', () => {
  withCopy((folder) => {
    const target = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`;
    writeFileSync(join(folder, `tun-tap.${target}.node`), 'not a library');
    assert.throws(() => require(join(folder, 'load.cjs')), {
      code: 'HOST_NO_NATIVE',
      message: /^the native package does not load \(.+\): build it/,
    });
  });
});
