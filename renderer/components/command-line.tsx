/**
 * One line to type into a terminal, with a button that copies it.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from './copy-button.tsx';

/** The line. */
export function CommandLine({ command }: { readonly command: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <code className="code code--line">
      <span>{command}</span>
      <CopyButton text={command} label={t('titleblock.copy')} />
    </code>
  );
}
