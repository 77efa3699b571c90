/**
 * The foot: back, what comes next, and the one primary button. Nothing is lost by either.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { IpsecError } from '#core/base/error.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { draftFaults } from '../../draft/draft-fault.ts';
import { draftFieldOf, hasSecondPair } from '../../draft/draft-profile.ts';
import { fieldsOf, stepNames, stepOf, type StepName } from '../../draft/draft.ts';
import { makeTunnel } from '../../draft/make-tunnel.ts';
import { areComplete, noKeys, toSecrets } from '../../draft/pasted-keys.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import { asSentences } from '../../text/sentence.ts';
import { useWizard, type Wizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** The foot of a step; `step` is null beside them. A text has to be taken over before it `canMake` anything. */
export function WizardFoot(props: { readonly step: StepName | null; readonly canMake: boolean }): ReactElement {
  const { step, canMake } = props;
  const { t } = useTranslation();
  const index = step === null ? stepNames.length - 1 : stepNames.indexOf(step);
  const before = step === null ? undefined : stepNames[index - 1];
  const after = stepNames[index + 1];
  return (
    <footer className={styles['foot']}>
      {before === undefined ? null : (
        <Link className="button" href={`/wizard/${before}`}>
          <Icon name="left" />
          {t('wizard.back', { step: t(`wizard.step.${before}.small`) })}
        </Link>
      )}
      <span className={`note ${styles['kept'] ?? ''}`}>{t('wizard.kept')}</span>
      <StartOver />
      <span className={styles['grow']} />
      {after !== undefined && step !== null ? <ContinueButton step={step} after={after} /> : null}
      {(after === undefined || step === null) && canMake ? <MakeButton /> : null}
    </footer>
  );
}

/** Only where there is something to throw away. */
function StartOver(): ReactElement | null {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const { form, startOver } = useWizard();
  if (!form.formState.isDirty && form.getValues('name') === '') return null;
  const begin = (): void => {
    startOver();
    navigate('/wizard');
  };
  return (
    <Button kind="plain" size="small" onClick={begin}>
      {t('wizard.startOver')}
    </Button>
  );
}

function ContinueButton({ step, after }: { readonly step: StepName; readonly after: StepName }): ReactElement {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const wizard = useWizard();
  const proceed = async (): Promise<void> => {
    const isFine = await wizard.form.trigger(fieldsOf(step), { shouldFocus: true });
    const isWanting = step === 'keys' && !hasKeys(wizard);
    wizard.setWantingKeys(isWanting);
    if (isFine && !isWanting) navigate(`/wizard/${after}`);
    if (isFine && isWanting) focusFirstKey();
  };
  return (
    <>
      <span className={`note ${styles['next'] ?? ''}`}>
        {t('wizard.next', { what: t(`wizard.step.${after}.next`) })}
      </span>
      <Button type="submit" form="wizard" kind="primary" onClick={(event) => (event.preventDefault(), void proceed())}>
        {t('wizard.continue', { step: t(`wizard.step.${after}.small`) })}
        <Icon name="right" />
      </Button>
    </>
  );
}

function MakeButton(): ReactElement {
  const { t } = useTranslation();
  const [isMaking, setMaking] = useState(false);
  const canMake = useSession(({ link, canOperate }) => link.state === 'connected' && canOperate);
  const { draft } = useWizard();
  const make = useMake();
  const start = async (): Promise<void> => {
    setMaking(true);
    await make().finally(() => setMaking(false));
  };
  return (
    <Button
      type="submit"
      form="wizard"
      kind="primary"
      disabled={!canMake || isMaking}
      onClick={(event) => (event.preventDefault(), void start())}
    >
      {t(isMaking ? 'wizard.making' : draft.made === '' ? 'wizard.make' : 'wizard.remake')}
      <Icon name="right" />
    </Button>
  );
}

/** Makes the tunnel, or leads to the first field that keeps it from being made. */
function useMake(): () => Promise<void> {
  const [, navigate] = useLocation();
  const store = useSessionStore();
  const wizard = useWizard();
  return async () => {
    const { form, draft, suite, pasted, profile, setPasted, setRefusal } = wizard;
    setRefusal(null);
    await form.trigger();
    const [wrong] = draftFaults(draft).keys();
    if (wrong !== undefined || profile === null) {
      navigate(`/wizard/${stepOf[wrong ?? 'peerHost']}`);
      return;
    }
    if (!hasKeys(wizard)) {
      wizard.setWantingKeys(true);
      return navigate('/wizard/keys');
    }
    const pairs = pasted.slice(0, profile.keys.pairs.length);
    const secrets = draft.keyOrigin === 'paste' && areComplete(pairs, suite) ? toSecrets(pairs, suite) : null;
    const made = store.getState().profiles.find((one) => one.profile.name === draft.made) ?? null;
    try {
      const name = await makeTunnel(store.bridge, { profile, pasted: secrets, made });
      setPasted([noKeys, noKeys]);
      form.setValue('made', name);
      await store.refresh().catch(() => {});
      navigate('/wizard/connect');
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      const path = error.details['field'];
      if (typeof path === 'string' && path !== '')
        form.setError(draftFieldOf(path, draft), { message: asSentences(error.message, error.hint) });
      setRefusal(error);
    }
  };
}

/** The first key that is missing or wrong takes the focus, as a wrong field does. */
function focusFirstKey(): void {
  const keys = document.querySelectorAll<HTMLInputElement>('#wizard input[type="password"]');
  [...keys].find(({ value, ariaInvalid }) => value === '' || ariaInvalid === 'true')?.focus();
}

/** Pasted keys have to be whole, unless the tunnel has them already. */
function hasKeys({ draft, pasted, suite }: Wizard): boolean {
  if (draft.keyOrigin === 'generate' || draft.made !== '') return true;
  return areComplete(pasted.slice(0, hasSecondPair(draft) ? 2 : 1), suite);
}

/** Why the helper refused, above the step. */
export function Refusal(): ReactElement | null {
  const { t } = useTranslation();
  const { refusal } = useWizard();
  const canOperate = useSession((session) => session.canOperate);
  const link = useSession((session) => session.link);
  if (link.state !== 'connected') return <Banner severity="attention" title={t('wizard.noHelper')} />;
  if (!canOperate) return <Banner severity="note" title={t('wizard.readOnly')} />;
  if (refusal === null) return null;
  return (
    <Banner severity="fault" title={`${t('wizard.refused')} ${asSentences(refusal.message)}`}>
      {refusal.hint}
    </Banner>
  );
}
