/**
 * The suites of the registry: the recommended one and its like first, with what each costs and why.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { addedBytes } from '#core/profile/profile-size.ts';
import { Button } from '../../components/button.tsx';
import choices from '../../components/choice-list.module.css';
import { suiteChoices, type SuiteChoice } from '../../draft/suite-choice.ts';
import { pathOf } from './plan.ts';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** The choice. */
export function SuiteList(): ReactElement {
  const { t } = useTranslation();
  const { suite } = useWizard();
  const [isWhole, setWhole] = useState(!suite.isCommon);
  const shown = suiteChoices.filter((choice) => isWhole || choice.isCommon || choice.id === suite.id);
  return (
    <fieldset className={styles['section']}>
      <legend className={styles['legend']}>{t('wizard.keys.suite')}</legend>
      <div className={isWhole ? styles['scroll'] : undefined}>
        {shown.map((choice) => (
          <SuiteRow key={choice.id} choice={choice} />
        ))}
      </div>
      <Button
        kind="plain"
        size="small"
        className={styles['more']}
        aria-expanded={isWhole}
        onClick={() => setWhole(!isWhole)}
      >
        {isWhole ? t('wizard.keys.fewer') : t('wizard.keys.more', { count: suiteChoices.length })}
      </Button>
    </fieldset>
  );
}

function SuiteRow({ choice }: { readonly choice: SuiteChoice }): ReactElement {
  const { t } = useTranslation();
  const wizard = useWizard();
  const why = choice.hasCounter ? 'whyCounter' : choice.isRecommended ? 'whyRecommended' : 'whyCipher';
  return (
    <label className={choices['choice']}>
      <input
        type="radio"
        className={choices['radio']}
        value={choice.id}
        checked={wizard.suite.id === choice.id}
        {...wizard.form.register('suite')}
      />
      <span className={choices['choiceName']}>
        {choice.label} {choice.isRecommended ? <em>{t('wizard.keys.recommended')}</em> : null}
      </span>
      <span className="note">{t('wizard.keys.cost', { bytes: addedBytes(choice, pathOf(wizard)) })}</span>
      <span className={`small ${choices['choiceWhy'] ?? ''}`}>{t(`wizard.keys.${why}`)}</span>
    </label>
  );
}
