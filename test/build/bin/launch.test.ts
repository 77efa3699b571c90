/** @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const culvert = join(root, 'build', 'bin', 'culvert.mjs');

/** This Node.js, and the system's where there is another, which may be too old for the sources. */
const systemNode = (process.env['PATH'] ?? '')
  .split(':')
  .filter((folder) => !folder.startsWith(root))
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path));
const nodes = new Set([process.execPath, systemNode ?? process.execPath]);

function run(node: string, words: readonly string[], input = ''): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(node, [culvert, ...words], { input, encoding: 'utf8', cwd: '/' });
  return { status, out: stdout, err: stderr };
}

for (const node of nodes) {
  test(`culvert started by ${node} passes arguments, input, output and exit status through`, () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    assert.deepEqual(run(node, ['--version']), { status: 0, out: `${manifest.version}\n`, err: '' });
    const wrong = run(node, ['setkey', '-f', '-'], 'dmup;');
    assert.equal(wrong.status, 1);
    assert.match(wrong.out, /^line 1: syntax error, expected a command .* at \[dmup\]\nparse failed, line 1\.\n$/);
  });

  test(`culvertd started by ${node} shows its help`, () => {
    const script = culvert.replace('culvert.mjs', 'culvertd.mjs');
    const { status, stdout } = spawnSync(node, [script, '--help'], { encoding: 'utf8', cwd: '/' });
    assert.equal(status, 0);
    assert.match(stdout, /Usage: culvertd/);
  });
}
