/**
 * Copies a text and says so for a moment.
 * @module
 */
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionStore } from '../state/session-context.ts';
import { Icon } from './icon.tsx';

const shownMs = 1500;

/** A small button that copies `text`; `isSecret` texts leave the clipboard after a minute. */
export function CopyButton(props: {
  readonly text: string;
  readonly label: string;
  readonly isSecret?: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const { bridge } = useSessionStore();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    const { text, isSecret = false } = props;
    bridge.call('shell.copy', { text, isSecret }).then(
      () => setCopied(true),
      () => {},
    );
  };
  const label = isCopied ? t('titleblock.copied') : props.label;
  return (
    <button type="button" className="button button--plain button--small button--icon" onClick={copy} title={label}>
      <Icon name={isCopied ? 'check' : 'copy'} label={label} />
    </button>
  );
}
