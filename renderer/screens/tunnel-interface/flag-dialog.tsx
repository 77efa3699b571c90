/**
 * A flag about to be switched: the policies and associations that appear, change or go, the equal command, and where it
 * is applied: in the machine, in the profile, or both.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { IpsecError } from '#core/base/error.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Segments } from '../../components/segments.tsx';
import { useSessionStore } from '../../state/session-context.ts';
import type { SessionStore } from '../../state/session.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useWatched } from '../../state/use-watched.ts';
import { ChangePreview } from './change-preview.tsx';
import { flagRequest, profileWithFlag, saveProfile } from './change-request.ts';
import { flagOf, type FlagName } from './flag-state.ts';
import styles from '../tunnel/tunnel.module.css';

type Where = 'both' | 'profile';

/** The dialog. */
export function FlagDialog(props: {
  readonly tunnel: Tunnel;
  readonly flag: FlagName;
  readonly onClose: () => void;
}): ReactElement {
  const { t } = useTranslation();
  const { tunnel, flag, onClose } = props;
  const store = useSessionStore();
  const [wanted] = useState(() => !flagOf(tunnel, flag));
  const [where, setWhere] = useState<Where>('both');
  const [error, setError] = useState<IpsecError | null>(null);
  const link = tunnel.interface;
  const question = link === null ? null : { ...flagRequest(tunnel, flag, wanted), isCheck: true };
  const { value: answer } = useWatched('interface.change', question, null);
  const problem = where === 'both' ? (error ?? answer?.problem ?? null) : error;
  const apply = async (): Promise<void> => {
    try {
      await applyFlag(store, tunnel, flag, wanted, where);
      await store.refresh();
      onClose();
    } catch (refusal) {
      if (refusal instanceof IpsecError) setError(refusal);
    }
  };
  const act = t(wanted ? 'tunnel.preview.on' : 'tunnel.preview.off');
  return (
    <Dialog
      isOpen
      isWide
      onClose={onClose}
      title={t('tunnel.preview.title', { act, name: t(`tunnel.options.${flag}`) })}
      acts={
        <>
          <Button onClick={onClose}>{t(`tunnel.preview.cancel.${wanted ? 'on' : 'off'}`)}</Button>
          <Button
            kind="primary"
            disabled={link !== null && (answer === null || (where === 'both' && answer.problem !== null))}
            onClick={() => void apply()}
          >
            {t(link === null || where === 'profile' ? 'tunnel.preview.applySave' : 'tunnel.preview.apply')}
          </Button>
        </>
      }
    >
      <p className="small">{t(`tunnel.options.what.${flag}`)}</p>
      {problem === null ? null : (
        <Banner severity="fault" title={problem.message}>
          {problem.hint}
        </Banner>
      )}
      {answer === null ? null : <ChangePreview preview={answer} isProfile={tunnel.profile !== null} />}
      {tunnel.profile === null ? null : (
        <div className={styles['where']}>
          {link === null ? null : (
            <Segments
              label={t('tunnel.preview.where')}
              value={where}
              options={[
                { value: 'both', label: t('tunnel.preview.both') },
                { value: 'profile', label: t('tunnel.preview.profile') },
              ]}
              onChoose={setWhere}
            />
          )}
          <p className="small">
            {t(
              link === null
                ? 'tunnel.preview.whereOff'
                : where === 'both'
                  ? 'tunnel.preview.whereBoth'
                  : 'tunnel.preview.whereProfile',
            )}
          </p>
        </div>
      )}
    </Dialog>
  );
}

/** In machine and profile at once, or in the profile alone. */
async function applyFlag(
  store: SessionStore,
  tunnel: Tunnel,
  flag: FlagName,
  wanted: boolean,
  where: Where,
): Promise<void> {
  const { interface: link, profile } = tunnel;
  if (link !== null && where === 'both') await store.bridge.call('interface.change', flagRequest(tunnel, flag, wanted));
  else if (profile !== null) await saveProfile(store, profile, profileWithFlag(profile, flag, wanted));
}
