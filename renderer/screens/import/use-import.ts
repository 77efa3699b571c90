/**
 * What a text or files would make, as the helper reads them: asked a moment after the last keystroke, or at once for a
 * file. Files of one machine are read together. A text with keys is taken off the screen as soon as it is understood, and a
 * file is in the page only on its way to the helper, which keeps them for a while.
 * @module
 */
import { useEffect, useRef, useState } from 'react';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import type { Bridge } from '../../bridge.ts';
import { useSessionStore } from '../../state/session-context.ts';

/** The texts, and what became of them. */
export type Import = {
  /** What stands in the field. */
  readonly text: string;
  /** Names of the files that were chosen. */
  readonly fileNames: readonly string[];
  /** Null while nothing was read. */
  readonly answer: ImportAnswer | null;
  /** Why nothing could be read. */
  readonly fault: IpsecError | null;
  /** A text takes the place of files. */
  readonly type: (text: string) => void;
  /** A file joins those that were chosen, and takes the place of a text. */
  readonly add: (file: NamedText) => void;
};

type Outcome = Pick<Import, 'answer' | 'fault'>;

/** Pause after the last keystroke. */
const pauseMs = 350;
const nothing: Outcome = { answer: null, fault: null };

/** Read what is typed and chosen. */
export function useImport(): Import {
  const { bridge } = useSessionStore();
  const [text, setText] = useState('');
  const [fileNames, setFileNames] = useState<readonly string[]>([]);
  const [outcome, setOutcome] = useState(nothing);
  const newest = useRef(0);
  /** By which the helper knows the files that it has read. */
  const kept = useRef<string | null>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);

  const ask = async (read: NamedText, joins: string | null, number: number): Promise<void> => {
    const found = await readText(bridge, read, joins);
    if (number !== newest.current) return;
    kept.current = found.answer?.texts ?? null;
    setOutcome(found);
    if (found.answer?.profiles.some(({ hasKeys }) => hasKeys) === true) setText('');
  };
  /** Whatever is still being read is not waited for any more. */
  const begin = (): number => {
    clearTimeout(pause.current);
    setOutcome(nothing);
    return (newest.current += 1);
  };
  return {
    ...outcome,
    text,
    fileNames,
    type: (typed) => {
      setText(typed);
      setFileNames([]);
      const number = begin();
      if (typed.trim() === '') return;
      pause.current = setTimeout(() => void ask({ name: '', text: typed }, null, number), pauseMs);
    },
    add: (file) => {
      const joins = fileNames.length === 0 ? null : kept.current;
      setText('');
      setFileNames(joins === null ? [file.name] : [...fileNames.filter((name) => name !== file.name), file.name]);
      void ask(file, joins, begin());
    },
  };
}

async function readText(bridge: Bridge, text: NamedText, joins: string | null): Promise<Outcome> {
  try {
    return { answer: await bridge.call('profile.import', { files: [text], joins }), fault: null };
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    return { answer: null, fault: error };
  }
}
