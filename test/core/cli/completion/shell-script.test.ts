/**
 * The scripts in the shells themselves, where the machine has them: bash completes a line, zsh and fish read theirs.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { shells, shellScripts } from '#core/cli/completion/shell-script.ts';

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

for (const shell of shells) {
  test(
    `${shell} reads its script without a complaint`,
    { skip: has(shell) ? false : `${shell} is not installed` },
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'culvert-completion-'));
      const file = join(folder, 'script');
      writeFileSync(file, shellScripts[shell]);
      const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
      rmSync(folder, { recursive: true });
      assert.deepEqual([status, stderr], [0, '']);
    },
  );
}

test(
  'bash offers what culvert says, and files where it says so',
  { skip: has('bash') ? false : 'bash is not installed' },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'culvert-completion-'));
    try {
      writeFileSync(join(folder, 'sas.conf'), '');
      // A culvert that shows what it was asked, and wants a file.
      writeFileSync(join(folder, 'culvert'), `#!/bin/sh\nprintf '%s\\tabout\\n' "$*"\necho :files\n`, { mode: 0o755 });
      const script = `${shellScripts.bash}
COMP_WORDS=(./culvert setkey -f sa); COMP_CWORD=3; _culvert; printf '[%s]' "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
      assert.equal(stderr, '');
      assert.equal(stdout, '[completion words -- setkey -f sa][sas.conf]');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
