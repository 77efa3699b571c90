/**
 * What a browser does itself of the shell's contract: files, clipboard and links. `culvert ui` never sees them.
 * @module
 */
import type { RelayMethod } from '#core/api/relay.ts';
import { secretOnClipboardMs, shellContract, type ShellMethod } from '#core/api/shell-contract.ts';
import { longestText } from '#core/api/text-limit.ts';
import { IpsecError } from '#core/base/error.ts';
import type { z } from 'zod';

type Parsed<M extends ShellMethod> = z.output<(typeof shellContract)[M]['params']>;

/** The value of an answer, or null for a method that is not the browser's. */
export async function answerInBrowser(method: RelayMethod, params: unknown): Promise<object | null> {
  if (method === 'shell.saveFile') return saveFile(shellContract[method].params.parse(params));
  if (method === 'shell.openFile') return { file: await openFile() };
  if (method === 'shell.copy') return copy(shellContract[method].params.parse(params));
  return null;
}

function saveFile({ suggestedName, text }: Parsed<'shell.saveFile'>): { isSaved: boolean } {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = suggestedName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  return { isSaved: true };
}

function openFile(): Promise<{ name: string; text: string } | null> {
  const input = document.createElement('input');
  input.type = 'file';
  return new Promise((resolve, reject) => {
    input.addEventListener('cancel', () => resolve(null));
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file === undefined) return resolve(null);
      if (file.size > longestText) return reject(tooLong(file.name));
      file.text().then((text) => resolve({ name: file.name, text }), reject);
    });
    input.click();
  });
}

function tooLong(name: string): IpsecError {
  return new IpsecError('API_MESSAGE_TOO_LONG', `${name} is longer than ${longestText} bytes`);
}

/** A secret leaves the clipboard by itself, if the page is still there then. */
async function copy({ text, isSecret }: Parsed<'shell.copy'>): Promise<object> {
  await navigator.clipboard.writeText(text);
  if (isSecret) setTimeout(() => void clearIfOurs(text).catch(() => {}), secretOnClipboardMs);
  return {};
}

/** Where the browser lets us look, only our own text is taken away; elsewhere whatever is there. */
async function clearIfOurs(text: string): Promise<void> {
  const now = await navigator.clipboard.readText().catch(() => text);
  if (now === text) await navigator.clipboard.writeText('');
}
