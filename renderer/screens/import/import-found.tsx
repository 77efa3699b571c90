/**
 * What an import would save, each profile with a name that may be changed, and the act. A single tunnel with its keys is
 * switched on at once; where the texts have no keys, the helper makes new ones, and the other end has to get them first.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { IpsecError } from '#core/base/error.ts';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { switchOn } from '../../draft/make-tunnel.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import { ImportPreview } from './import-preview.tsx';
import styles from './import.module.css';

/** So many are shown; the others are counted. */
const mostShown = 20;

/** The profiles and the act. */
export function ImportFound(props: { readonly answer: ImportAnswer; readonly token: string }): ReactElement {
  const { t } = useTranslation();
  const { answer, token } = props;
  const { profiles } = answer;
  const [names, setNames] = useState<readonly string[]>(profiles.map(({ profile }) => profile.name));
  const { isSaving, refusal, save } = useSave(token, names, profiles.length === 1 && profiles[0]?.hasKeys === true);
  const canOperate = useSession(({ link, canOperate: can }) => link.state === 'connected' && can);
  const canSave =
    canOperate &&
    !isSaving &&
    profiles.every(({ profile, conflict }, at) => conflict === null || names[at] !== profile.name);
  const rename = (at: number, name: string): void =>
    setNames(names.map((before, index) => (index === at ? name : before)));
  return (
    <>
      {profiles.slice(0, mostShown).map((found, at) => (
        <ImportPreview
          key={found.profile.name}
          found={found}
          name={names[at] ?? ''}
          onRename={(to) => rename(at, to)}
        />
      ))}
      {profiles.length > mostShown ? <p>{t('import.more', { count: profiles.length - mostShown })}</p> : null}
      {profiles.every(({ hasKeys }) => hasKeys) ? null : (
        <Banner severity="attention" title={t(profiles.length === 1 ? 'import.noKeys' : 'import.someNoKeys')}>
          {t('import.noKeysHint')}
        </Banner>
      )}
      {refusal === null ? null : (
        <Banner severity="fault" title={t('import.refused', { message: refusal.message })}>
          {refusal.hint}
        </Banner>
      )}
      <Acts profiles={profiles} isSaving={isSaving} canSave={canSave} onSave={save} />
    </>
  );
}

/** One tunnel is made and connected, or made with new keys; several are made. */
function Acts(props: {
  readonly profiles: ImportAnswer['profiles'];
  readonly isSaving: boolean;
  readonly canSave: boolean;
  readonly onSave: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { profiles, isSaving, canSave, onSave } = props;
  const isOne = profiles.length === 1;
  const hasKeys = profiles[0]?.hasKeys === true;
  const label = isOne ? t('import.make') : t('import.makeMany', { count: profiles.length });
  return (
    <div className={styles['acts']}>
      <Button kind="primary" disabled={!canSave || (isOne && !hasKeys)} onClick={onSave}>
        {isSaving ? t('import.making') : label}
      </Button>
      {isOne && !hasKeys ? (
        <Button disabled={!canSave} onClick={onSave}>
          {t('import.makeNewKeys')}
        </Button>
      ) : null}
    </div>
  );
}

/** Saves all, or says why not. */
function useSave(
  token: string,
  names: readonly string[],
  connects: boolean,
): { readonly isSaving: boolean; readonly refusal: IpsecError | null; readonly save: () => void } {
  const store = useSessionStore();
  const [, navigate] = useLocation();
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<IpsecError | null>(null);
  const run = async (): Promise<void> => {
    setSaving(true);
    setRefusal(null);
    try {
      const { profiles } = await store.bridge.call('profile.saveImport', { token, names: [...names] });
      const [first] = profiles.map(({ profile }) => profile.name);
      if (connects && first !== undefined) await switchOn(store.bridge, first);
      await store.refresh().catch(() => {});
      navigate(profiles.length === 1 && first !== undefined ? `/tunnel/${encodeURIComponent(first)}` : '/tunnels');
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      setRefusal(error);
      setSaving(false);
    }
  };
  return { isSaving, refusal, save: () => void run() };
}
