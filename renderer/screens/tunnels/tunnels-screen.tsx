/**
 * The tunnels: one row each with its picture, word and sentence, in an order that does not move by itself.
 * @module
 */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Icon } from '../../components/icon.tsx';
import { SearchBox } from '../../components/search-box.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useSession } from '../../state/session-context.ts';
import { useTunnels } from '../../state/live/use-tunnels.ts';
import { conditions } from '../../state/tunnel-condition.ts';
import { matchesQuery, type Tunnel } from '../../state/tunnel-list.ts';
import { nextOrder, orderTunnels, type TunnelOrder } from '../../state/tunnel-order.ts';
import { NoHelper } from './no-helper.tsx';
import { NoTunnels } from './no-tunnels.tsx';
import { SetAside } from './set-aside.tsx';
import { TunnelRow } from './tunnel-row.tsx';
import { TunnelsBanner } from './tunnels-banner.tsx';
import { TunnelsHead } from './tunnels-head.tsx';

/** The sheet of all tunnels. */
export function TunnelsScreen(): ReactElement {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const tunnels = useTunnels();
  const isLive = useSession(({ link }) => link.state === 'connected');
  const isKnown = useSession(({ status }) => status !== null);
  const isEmpty = isLive && isKnown && tunnels.length === 0;
  return (
    <>
      <header className="sheet__head">
        <h1>{t('sheet.tunnels')}</h1>
        <Summary tunnels={tunnels} />
        <span className="spacer" />
        {isEmpty ? null : (
          <>
            <SearchBox
              label={t('tunnels.search')}
              placeholder={t('tunnels.placeholder')}
              value={query}
              onChange={setQuery}
              onLeave={() => list.current?.querySelector<HTMLElement>(rowLinks)?.focus()}
            />
            <Link className={`button${isLive ? ' button--primary' : ''}`} href="/wizard" aria-label={t('tunnels.new')}>
              <Icon name="plus" />
              {t('tunnels.new')}
            </Link>
          </>
        )}
      </header>
      <div className="sheet__body">
        {isLive ? <TunnelsBanner tunnels={tunnels} /> : <NoHelper />}
        {isEmpty ? <NoTunnels /> : null}
        {tunnels.length === 0 ? null : (
          <div ref={list} onKeyDown={moveAmongRows}>
            <TunnelRows tunnels={tunnels} query={query} />
          </div>
        )}
        <SetAside />
      </div>
    </>
  );
}

/** In the page's timeline when the list is painted: for the benchmark. */
const listMark = 'culvert-list';

/** The frame after the one that has the list begins when that is on its way to the screen. */
function markPainted(): void {
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark(listMark)));
}

const rowLinks = 'a.tl__name';

/** Arrows go from name to name; Enter on a name opens it. */
function moveAmongRows(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target instanceof HTMLElement)) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>(rowLinks)];
  const row = event.target.closest('article');
  const at = links.findIndex((link) => row?.contains(link) === true);
  const next = at === -1 ? undefined : links[at + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function TunnelRows({ tunnels, query }: { readonly tunnels: readonly Tunnel[]; readonly query: string }): ReactElement {
  const { t } = useTranslation();
  const [order, setOrder] = useState<TunnelOrder | null>(null);
  useEffect(markPainted, []);
  const shown = orderTunnels(
    tunnels.filter((tunnel) => matchesQuery(tunnel, query)),
    order,
  );
  return (
    <>
      <TunnelsHead order={order} onOrder={(by) => setOrder(nextOrder(order, by))} />
      {shown.map((tunnel) => (
        <TunnelRow key={tunnel.name} tunnel={tunnel} />
      ))}
      {shown.length === 0 ? <p className="nothing">{t('tunnels.nothingFound', { query: query.trim() })}</p> : null}
    </>
  );
}

/** What works first, then the worst, so that where there is no room the harmless is left out. */
const summed = ['up', 'idle', ...conditions.toReversed().filter((word) => word !== 'up' && word !== 'idle')] as const;

function Summary({ tunnels }: { readonly tunnels: readonly Tunnel[] }): ReactElement {
  const counts = summed
    .map((condition) => ({ condition, count: tunnels.filter((tunnel) => tunnel.condition === condition).length }))
    .filter(({ count }) => count > 0);
  return (
    <p className="small summary">
      {counts.map(({ condition, count }) => (
        <StateBadge key={condition} condition={condition} count={count} />
      ))}
    </p>
  );
}
