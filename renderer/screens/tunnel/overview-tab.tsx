/**
 * The overview of a tunnel: its picture, and under it throughput with the health of each direction, the section, options.
 * @module
 */
import { useMemo, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Hero } from '../../drawing/hero.tsx';
import { useWatched } from '../../state/use-watched.ts';
import { currentRate } from '../../state/rates.ts';
import { useStatusNow } from '../../state/live/now.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useConditionSentence } from '../tunnels/condition-sentence.ts';
import { FlagOptions } from '../tunnel-interface/flag-options.tsx';
import { HealthList } from './health-list.tsx';
import { tellScene } from './hero-scene.ts';
import { SectionPanel } from './section-panel.tsx';
import { ThroughputPanel } from './throughput-panel.tsx';
import styles from './tunnel.module.css';

/** How often the machine's own network is asked for. */
const networksMs = 10_000;

/** The overview. */
export function OverviewTab(props: { readonly tunnel: Tunnel; readonly roundTrip: string | null }): ReactElement {
  const { t } = useTranslation();
  const { tunnel } = props;
  return (
    <>
      <Picture {...props} />
      <div className={styles['under']}>
        <section>
          <ThroughputPanel tunnel={tunnel} />
          <HealthList tunnel={tunnel} />
        </section>
        <section>
          <div className={styles['sectionHead']}>
            <h2>{t('tunnel.section.title')}</h2>
          </div>
          <SectionPanel tunnel={tunnel} />
        </section>
        <section>
          <div className={styles['sectionHead']}>
            <h2>{t('tunnel.options.title')}</h2>
          </div>
          <FlagOptions tunnel={tunnel} flags={['link0', 'link1', 'link2']} />
        </section>
      </div>
    </>
  );
}

function Picture({ tunnel, roundTrip }: { readonly tunnel: Tunnel; readonly roundTrip: string | null }): ReactElement {
  const { t } = useTranslation();
  const sentence = useConditionSentence(tunnel);
  const status = useStatusNow();
  const events = useSession((session) => session.events);
  const measuredMs = useSession((session) => session.measuredMs);
  const rate = useSession(({ rates }) => currentRate(rates, tunnel.interfaceName));
  const units = useSession(({ shell }) => shell?.settings.units ?? 'bits');
  const networks = useWatched('host.networks', {}, networksMs).value;
  const routes = useWatched('route.list', {}, networksMs).value?.routes ?? null;
  const askedMs = useMemo(
    () =>
      events.findLast((event) => event.kind === 'acquire' && event.interface === tunnel.interfaceName)?.atMs ?? null,
    [events, tunnel.interfaceName],
  );
  const time = roundTrip === null ? null : t('tunnel.hero.roundTrip', { time: roundTrip });
  const facts = { tunnel, status, rate, units, measuredMs, networks, routes, askedMs, roundTrip: time, sentence };
  return <Hero scene={tellScene(facts, t)} />;
}
