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

/** The block. `language` is `plain` for text of other programs. */
export function TextBlock(props: {
  readonly text: string;
  readonly language: 'setkey' | 'plain';
  /** Its name for assistive technology, and of what is copied. */
  readonly label: string;
  /** A text with keys: the clipboard loses it after a minute. */
  readonly isSecret?: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const { text, language, label, isSecret = false } = props;
  const parts = useMemo(() => (language === 'setkey' ? colour(text) : [text]), [text, language]);
  return (
    <div className="code__frame">
      <pre className="code" tabIndex={0} role="group" aria-label={label}>
        {parts}
      </pre>
      <span className="code__copy">
        <CopyButton text={text} label={`${t('action.copy')}: ${label}`} isSecret={isSecret} />
      </span>
    </div>
  );
}

function colour(text: string): (string | ReactElement)[] {
  const parts: (string | ReactElement)[] = [];
  let end = 0;
  for (const { kind, from, to } of editorTokens(text)) {
    const tone = tones[kind];
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
