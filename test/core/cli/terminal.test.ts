/** @module */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { processTerminal } from '#core/cli/terminal.ts';

test('reads a file, and refuses one that is missing, a folder or too long', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-cli-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const { readFile } = processTerminal();
  const good = join(folder, 'sa.conf');
  writeFileSync(good, 'flush;\n');
  assert.equal(await readFile(good), 'flush;\n');
  const missing = join(folder, 'none.conf');
  await assert.rejects(readFile(missing), { code: 'FILE_UNREADABLE', message: `cannot read ${missing} (ENOENT)` });
  await assert.rejects(readFile(folder), { code: 'FILE_UNREADABLE' });
  const long = join(folder, 'long.conf');
  writeFileSync(long, Buffer.alloc(4 * 1024 * 1024 + 1));
  await assert.rejects(readFile(long), { code: 'API_MESSAGE_TOO_LONG' });
});
