/**
 * The title block under every sheet: when it was measured, what solid and dashed mean, and the command that prints the
 * same thing.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { CopyButton } from '../components/copy-button.tsx';
import { formatClock, formatClockMinute } from '../state/format.ts';
import { useSession } from '../state/session-context.ts';
import { commandOf } from './sheet-command.ts';

/** The title block. */
export function TitleBlock(): ReactElement {
  const { t } = useTranslation();
  const [location] = useLocation();
  const isTest = useSession(({ shell }) => shell?.isTestRuntime ?? false);
  const command = commandOf(location);
  return (
    <footer className="titleblock">
      <span>
        {t('titleblock.measured')} <Measured />
      </span>
      <span className="wide">
        <svg width="20" height="4" aria-hidden="true">
          <path d="M0 2h20" stroke="var(--line-ink)" strokeWidth="2" />
        </svg>
        {t('titleblock.here')}
        <svg width="20" height="4" aria-hidden="true">
          <path d="M0 2h20" stroke="var(--line)" strokeDasharray="4 3" />
        </svg>
        {t('titleblock.told')}
      </span>
      <span className="grow">
        <code>{command}</code>
        <CopyButton text={command} label={t('titleblock.copy')} />
      </span>
      {isTest ? <b className="is-attention">{t('titleblock.testRuntime')}</b> : null}
      <HelperVersion />
    </footer>
  );
}

function Measured(): ReactElement {
  const { t } = useTranslation();
  const isLive = useSession(({ link }) => link.state === 'connected');
  // Seconds would be drawn anew with every sign of life; they matter once there are no more.
  const time = useSession(({ measuredMs }) =>
    measuredMs === 0 ? null : isLive ? formatClockMinute(measuredMs) : formatClock(measuredMs),
  );
  if (time === null) return <b>{t('titleblock.notYet')}</b>;
  return <b>{t(isLive ? 'titleblock.live' : 'titleblock.paused', { time })}</b>;
}

function HelperVersion(): ReactElement {
  const { t } = useTranslation();
  const version = useSession(({ status }) => status?.helperVersion ?? null);
  const state = useSession(({ link }) => link.state);
  if (state === 'connected' && version !== null) return <span>{t('titleblock.helper', { version })}</span>;
  if (state === 'connected' || state === 'connecting') return <span>{t('titleblock.noHelper')}</span>;
  return <b className="is-fault">{t(state === 'absent' ? 'titleblock.noHelper' : `titleblock.${state}`)}</b>;
}
