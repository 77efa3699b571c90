/**
 * The sheet of one tunnel: head with word, sentence and switch; tabs; beside them the ladder of checks while it is open.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'wouter';
import { Tabs } from '../../components/tabs.tsx';
import { useSession } from '../../state/session-context.ts';
import { useTunnels } from '../../state/live/use-tunnels.ts';
import { findTunnel, type Tunnel } from '../../state/tunnel-list.ts';
import { EventsTab } from './events-tab.tsx';
import { InterfaceTab } from '../tunnel-interface/interface-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { PathTest } from './path-test.tsx';
import { PoliciesTab } from './policies-tab.tsx';
import { TextTab } from '../tunnel-interface/text-tab.tsx';
import { associationsOf, policiesOf } from './tunnel-facts.ts';
import { TunnelHead } from './tunnel-head.tsx';
import styles from './tunnel.module.css';

const tabNames = ['overview', 'interface', 'keys', 'policies', 'events', 'text'] as const;
type TabName = (typeof tabNames)[number];

/** The sheet of `/tunnel/:name`. */
export function TunnelScreen(): ReactElement | null {
  const { name = '', tab } = useParams<{ readonly name: string; readonly tab?: string }>();
  const isRead = useSession(({ status }) => status !== null);
  const tunnel = findTunnel(useTunnels(), decodeName(name));
  if (tunnel !== undefined) return <TunnelSheet key={tunnel.profile?.id ?? tunnel.name} tunnel={tunnel} tab={tab} />;
  return isRead ? <Missing name={decodeName(name)} /> : null;
}

function TunnelSheet({ tunnel, tab }: { readonly tunnel: Tunnel; readonly tab: string | undefined }): ReactElement {
  const { t } = useTranslation();
  const [, go] = useLocation();
  // How often the test was asked for; each time it runs anew. Null: its drawer is closed.
  const [test, setTest] = useState<number | null>(null);
  const [roundTrip, setRoundTrip] = useState<string | null>(null);
  const status = useSession((session) => session.status);
  const open = tabNames.find((name) => name === tab) ?? 'overview';
  const panels: Readonly<Record<TabName, () => ReactElement>> = {
    overview: () => <OverviewTab tunnel={tunnel} roundTrip={roundTrip} />,
    interface: () => <InterfaceTab tunnel={tunnel} />,
    keys: () => <KeysTab tunnel={tunnel} />,
    policies: () => <PoliciesTab tunnel={tunnel} />,
    events: () => <EventsTab tunnel={tunnel} />,
    text: () => <TextTab tunnel={tunnel} />,
  };
  const counts: Readonly<Partial<Record<TabName, number>>> =
    tunnel.interface === null
      ? {}
      : { keys: associationsOf(tunnel, status).length, policies: policiesOf(tunnel, status).length };
  return (
    <>
      <TunnelHead tunnel={tunnel} onTest={() => setTest((test ?? 0) + 1)} />
      <div className={styles['beside']}>
        <Tabs
          label={t('tunnel.tabs.label')}
          open={open}
          onOpen={(to) => go(`/tunnel/${encodeURIComponent(tunnel.name)}${to === 'overview' ? '' : `/${to}`}`)}
          tabs={tabNames.map((name) => ({
            name,
            label: t(`tunnel.tabs.${name}`),
            count: counts[name],
            panel: panels[name],
          }))}
        />
        {test === null ? null : (
          <PathTest key={test} tunnel={tunnel} onRoundTrip={setRoundTrip} onClose={() => setTest(null)} />
        )}
      </div>
    </>
  );
}

function Missing({ name }: { readonly name: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <header className="sheet__head">
        <h1>{t('tunnel.missing.title', { name })}</h1>
      </header>
      <div className="sheet__body">
        <p>
          {t('tunnel.missing.say')} <Link href="/tunnels">{t('tunnel.missing.back')}</Link>
        </p>
      </div>
    </>
  );
}

/** wouter leaves some names encoded, and a name may hold `%` itself. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
