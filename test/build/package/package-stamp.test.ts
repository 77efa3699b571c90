import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { forgetStamp, hashSources, readStamp, writeStamp } from '#build/package/package-stamp.ts';

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'culvert-stamp-'));
  context.after(() => rmSync(path, { recursive: true }));
  return path;
}

function put(root: string, name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

test('sources are others when a file of a package changes, comes or is renamed, and not by what is made', (context) => {
  const root = folder(context);
  const hashAfter = (name: string, text: string): string => {
    put(root, name, text);
    return hashSources(root);
  };
  const first = hashAfter('electron/main/main.ts', 'a');
  assert.equal(hashAfter('core/tun-tap/target/release/x.rs', 'made'), first);
  assert.equal(hashAfter('docs/performance.md', 'not packed'), first);
  const digests = [
    first,
    hashAfter('electron/main/main.ts', 'b'),
    hashAfter('core/tun-tap/tun-tap.node', 'addon'),
    hashAfter('docs/manual/culvert.1', 'page'),
    hashAfter('package-lock.json', '{}'),
  ];
  assert.equal(new Set(digests).size, digests.length);
});

test('packages are of their sources until others are begun', (context) => {
  const root = folder(context);
  const stamp = { sources: 'abc', packages: ['/x/culvert.deb'] };
  assert.equal(readStamp(root), null);
  writeStamp(root, stamp);
  assert.deepEqual(readStamp(root), stamp);
  forgetStamp(root);
  assert.equal(readStamp(root), null);
});
