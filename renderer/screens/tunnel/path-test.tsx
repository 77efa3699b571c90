/**
 * The drawer of the path's test: the ladder of checks, run when it opens and as often as one likes.
 * @module
 */
import { useCallback, useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelayResult } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Drawer, DrawerPart } from '../../components/drawer.tsx';
import { Ladder } from '../../components/ladder.tsx';
import { formatClock } from '../../state/format.ts';
import { useSessionStore } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { roundTripOf } from './round-trip.ts';
import styles from './tunnel.module.css';

type Checks = RelayResult<'tunnel.verify'>['checks'];

/** What was found, and when: the tunnel may have become another since. */
type Result = { readonly checks: Checks; readonly atMs: number };

/** The drawer; `onRoundTrip` hears how long a ping took, null where none was answered. */
export function PathTest(props: {
  readonly tunnel: Tunnel;
  readonly onRoundTrip: (time: string | null) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { tunnel, onRoundTrip, onClose } = props;
  const { bridge } = useSessionStore();
  const [result, setResult] = useState<Result | IpsecError | null>(null);
  const { name } = tunnel;
  const ask = useCallback(() => bridge.call('tunnel.verify', { name }), [bridge, name]);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    ask().then(
      ({ checks }) => {
        if (!isWanted) return;
        setResult({ checks, atMs: Date.now() });
        onRoundTrip(roundTripOf(checks));
      },
      (error: unknown) => {
        if (isWanted && error instanceof IpsecError) setResult(error);
      },
    );
    return () => {
      isWanted = false;
    };
  }, [ask, onRoundTrip, turn]);
  const again = (): void => {
    setResult(null);
    setTurn(turn + 1);
  };
  return (
    <Drawer
      title={t('tunnel.ladder.title')}
      label={t('tunnel.ladder.title')}
      subtitle={t('tunnel.ladder.subtitle')}
      onClose={onClose}
      foot={
        <Button icon="diagnose" onClick={again} disabled={result === null}>
          {t('tunnel.ladder.again')}
        </Button>
      }
    >
      <div className={styles['ladder']} aria-live="polite" aria-busy={result === null}>
        {result === null ? (
          <p className="small">{t('tunnel.ladder.running')}</p>
        ) : result instanceof IpsecError ? (
          <Banner severity="fault" title={result.message}>
            {result.hint}
          </Banner>
        ) : (
          <DrawerPart title={verdict(result.checks)} note={formatClock(result.atMs)}>
            <Ladder checks={result.checks} />
          </DrawerPart>
        )}
      </div>
    </Drawer>
  );

  function verdict(checks: Checks): string {
    const failure = checks.find(({ state }) => state === 'failed');
    if (failure !== undefined) return t('tunnel.ladder.failedAt', { title: failure.title });
    const passed = checks.filter(({ state }) => state === 'passed').length;
    if (passed === checks.length) return t('tunnel.ladder.passedAll', { count: passed });
    return t('tunnel.ladder.unsure', { count: passed, total: checks.length });
  }
}
