/**
 * The tunnels: one row each with its picture, word and sentence, in an order that does not move by itself.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Icon } from '../../components/icon.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useTunnels } from '../../state/session-context.ts';
import { matchesQuery, type Tunnel } from '../../state/tunnel-list.ts';
import { conditions } from '../../state/tunnel-condition.ts';
import { TunnelRow } from './tunnel-row.tsx';

/** The sheet of all tunnels. */
export function TunnelsScreen(): ReactElement {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const tunnels = useTunnels();
  const shown = tunnels.filter((tunnel) => matchesQuery(tunnel, query));
  return (
    <>
      <header className="sheet__head">
        <h1>{t('sheet.tunnels')}</h1>
        <Summary tunnels={tunnels} />
        <span className="spacer" />
        <label className="search">
          <span className="sr">{t('tunnels.search')}</span>
          <Icon name="search" />
          <input
            className="input"
            placeholder={t('tunnels.placeholder')}
            value={query}
            onChange={({ target }) => setQuery(target.value)}
          />
          <span className="kbd">/</span>
        </label>
        <Link className="button button--primary" href="/wizard">
          <Icon name="plus" />
          {t('tunnels.new')}
        </Link>
      </header>
      <div className="sheet__body">
        <TunnelsHead />
        {shown.map((tunnel) => (
          <TunnelRow key={tunnel.name} tunnel={tunnel} />
        ))}
      </div>
    </>
  );
}

function Summary({ tunnels }: { readonly tunnels: readonly Tunnel[] }): ReactElement {
  const counts = conditions
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

function TunnelsHead(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="tl tl--head">
      <span>{t('tunnels.head.state')}</span>
      <span>{t('tunnels.head.tunnel')}</span>
      <span>{t('tunnels.head.path')}</span>
      <span className="c-spark">{t('tunnels.head.spark')}</span>
      <span className="num">{t('tunnels.head.rate')}</span>
      <span className="c-end num">{t('tunnels.head.ends')}</span>
      <span className="num">{t('tunnels.head.on')}</span>
    </div>
  );
}
