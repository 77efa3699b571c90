/**
 * The head of the list: what each column is, and the three that rows can be ordered by.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../components/icon.tsx';
import type { TunnelOrder } from '../../state/tunnel-order.ts';

/** The head. */
export function TunnelsHead(props: {
  readonly order: TunnelOrder | null;
  readonly onOrder: (by: TunnelOrder['by']) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { order, onOrder } = props;
  const sorter = (by: TunnelOrder['by'], label: string): ReactElement => (
    <button type="button" className="table__sort" aria-pressed={order?.by === by} onClick={() => onOrder(by)}>
      {label}
      {order?.by === by ? <Icon name={order.isDescending ? 'arrowDown' : 'arrowUp'} /> : null}
    </button>
  );
  return (
    <div className="tl tl--head">
      <span>{t('tunnels.head.state')}</span>
      <span>{sorter('name', t('tunnels.head.tunnel'))}</span>
      <span>{sorter('path', t('tunnels.head.path'))}</span>
      <span className="c-spark">{t('tunnels.head.spark')}</span>
      <span className="num">{t('tunnels.head.rate')}</span>
      <span className="c-end num">{sorter('ends', t('tunnels.head.ends'))}</span>
      <span className="num">{t('tunnels.head.on')}</span>
    </div>
  );
}
