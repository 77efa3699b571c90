/**
 * The list before there is anything in it: what a tunnel is, drawn with what is known of this computer, and three ways
 * to a first one.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { CommandLine } from '../../components/command-line.tsx';
import { Icon } from '../../components/icon.tsx';
import { FirstTunnel } from '../../drawing/first-tunnel.tsx';
import { useAnswer } from '../../state/use-answer.ts';

/** The sheet's body. */
export function NoTunnels(): ReactElement {
  const { t } = useTranslation();
  const { value } = useAnswer('host.networks', {});
  const own = value?.addresses.find(({ device, address }) => !isOnlyHere(device, address)) ?? null;
  return (
    <>
      <p className="lead-in">{t('tunnels.empty.say')}</p>
      <FirstTunnel address={own === null ? null : `${own.device} ${own.address}`} />
      <div className="choices">
        <div className="choice">
          <h2>{t('tunnels.empty.build')}</h2>
          <p>{t('tunnels.empty.buildSay')}</p>
          <Link className="button button--primary" href="/wizard">
            <Icon name="plus" />
            {t('tunnels.new')}
          </Link>
        </div>
        <div className="choice">
          <h2>{t('tunnels.empty.bring')}</h2>
          <p>{t('tunnels.empty.bringSay')}</p>
          <Link className="button" href="/import">
            <Icon name="import" />
            {t('tunnels.import')}
          </Link>
        </div>
        <div className="choice">
          <h2>{t('tunnels.empty.try')}</h2>
          <p>{t('tunnels.empty.trySay')}</p>
          <CommandLine command="npm run demo -- --keep" />
        </div>
      </div>
    </>
  );
}

/** Of the loopback device, or of one link alone. */
function isOnlyHere(device: string, address: string): boolean {
  return /^lo\d*$/.test(device) || /^(127\.|::1$|fe80:|169\.254\.)/.test(address);
}
