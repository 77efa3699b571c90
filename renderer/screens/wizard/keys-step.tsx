/**
 * Step 3: the suite with its recommendation, keys and SPIs, and when they end.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../components/segments.tsx';
import { useSession } from '../../state/session-context.ts';
import { DraftText } from './draft-field.tsx';
import { KeyRows } from './key-rows.tsx';
import { StepHead } from './step-head.tsx';
import { SuiteList } from './suite-list.tsx';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** The step. */
export function KeysStep(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <StepHead title={t('wizard.keys.title')} lead={t('wizard.keys.lead')} />
      <KeysFields />
    </>
  );
}

/** Origin, suite, SPIs, lifetimes. */
export function KeysFields(): ReactElement {
  const { t } = useTranslation();
  const { form, draft } = useWizard();
  return (
    <>
      <div className={styles['origin']}>
        <Segments
          isLarge
          label={t('wizard.keys.origin')}
          value={draft.keyOrigin}
          options={[
            { value: 'generate', label: t('wizard.keys.generate') },
            { value: 'paste', label: t('wizard.keys.paste') },
          ]}
          onChoose={(keyOrigin) => form.setValue('keyOrigin', keyOrigin, { shouldDirty: true })}
        />
      </div>
      <SuiteList />
      <KeyRows />
      <fieldset className={styles['section']}>
        <legend className={styles['legend']}>{t('wizard.keys.lifetime')}</legend>
        <div className={styles['three']}>
          <DraftText
            name="lifeDays"
            label={t('wizard.keys.endAfter')}
            note={t('wizard.keys.days')}
            inputMode="decimal"
          />
          <DraftText name="lifeGib" label={t('wizard.keys.orAfter')} note={t('wizard.keys.gib')} inputMode="decimal" />
          <DraftText
            name="remindDays"
            label={t('wizard.keys.remind')}
            note={t('wizard.keys.daysBefore')}
            inputMode="decimal"
          />
        </div>
        <LifetimeSentence />
      </fieldset>
    </>
  );
}

const dayMs = 86_400_000;

/** What the lifetimes mean as dates of this person's calendar. */
function LifetimeSentence(): ReactElement {
  const { t } = useTranslation();
  const { draft } = useWizard();
  const nowMs = useSession(({ status }) => status?.nowMs ?? null);
  const days = Number(draft.lifeDays);
  const remind = Number(draft.remindDays);
  const dateOf = (after: number): string =>
    new Date((nowMs ?? 0) + after * dayMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
  const values = { end: dateOf(days), remind: dateOf(days - remind) };
  const hasReminder = remind > 0 && remind < days;
  return (
    <p className="field__hint">
      {t('wizard.keys.lifeHint')}
      <br />
      {days > 0
        ? nowMs === null
          ? ''
          : t(hasReminder ? 'wizard.keys.ends' : 'wizard.keys.endsOnly', values)
        : t('wizard.keys.endless')}
    </p>
  );
}
