/**
 * The policies of a tunnel: its own four, and what people added between the same ends.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { PolicyStatus } from '#core/api/contract.ts';
import { useSession } from '../../state/session-context.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { policiesOf } from './tunnel-facts.ts';
import styles from './tunnel.module.css';

/** The tab. */
export function PoliciesTab({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const own = policiesOf(tunnel, status);
  if (own.length === 0) return <p>{t('tunnel.policies.none')}</p>;
  return (
    <>
      <div className={styles['scroll']}>
        <table className="table">
          <caption className="sr">{t('tunnel.policies.caption', { name: tunnel.name })}</caption>
          <thead>
            <tr>
              {(['direction', 'selector', 'action', 'spid', 'origin'] as const).map((name) => (
                <th key={name} scope="col" className={name === 'spid' ? 'num' : undefined}>
                  {t(`tunnel.policies.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {own.toSorted(outFirst).map((policy) => (
              <PolicyRow key={`${policy.direction} ${policy.spid}`} policy={policy} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={`small ${styles['below'] ?? ''}`}>
        {t('tunnel.policies.say')} <Link href="/policies">{t('tunnel.policies.all')}</Link>
      </p>
    </>
  );
}

function PolicyRow({ policy }: { readonly policy: PolicyStatus }): ReactElement {
  const { t } = useTranslation();
  const { direction, source, destination, upperProtocol, action, requests, spid, origin } = policy;
  const inside =
    upperProtocol === 4 || upperProtocol === 41 || upperProtocol === 255
      ? t(`tunnel.policies.protocol.${upperProtocol}`)
      : String(upperProtocol);
  const rules = requests.map(({ level, reqid }) => `esp/transport//${level}${reqid === 0 ? '' : `:${reqid}`}`);
  return (
    <tr>
      <td>{t(direction === 'out' ? 'tunnel.keys.out' : 'tunnel.keys.in')}</td>
      <td>
        <span className="bits">
          {source} → {destination}
        </span>
        <span className={`is-none ${styles['aside'] ?? ''}`}>{inside}</span>
      </td>
      <td>
        {t(`tunnel.policies.actions.${action}`)}
        <span className={`bits ${styles['aside'] ?? ''}`}>{rules.join(' ')}</span>
      </td>
      <td className="num">{spid}</td>
      <td>{t(`tunnel.policies.${origin}`)}</td>
    </tr>
  );
}

/** Out over in, as everywhere. */
function outFirst(one: PolicyStatus, other: PolicyStatus): number {
  return Number(other.direction === 'out') - Number(one.direction === 'out');
}
