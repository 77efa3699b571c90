/**
 * Step 1: what the tunnel is for, its name, and the ways that lead past the steps.
 * @module
 */
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import choices from '../../components/choice-list.module.css';
import { CommandLine } from '../../components/command-line.tsx';
import { purposes } from '../../draft/draft.ts';
import { DraftText } from './draft-field.tsx';
import { StepHead } from './step-head.tsx';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** Two gateways in network namespaces (examples/two-gateways). */
const labCommand = 'npm run demo -- --keep';

/** The step. */
export function PurposeStep(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <StepHead title={t('wizard.purpose.title')} lead={t('wizard.purpose.lead')} />
      <PurposeFields />
      <section className={styles['section']}>
        <h2 className={styles['legend']}>{t('wizard.purpose.else')}</h2>
        <Way title={t('wizard.purpose.import')} say={t('wizard.purpose.importSay')}>
          <Link className="button button--small" href="/import">
            {t('wizard.purpose.importAct')}
          </Link>
        </Way>
        <Way title={t('wizard.purpose.everything')} say={t('wizard.purpose.everythingSay')}>
          <Link className="button button--small" href="/wizard/all">
            {t('wizard.purpose.everythingAct')}
          </Link>
        </Way>
        <Way title={t('wizard.purpose.lab')} say={t('wizard.purpose.labSay')}>
          <CommandLine command={labCommand} />
        </Way>
      </section>
    </>
  );
}

/** Purpose and name. */
export function PurposeFields(): ReactElement {
  const { t } = useTranslation();
  const { form, draft } = useWizard();
  return (
    <>
      <fieldset className={styles['section']}>
        <legend className={styles['legend']}>{t('wizard.purpose.choice')}</legend>
        {purposes.map((purpose) => (
          <label key={purpose} className={choices['choice']}>
            <input
              type="radio"
              className={choices['radio']}
              value={purpose}
              checked={draft.purpose === purpose}
              {...form.register('purpose')}
            />
            <span className={choices['choiceName']}>{t(`wizard.purpose.${purpose}.name`)}</span>
            <span className={`small ${choices['choiceWhy'] ?? ''}`}>{t(`wizard.purpose.${purpose}.say`)}</span>
          </label>
        ))}
      </fieldset>
      <div className={styles['narrow']}>
        <DraftText name="name" label={t('wizard.purpose.name')} hint={t('wizard.purpose.nameHint')} maxLength={64} />
      </div>
    </>
  );
}

function Way(props: { readonly title: string; readonly say: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className={styles['way']}>
      <div>
        <h3>{props.title}</h3>
        <p className="small">{props.say}</p>
      </div>
      <div>{props.children}</div>
    </div>
  );
}
