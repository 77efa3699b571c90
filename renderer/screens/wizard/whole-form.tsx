/**
 * Every field on one page, for whoever knows what they want: the same draft as the steps.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckFields, Makes } from './check-step.tsx';
import { EndsFields } from './ends-step.tsx';
import { KeysFields } from './keys-step.tsx';
import { NetworksFields } from './networks-step.tsx';
import { PurposeFields } from './purpose-step.tsx';
import { StepHead } from './step-head.tsx';
import styles from './wizard.module.css';

/** The page. */
export function WholeForm(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <StepHead title={t('wizard.all.title')} lead={t('wizard.all.lead')} />
      <PurposeFields />
      <section className={styles['section']}>
        <h2 className={styles['legend']}>{t('wizard.step.ends.name')}</h2>
        <EndsFields />
      </section>
      <h2 className={styles['legend']}>{t('wizard.step.keys.name')}</h2>
      <KeysFields />
      <NetworksFields />
      <CheckFields />
      <Makes />
    </>
  );
}
