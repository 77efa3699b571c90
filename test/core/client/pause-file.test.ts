import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { pauseFile, pausePath } from '#core/client/pause-file.ts';

const pause = { untilMs: 5000, tunnels: [{ name: 'office', isProfile: true }] };

function settingsIn(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-pause-file-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'culvert', 'window.json');
}

test('a pause is kept beside the settings, for its person alone, until there is none', (context) => {
  const path = pausePath(settingsIn(context));
  const file = pauseFile(path);
  assert.equal(file.load(), null);
  file.save(pause);
  assert.deepEqual(file.load(), pause);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  file.save(null);
  assert.equal(existsSync(path), false);
});

test('what is no pause is none, and a place that takes nothing costs no more than that', (context) => {
  const path = pausePath(settingsIn(context));
  const file = pauseFile(path);
  file.save(pause);
  for (const text of ['{"untilMs":-1,"tunnels":[]}', '{"untilMs":5}', 'no JSON', '[]']) {
    writeFileSync(path, text);
    assert.equal(file.load(), null, text);
  }
  pauseFile('/proc/nowhere/pause.json').save(pause);
});
