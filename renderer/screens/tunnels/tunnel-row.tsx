/**
 * One tunnel of the list: picture, name with word, sentence with its number, outer path, the last minute, a switch.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { formatRate } from '#core/api/reading/rate.ts';
import { Icon } from '../../components/icon.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { Pipe } from '../../drawing/pipe.tsx';
import { Sparkline } from '../../drawing/sparkline.tsx';
import { formatEndpoint, formatRough, none } from '../../state/format.ts';
import { currentRate, historyOf } from '../../state/rates.ts';
import { useAtTime } from '../../state/live/now.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useConditionSentence } from './condition-sentence.ts';
import { TunnelSwitch } from './tunnel-switch.tsx';

/** The row of `tunnel`. */
export function TunnelRow({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const measured = useSession(({ rates }) => historyOf(rates, tunnel.interfaceName));
  const isKnown = tunnel.condition !== 'unknown';
  return (
    <article className={`tl tl--row${isKnown ? '' : ' is-compact'}`}>
      <Pipe condition={tunnel.condition} />
      <div>
        <Link className="tl__name" href={`/tunnel/${encodeURIComponent(tunnel.name)}`}>
          <span title={tunnel.name}>{tunnel.name}</span> <StateBadge condition={tunnel.condition} />
        </Link>
        <Sentence tunnel={tunnel} />
      </div>
      <Path tunnel={tunnel} />
      <div className="c-spark">
        <Sparkline history={isKnown ? measured : []} />
      </div>
      <RateCell tunnel={tunnel} />
      <KeysEnd tunnel={tunnel} />
      <TunnelSwitch tunnel={tunnel} />
    </article>
  );
}

/** Apart, for it changes with the time alone. */
function Sentence({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  return <p className="tl__say">{useConditionSentence(tunnel)}</p>;
}

function Path({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const { interfaceName, profile, interface: link } = tunnel;
  const host = link?.tunnel?.peer ?? profile?.profile.peer.host;
  const port = link?.tunnel?.peerPort ?? profile?.profile.peer.port ?? 0;
  const isNatT = link?.link0 ?? profile?.profile.flags.link0 ?? false;
  const inner = profile?.profile.routes[0] ?? innerAddress(tunnel);
  return (
    <div className="tl__path">
      <span className="bits">{host === undefined ? none : formatEndpoint(host, port)}</span>
      <span className="note">
        {[interfaceName, t(isNatT ? 'tunnels.espInUdp' : 'tunnels.esp'), ...(inner === null ? [] : [inner])].join(', ')}
      </span>
    </div>
  );
}

function innerAddress({ interface: link }: Tunnel): string | null {
  const first = link?.addresses[0];
  return first === undefined ? null : `${first.address}/${first.prefixLength}`;
}

function RateCell({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const rate = useSession(({ rates }) => currentRate(rates, tunnel.interfaceName));
  const units = useSession(({ shell }) => shell?.settings.units ?? 'bits');
  const isFlowing = tunnel.condition !== 'unknown' && tunnel.interface?.isUp === true;
  if (rate === null || !isFlowing) return <div className="num is-none">{none}</div>;
  return (
    <div className="tl__rates">
      <span>
        {formatRate(rate.outBytes, units)} <Icon name="arrowUp" label={t('tunnels.out')} />
      </span>
      <span>
        {formatRate(rate.inBytes, units)} <Icon name="arrowDown" label={t('tunnels.in')} />
      </span>
    </div>
  );
}

function KeysEnd({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const { condition, keysEndMs } = tunnel;
  const isSoon = condition === 'keys-end-soon';
  const left = useAtTime((nowMs) => (keysEndMs === null ? '' : formatRough(keysEndMs - nowMs)), keysEndMs !== null);
  const isKnown = keysEndMs !== null && condition !== 'unknown';
  const text = condition === 'waiting' ? t('tunnels.noKeys') : isKnown ? t('tunnels.inTime', { time: left }) : none;
  return <div className={`c-end num tl__end${isSoon ? ' is-attention' : ''}`}>{text}</div>;
}
