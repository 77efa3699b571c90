/**
 * What Culvert is, which one this is, and what it is made with, under which licences.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { linkNames } from '#core/api/shell-contract.ts';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { none } from '../../state/format.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import styles from './settings.module.css';
import { libraries } from './libraries.ts';
import { Licences } from './licences.tsx';
import { SettingsPart } from './settings-part.tsx';

/** As people call them. */
const platformNames: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** The part. */
export function About(): ReactElement {
  const { t } = useTranslation();
  const shell = useSession((session) => session.shell);
  return (
    <SettingsPart title={t('settings.about')} say={t('settings.aboutSay')}>
      <Facts
        facts={[
          [t('settings.windowVersion'), shell?.version ?? none],
          [t('settings.platform'), shell === null ? none : (platformNames[shell.platform] ?? shell.platform)],
          [t('settings.licence'), 'BSD-2-Clause'],
        ]}
      />
      <p className={styles.links}>
        {shell?.kind === 'desktop' ? <Links /> : null}
        <Licences />
      </p>
      <h3 className={styles.head}>{t('settings.libraries')}</h3>
      <Facts facts={libraries.map(({ name, license }) => [name, license] as const)} />
    </SettingsPart>
  );
}

function Links(): ReactElement {
  const { t } = useTranslation();
  const { bridge } = useSessionStore();
  return (
    <>
      {linkNames.map((link) => (
        <Button key={link} size="small" onClick={() => void bridge.call('shell.openLink', { link }).catch(() => {})}>
          {t(`settings.links.${link}`)}
        </Button>
      ))}
    </>
  );
}
