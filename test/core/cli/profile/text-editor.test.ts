/** @module */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { environmentEditor } from '#core/cli/profile/text-editor.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

test('gives back what the editor left, from a file for nobody else’s eyes that goes when it is done', async () => {
  const edit = environmentEditor({ EDITOR: "sed -i -e 's/a/b/'" });
  const { text, path, discard } = await edit('aa', 'profile.json');
  assert.deepEqual([text, statSync(path).mode & 0o077], ['ba', 0]);
  await discard();
  assert.ok(!existsSync(path));
});

test('$VISUAL goes before $EDITOR, and an editor that fails changes nothing', async () => {
  const edit = environmentEditor({ VISUAL: 'false', EDITOR: 'true' });
  assert.equal(await rejectedCode(edit('a', 'x')), 'PROFILE_USAGE');
});
