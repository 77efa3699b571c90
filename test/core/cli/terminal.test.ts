/** @module */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { processTerminal, withoutControls } from '#core/cli/terminal.ts';

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

test('a file that never ends is refused, not read to its end', async () => {
  await assert.rejects(processTerminal().readFile('/dev/zero'), { code: 'API_MESSAGE_TOO_LONG' });
});

test('escape sequences of what is printed do not reach a terminal; tab, newline and letters do', () => {
  assert.equal(withoutControls('a\u001b[2Jb\u009b31mc\rd\u0007\u0000'), 'a\ufffd[2Jb\ufffd31mc\ufffdd\ufffd\ufffd');
  assert.equal(withoutControls('name\tétat\n▀▄ …'), 'name\tétat\n▀▄ …');
});
