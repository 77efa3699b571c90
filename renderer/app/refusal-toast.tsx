/**
 * A change that the helper refused: what it was about, why, and what to do. It stays until it is put away.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { useSession, useSessionStore } from '../state/session-context.ts';

/** The toast. */
export function RefusalToast(): ReactElement {
  const { t } = useTranslation();
  const store = useSessionStore();
  const refusal = useSession((session) => session.refusal);
  return (
    <div className="toasts" role="alert">
      {refusal === null ? null : (
        <div className="toast">
          <span className="is-fault">
            <Icon name="stop" size={20} />
          </span>
          <div className="toast__text">
            <b>{t('refusal.title', { name: refusal.name })}</b>
            <p className="small">{refusal.error.message}</p>
            <p className="note">{refusal.error.hint}</p>
          </div>
          <Button
            kind="plain"
            size="small"
            icon="close"
            aria-label={t('action.close')}
            onClick={() => store.setState({ refusal: null })}
          />
        </div>
      )}
    </div>
  );
}
