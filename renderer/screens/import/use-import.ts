/**
 * What a text or files would make, as the helper reads them: asked a moment after the last keystroke, or at once for a
 * file. Files of one machine are read together. A text with keys is taken off the screen as soon as it is understood; the
 * helper keeps them under the answer's token.
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
  const [files, setFiles] = useState<readonly NamedText[]>([]);
  const [outcome, setOutcome] = useState(nothing);
  const newest = useRef(0);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);

  const ask = async (texts: readonly NamedText[], number: number): Promise<void> => {
    const found = await readTexts(bridge, texts);
    if (number !== newest.current) return;
    setOutcome(found);
    if (found.answer?.profiles.some(({ hasKeys }) => hasKeys) === true) setText('');
  };
  /** Whatever is still being read is not waited for any more. */
  const begin = (texts: readonly NamedText[], afterMs: number): void => {
    clearTimeout(pause.current);
    const number = (newest.current += 1);
    setOutcome(nothing);
    if (texts.length > 0) pause.current = setTimeout(() => void ask(texts, number), afterMs);
  };
  return {
    ...outcome,
    text,
    fileNames: files.map(({ name }) => name),
    type: (typed) => {
      setText(typed);
      setFiles([]);
      begin(typed.trim() === '' ? [] : [{ name: '', text: typed }], pauseMs);
    },
    add: (file) => {
      const together = [...files.filter(({ name }) => name !== file.name), file];
      setText('');
      setFiles(together);
      begin(together, 0);
    },
  };
}

async function readTexts(bridge: Bridge, texts: readonly NamedText[]): Promise<Outcome> {
  try {
    return { answer: await bridge.call('profile.import', { files: [...texts] }), fault: null };
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    return { answer: null, fault: error };
  }
}
