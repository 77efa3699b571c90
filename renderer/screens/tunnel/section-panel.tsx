/**
 * Section A-A with the suite that makes its wall, and whether a path of the usual width carries it.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { boreOfPath, tunnelSection, type TunnelSection } from '#core/api/reading/tunnel-section.ts';
import { Section } from '../../drawing/section.tsx';
import { formatDuration, none } from '../../state/format.ts';
import { useStatusNow } from '../../state/live/now.ts';
import { suiteLabel } from '../../text/suite-label.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { associationsOf, carriageOf, suiteOf } from './tunnel-facts.ts';
import styles from './tunnel.module.css';

/** What Ethernet carries, and so most paths at best. */
const usualPathMtu = 1500;

/** The panel. */
export function SectionPanel({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const status = useStatusNow();
  const suite = suiteOf(tunnel, associationsOf(tunnel, status));
  if (suite === null) return <p className="small">{t('tunnel.section.noSuite')}</p>;
  const carriage = carriageOf(tunnel);
  const mtu = tunnel.interface?.mtu ?? tunnel.profile?.profile.mtu ?? 0;
  const section = tunnelSection(mtu, suite, carriage);
  const fits = boreOfPath(usualPathMtu, suite, carriage);
  return (
    <>
      {section === null ? null : <SectionPicture section={section} tunnel={tunnel} />}
      <dl className={`kv ${styles['rows'] ?? ''}`}>
        <div>
          <dt>{t('tunnel.section.suite')}</dt>
          <dd>{suiteLabel(suite)}</dd>
        </div>
        <div>
          <dt>{t('tunnel.section.keysEnd')}</dt>
          <dd>{keysEnd()}</dd>
        </div>
        <div>
          <dt>{t('tunnel.section.fits')}</dt>
          <dd>{fits === null ? none : t('tunnel.section.fitsMtu', { mtu: fits })}</dd>
        </div>
      </dl>
      {section !== null && section.outside > usualPathMtu ? (
        <p className="small is-attention">{t('tunnel.section.tooBig')}</p>
      ) : null}
    </>
  );

  function keysEnd(): string {
    if (tunnel.interface === null) return none;
    if (tunnel.keysEndMs === null) return t('tunnel.section.keysStay');
    return t('tunnel.section.keysIn', { time: formatDuration(tunnel.keysEndMs - (status?.nowMs ?? 0)) });
  }
}

function SectionPicture({
  section,
  tunnel,
}: {
  readonly section: TunnelSection;
  readonly tunnel: Tunnel;
}): ReactElement {
  const { t } = useTranslation();
  const { outside, bore, wall, ipHeader, udpHeader, espAndIv, trailer, check } = section;
  const measure = (bytes: number): string => t('tunnel.section.bytes', { bytes });
  const outer = udpHeader === 0 ? 'tunnel.section.wall' : 'tunnel.section.wallUdp';
  return (
    <Section
      outside={{ measure: measure(outside), what: [t('tunnel.section.outside')] }}
      bore={{ measure: measure(bore), what: [t('tunnel.section.bore', { name: tunnel.interfaceName })] }}
      wall={{
        measure: measure(wall),
        what: [
          t(outer, { ip: ipHeader, udp: udpHeader }),
          t('tunnel.section.espAndIv', { bytes: espAndIv }),
          t('tunnel.section.rest', { trailer, check }),
        ],
      }}
      label={t('tunnel.section.label', { outside, bore, wall })}
      isTold={tunnel.interface === null || tunnel.condition === 'unknown'}
    />
  );
}
