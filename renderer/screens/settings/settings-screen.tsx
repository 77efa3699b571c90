/**
 * Settings: what the person sets for the window, the helper and who one is to it, defaults of every interface, and what
 * Culvert is made with.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { About } from './about.tsx';
import { Defaults } from './defaults.tsx';
import { HelperPart } from './helper-part.tsx';
import styles from './settings.module.css';
import { WindowPart } from './window-part.tsx';

/** The sheet of settings. */
export function SettingsScreen(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <header className="sheet__head">
        <h1>{t('sheet.settings')}</h1>
      </header>
      <div className="sheet__body" tabIndex={0} role="region" aria-label={t('sheet.settings')}>
        <div className={styles.parts}>
          <WindowPart />
          <HelperPart />
          <Defaults />
          <About />
        </div>
      </div>
    </>
  );
}
