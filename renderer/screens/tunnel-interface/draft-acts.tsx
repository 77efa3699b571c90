/**
 * The foot of form and text: what is about to be done, and the buttons that do it or undo it.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { changedOptions, changedRoutes, ifconfigChanges, type InterfaceDraft } from './interface-draft.ts';
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
  const { before, draft, isChanged, isBusy, canChange, error, undo, apply } = editing;
  const isReady = isChanged && isReadable && canChange && !isBusy;
  const { profile, interface: link } = tunnel;
  const say = profile === null ? 'byHand' : link === null ? 'whenUp' : 'nextUp';
  return (
    <footer className={`${styles['acts'] ?? ''} ${isChanged ? (styles['pinned'] ?? '') : ''}`}>
      {error === null ? null : (
        <Banner severity="fault" title={error.message}>
          {error.hint}
        </Banner>
      )}
      <p className="small">{t(`tunnel.interface.${say}`)}</p>
      {isChanged && isReadable && before !== null && draft !== null ? (
        <TextBlock
          language="plain"
          label={t('tunnel.interface.commands')}
          text={changeCommands(tunnel.interfaceName, before, draft)}
        />
      ) : null}
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

/** Words of `culvert sysctl` and its like have their own screens; here a changed option is named with its value. */
function changeCommands(name: string, before: InterfaceDraft, after: InterfaceDraft): string {
  const { added, removed } = changedRoutes(before, after);
  const lines = [
    ...ifconfigChanges(before, after)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `culvert ifconfig ${name} ${line}`),
    ...Object.entries(changedOptions(before, after)).map(([option, value]) => `# ${option}: ${String(value)}`),
    ...removed.map((route) => `culvert route delete ${route} -interface ${name}`),
    ...added.map((route) => `culvert route add ${route} -interface ${name}`),
  ];
  return lines.join('\n');
}
