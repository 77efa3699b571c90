/**
 * The manual pages say what the programs say of themselves, and nothing else.
 * @module
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commandGroups } from '#core/cli/command-table.ts';
import { profileSchema, profileVersion } from '#core/profile/profile.ts';

const page = (name: string): string => readFileSync(`docs/manual/${name}`, 'utf8');
const help = (script: string): string =>
  execFileSync(process.execPath, [script, '--help'], { encoding: 'utf8', env: { ...process.env, COLUMNS: '200' } });

/** Words that begin a line of help below `title`. */
function listed(text: string, title: string): readonly string[] {
  const part = text.split(`${title}:\n`)[1]?.split('\n\n')[0] ?? '';
  return [...part.matchAll(/^ {2}(\S.*?)(?: {2}|$)/gm)].map(([, words]) => words ?? '');
}

test('culvert(1) has every command of culvert, and no other', () => {
  const text = help('core/cli/main.ts');
  const commands = [...new Set(commandGroups.map(({ title }) => title))].flatMap((title) => listed(text, title));
  const told = [...page('culvert.1').matchAll(/^\.It Ic (\S+)/gm)].map(([, name]) => name ?? '');
  assert.ok(commands.length > 15);
  assert.deepEqual([...told].sort(), [...commands].sort());
});

for (const { name, script } of [
  { name: 'culvert.1', script: 'core/cli/main.ts' },
  { name: 'culvertd.8', script: 'core/helper/main.ts' },
]) {
  test(`${name} has every option of its program, and no other`, () => {
    const options = listed(help(script), 'Options').map((words) => /--([a-z-]+)/.exec(words)?.[1] ?? '');
    const told = [...page(name).matchAll(/^\.It .*Fl -([a-z-]+)/gm)].map(([, option]) => option ?? '');
    assert.ok(options.length >= 3);
    assert.deepEqual([...told].sort(), [...options].sort());
  });
}

test('culvert-profile(5) has every field of a profile, and no other', () => {
  const { keys } = profileSchema.shape;
  const fields = [...Object.keys(profileSchema.shape), ...keys.options.flatMap(({ shape }) => Object.keys(shape))];
  const told = [...page('culvert-profile.5').matchAll(/^\.It Va (.+)$/gm)].flatMap(([, names]) =>
    (names ?? '').split(' , '),
  );
  assert.deepEqual([...told].sort(), [...fields].sort());
});

test('culvert-profile(5) says which version of the format it describes', () => {
  assert.match(page('culvert-profile.5'), new RegExp(`^Of the format: ${profileVersion}\\.$`, 'm'));
});

test('no title of a manual page begins with what mdoc(7) takes for a macro', () => {
  for (const name of ['culvert.1', 'culvertd.8', 'culvert-profile.5', 'ipsecif.4']) {
    const titles = [...page(name).matchAll(/^\.Ss (.+)$/gm)].map(([, title]) => title ?? '');
    // English words that are macros, too: `In` makes an include file of what follows.
    assert.deepEqual(
      titles.filter((title) => /^(An|At|Do|In|No|Op)\b/.test(title)),
      [],
      name,
    );
  }
});

test('the example of culvert-profile(5) is a profile', () => {
  const example = /\.Bd -literal -offset indent\n(\{[\s\S]*?\n\})\n\.Ed/.exec(page('culvert-profile.5'))?.[1] ?? '';
  assert.equal(profileSchema.parse(JSON.parse(example)).name, 'office');
});
