/**
 * After the steps: the other end gets its configuration, and the ladder is asked again until a ping comes back.
 * @module
 */
import { useCallback, useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { CheckView } from '#core/api/desktop-contract.ts';
import type { RelayResult } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { Ladder } from '../../components/ladder.tsx';
import { forgetDraft } from '../../draft/draft-store.ts';
import { switchOn } from '../../draft/make-tunnel.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import { PeerDelivery } from './peer-delivery.tsx';
import { StepHead } from './step-head.tsx';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

type Checks = RelayResult<'tunnel.verify'>['checks'];

/** Between two turns of the ladder. */
const pauseMs = 3000;

/** The step; `onWorks` hears when a ping came back. */
export function ConnectStep(props: {
  readonly works: boolean;
  readonly onWorks: (works: boolean) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { draft } = useWizard();
  const name = draft.made;
  return (
    <>
      <StepHead title={t('wizard.connect.title')} lead={t('wizard.connect.lead', { name })} />
      <section className={styles['section']}>
        <h2 className={styles['legend']}>{t('wizard.connect.first')}</h2>
        <PeerDelivery name={name} />
        <p className="field__hint">{t('wizard.connect.firstSay')}</p>
      </section>
      <Verify name={name} works={props.works} onWorks={props.onWorks} />
    </>
  );
}

/** The foot of this step. */
export function ConnectFoot({ works }: { readonly works: boolean }): ReactElement {
  const { t } = useTranslation();
  const { draft } = useWizard();
  const [, navigate] = useLocation();
  const leave = (): void => {
    forgetDraft(sessionStorage);
    navigate(`/tunnel/${encodeURIComponent(draft.made)}`);
  };
  return (
    <footer className={styles['foot']}>
      <Link className="button" href="/wizard/check">
        <Icon name="left" />
        {t('wizard.connect.change')}
      </Link>
      <span className={styles['grow']} />
      <Button kind={works ? 'primary' : 'regular'} onClick={leave}>
        {t('wizard.done')}
        <Icon name="right" />
      </Button>
    </footer>
  );
}

function Verify(props: {
  readonly name: string;
  readonly works: boolean;
  readonly onWorks: (works: boolean) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { name, works, onWorks } = props;
  const { checks, error, isAsking, ask } = useLadder(name, onWorks);
  return (
    <section className={styles['section']}>
      <h2 className={styles['legend']}>
        {t('wizard.connect.second')}
        <span className={styles['made']}>
          <Button size="small" icon="diagnose" disabled={isAsking} onClick={ask}>
            {t('wizard.connect.again')}
          </Button>
        </span>
      </h2>
      <p className="field__hint">{t('wizard.connect.secondSay')}</p>
      <Problem name={name} />
      <Verdict works={works} checks={checks} error={error} />
      {checks === null ? null : <Ladder checks={checks} />}
    </section>
  );
}

/** Checks that fail for as long as the other end is not set up. */
const needOtherEnd: readonly CheckView['id'][] = ['heard', 'ping', 'path-mtu'];

function Verdict(props: {
  readonly works: boolean;
  readonly checks: Checks | null;
  readonly error: IpsecError | null;
}): ReactElement {
  const { t } = useTranslation();
  const { works, checks, error } = props;
  if (error !== null) {
    return (
      <Banner severity="attention" title={error.message}>
        {error.hint}
      </Banner>
    );
  }
  const failure = checks?.find(({ state }) => state === 'failed');
  const isStuck = failure !== undefined && !needOtherEnd.includes(failure.id);
  const word = works ? 'works' : checks === null ? 'checking' : isStuck ? 'stuck' : 'waiting';
  return (
    <div className={styles['verdict']} role="status">
      <span className={works ? 'is-flow' : isStuck ? 'is-fault' : 'is-attention'}>
        <Icon name={works ? 'check' : isStuck ? 'stop' : 'loop'} />
      </span>
      <div>
        <b>{t(`wizard.connect.${word}`)}</b>
        {word === 'checking' ? null : (
          <p className="small">{t(`wizard.connect.${word}Say`, { title: failure?.title ?? '' })}</p>
        )}
      </div>
    </div>
  );
}

/** What keeps this end from coming up. */
function Problem({ name }: { readonly name: string }): ReactElement | null {
  const { t } = useTranslation();
  const store = useSessionStore();
  const view = useSession(({ profiles }) => profiles.find((one) => one.profile.name === name) ?? null);
  if (view === null || view.phase === 'on' || view.phase === 'starting') return null;
  return (
    <Banner
      severity="fault"
      title={view.problem?.message ?? t('wizard.connect.off')}
      acts={
        <Button onClick={() => void switchOn(store.bridge, name).then(() => store.refresh())}>
          {t('wizard.connect.offAct')}
        </Button>
      }
    >
      {view.problem?.hint ?? ''}
    </Banner>
  );
}

/** Asks the ladder now and again, until a ping was answered. */
function useLadder(
  name: string,
  onWorks: (works: boolean) => void,
): { checks: Checks | null; error: IpsecError | null; isAsking: boolean; ask: () => void } {
  const { bridge } = useSessionStore();
  const [checks, setChecks] = useState<Checks | null>(null);
  const [error, setError] = useState<IpsecError | null>(null);
  const [turn, setTurn] = useState(0);
  const [isAsking, setAsking] = useState(true);
  const ask = useCallback(() => {
    setAsking(true);
    setTurn((last) => last + 1);
  }, []);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isWanted = true;
    const settle = (isDone: boolean): void => {
      setAsking(false);
      if (!isDone) timer = setTimeout(ask, pauseMs);
    };
    bridge.call('tunnel.verify', { name }).then(
      (result) => {
        if (!isWanted) return;
        const works = result.checks.some(({ id, state }) => id === 'ping' && state === 'passed');
        setChecks(result.checks);
        setError(null);
        onWorks(works);
        settle(works);
      },
      (refused: unknown) => {
        if (!isWanted) return;
        setError(refused instanceof IpsecError ? refused : null);
        settle(false);
      },
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [bridge, name, turn, ask, onWorks]);
  return { checks, error, isAsking, ask };
}
