/**
 * A block of text that could be typed, with setkey's words in their colours and a button that copies it.
 * @module
 */
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { editorTokens, type EditorTokenKind } from '#core/setkey/editor/editor-token.ts';
import { CopyButton } from './copy-button.tsx';

/** Classes of `.code` in components.css. */
const tones: Readonly<Record<EditorTokenKind, string>> = {
  command: 'w',
  option: 'w',
  algorithm: 't',
  protocol: 'w',
  keyword: 'w',
  port: 'n',
  address: 't',
  number: 'n',
  string: 's',
  key: 's',
  comment: 'c',
  punctuation: '',
  word: '',
  error: '',
};

/** The block: `setkey` is what setkey reads, `dump` what it prints, `plain` text of other programs. */
export function TextBlock(props: {
  readonly text: string;
  readonly language: 'setkey' | 'dump' | 'plain';
  /** Its name for assistive technology, and of what is copied. */
  readonly label: string;
  /** A text with keys: the clipboard loses it after a minute. */
  readonly isSecret?: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const { text, language, label, isSecret = false } = props;
  const lines = useMemo(() => inLines(text, colourings[language]), [text, language]);
  return (
    <div className="code__frame">
      <pre className="code" tabIndex={0} role="group" aria-label={label}>
        {lines}
      </pre>
      <span className="code__copy">
        <CopyButton text={text} label={`${t('action.copy')}: ${label}`} isSecret={isSecret} />
      </span>
    </div>
  );
}

/** Each line is a block, so that what does not fit hangs under it. */
function inLines(text: string, colouring: (text: string) => Parts): ReactElement[] {
  const lines: (string | ReactElement)[][] = [[]];
  for (const part of colouring(text)) {
    if (typeof part !== 'string') {
      lines.at(-1)?.push(part);
      continue;
    }
    for (const [index, piece] of part.split('\n').entries()) {
      if (index > 0) {
        lines.at(-1)?.push('\n');
        lines.push([]);
      }
      if (piece !== '') lines.at(-1)?.push(piece);
    }
  }
  return lines.filter((line) => line.length > 0).map((line, number) => <span key={number}>{line}</span>);
}

type Parts = readonly (string | ReactElement)[];
type Toned = { readonly tone: string; readonly from: number; readonly to: number };

const colourings: Readonly<Record<'setkey' | 'dump' | 'plain', (text: string) => Parts>> = {
  setkey: (text) => colour(text, setkeyTokens(text)),
  dump: (text) => colour(text, dumpTokens(text)),
  plain: (text) => [text],
};

/** A key that is not shown is one mark, not words of a statement. */
function setkeyTokens(text: string): Toned[] {
  const all = editorTokens(text);
  const comments = all.filter(({ kind }) => kind === 'comment');
  const hidden = [...text.matchAll(/\([^()\n]*-bit key\)/g)]
    .map(({ 0: found, index }) => ({ tone: 's', from: index, to: index + found.length }))
    .filter((mark) => !comments.some(({ from, to }) => from <= mark.from && mark.to <= to));
  const tokens = all
    .map(({ kind, from, to }) => ({ tone: tones[kind], from, to }))
    .filter(({ from, to }) => !hidden.some((mark) => from < mark.to && mark.from < to));
  return [...tokens, ...hidden].sort((one, other) => one.from - other.from);
}

/** A dump is no statement: names before `=`, addresses, numbers, and keys that are not shown. */
function dumpTokens(text: string): Toned[] {
  const pattern =
    /(\([^)]*key not shown\))|\b([a-z_]+)(?==)|(0x[0-9a-f]+|\b\d+\b(?![.:]))|([0-9a-f]*[.:][0-9a-f.:]+)/gi;
  const groups = ['s', 'w', 'n', 't'];
  return [...text.matchAll(pattern)].map((found) => ({
    tone: groups[found.slice(1).findIndex((group) => group !== undefined)] ?? '',
    from: found.index,
    to: found.index + found[0].length,
  }));
}

function colour(text: string, tokens: readonly Toned[]): Parts {
  const parts: (string | ReactElement)[] = [];
  let end = 0;
  for (const { tone, from, to } of tokens) {
    if (tone === '') continue;
    parts.push(
      text.slice(end, from),
      <span key={from} className={tone}>
        {text.slice(from, to)}
      </span>,
    );
    end = to;
  }
  parts.push(text.slice(end));
  return parts;
}
