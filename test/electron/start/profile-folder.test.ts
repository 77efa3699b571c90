import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { chooseProfileFolder } from '#electron/start/profile-folder.ts';

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-profile-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a folder that takes files is made and taken, and nothing of the trial stays', (t) => {
  const folder = makeFolder(t);
  const wanted = join(folder, 'config', 'culvert', 'chromium');
  assert.deepEqual(chooseProfileFolder(wanted, { runtime: folder, temporary: folder }), {
    path: wanted,
    problem: null,
  });
  assert.deepEqual(readdirSync(wanted), []);
  assert.equal(statSync(wanted).mode & 0o777, 0o700);
});

test('where it takes none, the session’s folder serves, and then the system’s; what is not kept is said', (t) => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'config'), 'a file in its place');
  const wanted = join(folder, 'config', 'chromium');
  const runtime = join(folder, 'run');
  mkdirSync(runtime);
  const inSession = chooseProfileFolder(wanted, { runtime, temporary: folder });
  assert.equal(inSession.path, join(runtime, 'culvert-window'));
  assert.match(inSession.problem ?? '', /config cannot be written \(E\w+\): settings/);
  for (const none of [undefined, '', join(folder, 'config')]) {
    const elsewhere = chooseProfileFolder(wanted, { runtime: none, temporary: folder });
    assert.ok(elsewhere.path.startsWith(join(folder, 'culvert-window-')) && existsSync(elsewhere.path));
    assert.equal(statSync(elsewhere.path).mode & 0o777, 0o700);
  }
});
