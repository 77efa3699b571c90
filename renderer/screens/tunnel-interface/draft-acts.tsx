/**
 * The foot of form and text: what is about to be done, and the buttons that do it or undo it.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { ChangePreview } from './change-preview.tsx';
import styles from '../tunnel/tunnel.module.css';
import type { DraftEditing } from './use-draft.ts';

/** The foot; `isReadable` is false while the text cannot be read. */
export function DraftActs(props: {
  readonly tunnel: Tunnel;
  readonly editing: DraftEditing;
  readonly isReadable?: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const { tunnel, editing, isReadable = true } = props;
  const { before, draft, request, isChanged, isBusy, canChange, error, undo, apply } = editing;
  const isReady = isChanged && isReadable && canChange && !isBusy;
  const outcome = useAnswer('interface.change', request === null || !canChange ? null : { ...request, isCheck: true });
  const { profile, interface: link } = tunnel;
  const choice = draft?.failClosed ?? null;
  const refused = choice === null || choice === before?.failClosed ? null : t(`failClosed.${choice}.name`);
  const say = profile === null ? 'byHand' : link === null ? 'whenUp' : 'nextUp';
  return (
    <footer className={`${styles['acts'] ?? ''} ${isChanged ? (styles['pinned'] ?? '') : ''}`}>
      {error === null ? null : (
        <Banner severity="fault" title={error.message}>
          {error.hint}
        </Banner>
      )}
      <p className="small">{t(`tunnel.interface.${say}`)}</p>
      {outcome.value === null || !isReadable ? null : (
        <>
          {outcome.value.problem === null ? null : (
            <Banner severity="attention" title={outcome.value.problem.message}>
              {outcome.value.problem.hint}
            </Banner>
          )}
          <ChangePreview preview={outcome.value} isProfile={profile !== null} refused={refused} />
        </>
      )}
      <div className={styles['buttons']}>
        <Button
          kind={profile === null || link === null ? 'primary' : 'regular'}
          disabled={!isReady}
          onClick={() => void apply(profile === null)}
        >
          {t(profile === null ? 'tunnel.interface.apply' : 'tunnel.interface.save')}
        </Button>
        {profile === null || link === null ? null : (
          <Button kind="primary" disabled={!isReady} onClick={() => void apply(true)}>
            {t('tunnel.interface.saveAndApply')}
          </Button>
        )}
        <Button kind="plain" disabled={!isChanged || isBusy} onClick={undo}>
          {t('tunnel.interface.undo')}
        </Button>
      </div>
    </footer>
  );
}
