/**
 * What the person sets for the window. Changes hold at once; what only the desktop program can do is said to be so.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { IpsecError } from '#core/base/error.ts';
import { themes, type ShellSettings } from '#core/api/shell-contract.ts';
import { SelectField } from '../../components/field.tsx';
import { Option } from '../../components/option.tsx';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import styles from './settings.module.css';
import { SettingsPart } from './settings-part.tsx';

type Choice<Value extends string> = { readonly value: Value; readonly label: string };

/** The part. */
export function WindowPart(): ReactElement | null {
  const { t } = useTranslation();
  const store = useSessionStore();
  const shell = useSession((session) => session.shell);
  if (shell === null) return null;
  const { settings, hasTray } = shell;
  const isDesktop = shell.kind === 'desktop';
  const set = (changes: Partial<ShellSettings>): void => {
    store.bridge.call('shell.setSettings', changes).then(
      (changed) => store.setState({ shell: changed }),
      (error: unknown) => {
        if (error instanceof IpsecError) store.setState({ refusal: { name: t('sheet.settings'), error } });
      },
    );
  };
  const optionsOf = <const Value extends string>(values: readonly Value[], words: string): Choice<Value>[] =>
    values.map((value) => ({ value, label: t(`settings.${words}.${value as string}`) }));
  return (
    <SettingsPart title={t('settings.window')} say={isDesktop ? undefined : t('settings.desktopOnly')}>
      <div className={styles.fields}>
        <SelectField
          label={t('settings.theme')}
          value={settings.theme}
          options={optionsOf(themes, 'themes')}
          onChoose={(theme) => set({ theme })}
        />
        <SelectField
          label={t('settings.units')}
          value={settings.units}
          options={optionsOf(['bits', 'bytes'], 'unit')}
          onChoose={(units) => set({ units })}
        />
        <SelectField
          label={t('settings.notifications')}
          value={settings.notifications}
          options={optionsOf(['all', 'trouble', 'none'], 'notification')}
          disabled={!isDesktop}
          onChoose={(notifications) => set({ notifications })}
        />
        <SelectField
          label={t('settings.onQuit')}
          hint={t('settings.onQuitSay')}
          value={settings.onQuit}
          options={optionsOf(['leave-up', 'take-down'], 'quit')}
          disabled={!isDesktop}
          onChoose={(onQuit) => set({ onQuit })}
        />
      </div>
      <Option
        name={t('settings.closeToTray')}
        consequence={t(hasTray === false ? 'settings.noTray' : 'settings.closeToTraySay')}
        isOn={settings.closeToTray}
        isDisabled={!isDesktop || hasTray === false}
        onChange={(closeToTray) => set({ closeToTray })}
      />
      <Option
        name={t('settings.startAtLogin')}
        consequence={t('settings.startAtLoginSay')}
        isOn={settings.startAtLogin}
        isDisabled={!isDesktop}
        onChange={(startAtLogin) => set({ startAtLogin })}
      />
    </SettingsPart>
  );
}
