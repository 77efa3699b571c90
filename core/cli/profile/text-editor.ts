/**
 * A text in the user's editor ($VISUAL, $EDITOR, else vi), through a file that nobody else may read.
 * @module
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IpsecError } from '#core/base/error.ts';

/** A text that was edited. */
export type EditedText = {
  readonly text: string;
  /** Where it lies until `discard`: for what was refused. */
  readonly path: string;
  discard(): Promise<void>;
};

/** Lets the user edit a text. */
export type TextEditor = (text: string, fileName: string) => Promise<EditedText>;

/** The editor that the environment names. @throws {IpsecError} `PROFILE_USAGE` when it does not run or ends with a failure. */
export function environmentEditor(environment: NodeJS.ProcessEnv = process.env): TextEditor {
  const command = environment['VISUAL'] ?? environment['EDITOR'] ?? 'vi';
  return async (text, fileName) => {
    const folder = await mkdtemp(join(tmpdir(), 'culvert-edit-'));
    const path = join(folder, fileName);
    const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
    try {
      await writeFile(path, text, { mode: 0o600 });
      await runEditor(command, path);
      return { text: await readFile(path, 'utf8'), path, discard };
    } catch (error) {
      await discard();
      throw error;
    }
  };
}

/** $EDITOR may hold arguments, so a shell reads it, as everywhere; the path is the shell's argument, not its text. */
function runEditor(command: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${command} "$1"`, 'sh', path], { stdio: 'inherit' });
    child.on('error', (error) => reject(new IpsecError('PROFILE_USAGE', `${command} cannot be run`, {}, error)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new IpsecError('PROFILE_USAGE', `${command} ended with ${code ?? 'a signal'}; nothing was changed`));
    });
  });
}
