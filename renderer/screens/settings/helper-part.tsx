/**
 * The helper: whether it runs, which one it is, and who one is to it.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { CommandLine } from '../../components/command-line.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { useSession } from '../../state/session-context.ts';
import { SettingsPart } from './settings-part.tsx';

/** The part. */
export function HelperPart(): ReactElement {
  const { t } = useTranslation();
  const link = useSession((session) => session.link);
  const status = useSession((session) => session.status);
  const canOperate = useSession((session) => session.canOperate);
  const isLive = link.state === 'connected';
  const facts: Fact[] = [[t('settings.state'), t(`settings.states.${link.state}`)]];
  if (isLive && status !== null) {
    facts.push(
      [t('settings.version'), status.helperVersion],
      [t('settings.pid'), String(status.pid), 'bits'],
      [t('settings.contract'), String(status.contractVersion)],
      [t('settings.datapath'), t(`settings.datapaths.${status.datapath}`)],
      [t('settings.you'), t(canOperate ? 'settings.operator' : 'settings.reader')],
    );
  }
  return (
    <SettingsPart title={t('settings.helper')}>
      <Facts facts={facts} />
      {isLive && !canOperate ? (
        <>
          <p className="small">{t('settings.readerSay')}</p>
          <CommandLine command="sudo culvertd --operator $USER" />
        </>
      ) : null}
    </SettingsPart>
  );
}
