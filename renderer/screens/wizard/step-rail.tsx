/**
 * The rail of the wizard: its stations, what was written at each, and the ways out.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Icon } from '../../components/icon.tsx';
import { draftFaults } from '../../draft/draft-fault.ts';
import { listOf } from '../../draft/draft-profile.ts';
import { stepNames, stepOf, type StepName } from '../../draft/draft.ts';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** `step` is null beside the steps: on one page, as text. */
export function StepRail({ step, isMade }: { readonly step: StepName | null; readonly isMade: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <nav className={`rail ${styles['rail'] ?? ''}`} aria-label={t('wizard.rail')}>
      <div className="rail__mark">
        <svg viewBox="0 0 64 64" aria-hidden="true">
          <path fill="var(--ink)" d="M2 8h60v8H2z" />
          <path fill="var(--flow-line)" d="M18 41h28a14 14 0 0 1-28 0z" />
          <circle cx="32" cy="40" r="16" fill="none" stroke="var(--ink)" strokeWidth="6" />
        </svg>
        <span>{t('wizard.title')}</span>
      </div>
      <Stations step={step} isMade={isMade} />
      <div className="rail__foot">
        {step === null && !isMade ? (
          <Link href="/wizard" title={t('wizard.asSteps')}>
            <Icon name="left" size={20} />
            <span>{t('wizard.asSteps')}</span>
          </Link>
        ) : null}
        <Link href="/wizard/text" title={t('wizard.asText')}>
          <Icon name="command" size={20} />
          <span>{t('wizard.asText')}</span>
        </Link>
        <Link href="/tunnels" title={t('wizard.stop')}>
          <Icon name="close" size={20} />
          <span>{t('wizard.stop')}</span>
        </Link>
      </div>
    </nav>
  );
}

function Stations({ step, isMade }: { readonly step: StepName | null; readonly isMade: boolean }): ReactElement {
  const { t } = useTranslation();
  const { draft } = useWizard();
  const told = useTold();
  const faulty = new Set([...draftFaults(draft).keys()].map((field) => stepOf[field]));
  // Beside the steps, each that needs nothing more is done.
  const here = step === null ? stepNames.indexOf('check') : stepNames.indexOf(step);
  return (
    <ol className={`steps ${styles['steps'] ?? ''}`}>
      {stepNames.map((name, index) => {
        const isDone = isMade || (index < here && !faulty.has(name));
        const isHere = !isMade && step !== null && index === here;
        return (
          <li
            key={name}
            aria-current={isHere ? 'step' : undefined}
            className={isDone || isHere ? undefined : 'is-ahead'}
          >
            <Station mark={isHere ? 'here' : isDone ? 'done' : 'ahead'} />
            <Link href={`/wizard/${name}`} title={t(`wizard.step.${name}.name`)}>
              <b>{t(`wizard.step.${name}.name`)}</b>
              <span>{isDone ? told[name] : t(`wizard.step.${name}.ahead`)}</span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}

/** What was written at each station, in a few words. */
function useTold(): Readonly<Record<StepName, string>> {
  const { t } = useTranslation();
  const { draft, suite, ownHost } = useWizard();
  return {
    purpose: t(`wizard.purpose.${draft.purpose}.done`),
    ends: `${ownHost || draft.localHost} – ${draft.peerHost}`,
    keys: suite.label,
    networks: listOf(draft.routes).join(', ') || draft.innerPeer,
    check: draft.interface,
  };
}

function Station({ mark }: { readonly mark: 'done' | 'here' | 'ahead' }): ReactElement {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      {mark === 'done' ? (
        <>
          <rect x="1" y="1" width="14" height="14" fill="var(--ink)" />
          <path d="M4 8.5l3 3 5-6.5" fill="none" stroke="var(--ink-on)" strokeWidth="1.75" />
        </>
      ) : mark === 'here' ? (
        <rect
          x="1.75"
          y="1.75"
          width="12.5"
          height="12.5"
          fill="var(--paper)"
          stroke="var(--pencil-line)"
          strokeWidth="2.5"
        />
      ) : (
        <rect
          x="1.5"
          y="1.5"
          width="13"
          height="13"
          fill="var(--paper-sunken)"
          stroke="var(--line)"
          strokeDasharray="3 2"
        />
      )}
    </svg>
  );
}
