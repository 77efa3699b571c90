/**
 * The rail: one entry a sheet, with how many things it holds.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { Icon, type IconName } from '../components/icon.tsx';
import { formatCount } from '../state/format.ts';
import { useSession } from '../state/session-context.ts';
import { useTunnels } from '../state/live/use-tunnels.ts';

/** The rail. */
export function Rail(): ReactElement {
  const { t } = useTranslation();
  const counts = {
    tunnels: useTunnelCount(),
    // What the helper holds is known while it answers; tunnels are listed as last seen.
    associations: useSession(({ status, link }) =>
      status === null || link.state !== 'connected' ? null : status.associations.length + status.larvals.length,
    ),
    policies: useSession(({ status, link }) => (link.state === 'connected' ? (status?.policies.length ?? null) : null)),
  };
  return (
    <nav className="rail" aria-label={t('sheet.rail')}>
      <div className="rail__mark">
        <svg viewBox="0 0 64 64" aria-hidden="true">
          <path fill="var(--ink)" d="M2 8h60v8H2z" />
          <path fill="var(--flow-line)" d="M18 41h28a14 14 0 0 1-28 0z" />
          <circle cx="32" cy="40" r="16" fill="none" stroke="var(--ink)" strokeWidth="6" />
        </svg>
        <span>Culvert</span>
      </div>
      <Entry to="/tunnels" name="tunnels" icon="tunnels" count={counts.tunnels} />
      <Entry to="/associations" name="associations" icon="associations" count={counts.associations} />
      <Entry to="/policies" name="policies" icon="policies" count={counts.policies} />
      <Entry to="/events" name="events" icon="events" count={null} />
      <div className="rail__foot">
        <Entry to="/settings" name="settings" icon="settings" count={null} />
      </div>
    </nav>
  );
}

/** None where nothing was ever read. */
function useTunnelCount(): number | null {
  const isKnown = useSession(({ status }) => status !== null);
  const { length } = useTunnels();
  return isKnown ? length : null;
}

function Entry(props: {
  readonly to: string;
  readonly name: 'tunnels' | 'associations' | 'policies' | 'events' | 'settings';
  readonly icon: IconName;
  readonly count: number | null;
}): ReactElement {
  const { t } = useTranslation();
  const [location] = useLocation();
  const isHere = location.startsWith(props.to) || (props.to === '/tunnels' && /^\/(tunnel(\/|$)|$)/.test(location));
  return (
    <Link href={props.to} title={t(`sheet.${props.name}`)} aria-current={isHere ? 'page' : undefined}>
      <Icon name={props.icon} size={20} />
      <span>{t(`sheet.${props.name}`)}</span>
      {props.count === null ? null : <span className="count">{formatCount(props.count)}</span>}
    </Link>
  );
}
