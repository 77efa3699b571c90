/**
 * The clipboard: what is copied as a secret leaves it after a minute, and when the app quits, unless something else was
 * copied meanwhile. Of a secret only a digest is kept.
 * @module
 */
import { createHash } from 'node:crypto';
import type { Clipboard } from 'electron';
import { secretOnClipboardMs } from '#core/api/shell-contract.ts';

/** The part of Electron's clipboard that is used. */
type TextClipboard = Pick<Clipboard, 'readText' | 'writeText' | 'clear'>;

/** The clipboard with what is ours on it. */
export class SecretClipboard {
  readonly #clipboard: TextClipboard;
  #digest: string | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(clipboard: TextClipboard) {
    this.#clipboard = clipboard;
  }

  /** Copy `text`. */
  async copy(text: string, isSecret: boolean): Promise<void> {
    clearTimeout(this.#timer);
    this.#digest = isSecret ? digestOf(text) : null;
    await this.#clipboard.writeText(text);
    if (isSecret) this.#timer = setTimeout(() => void this.clearSecret().catch(() => {}), secretOnClipboardMs);
  }

  /** Take our secret off, if it is still there. */
  async clearSecret(): Promise<void> {
    clearTimeout(this.#timer);
    const digest = this.#digest;
    this.#digest = null;
    if (digest !== null && digestOf(await this.#clipboard.readText()) === digest) this.#clipboard.clear();
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
