/**
 * The tunnel as text: what the draft says in the words of the commands.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { StepHead } from './step-head.tsx';

/** The page. */
export function TextForm(): ReactElement {
  const { t } = useTranslation();
  return <StepHead title={t('wizard.text.title')} lead={t('wizard.text.lead')} />;
}
