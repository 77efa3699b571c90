/**
 * The draft between visits: in the window's session storage, so that Back, a reload and "Stop, keep the draft" lose
 * nothing, and closing the window forgets it. No key is ever in it.
 * @module
 */
import { emptyDraft, type Draft } from './draft.ts';

const key = 'culvert.draft';

/** Where it is kept: the part of the browser's `Storage` that is needed. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What was kept; null where nothing was. Fields of another version are left as they begin. */
export function loadDraft(storage: DraftStorage): Draft | null {
  const text = storage.getItem(key);
  if (text === null) return null;
  const saved = parse(text);
  if (saved === null) return null;
  const kept = Object.entries(emptyDraft).map(([field, first]): [string, unknown] => {
    const value = saved[field];
    return [field, typeof value === typeof first ? value : first];
  });
  return Object.fromEntries(kept) as Draft;
}

/** Keep it. */
export function keepDraft(storage: DraftStorage, draft: Draft): void {
  storage.setItem(key, JSON.stringify(draft));
}

/** Forget it: the tunnel is made. */
export function forgetDraft(storage: DraftStorage): void {
  storage.removeItem(key);
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
