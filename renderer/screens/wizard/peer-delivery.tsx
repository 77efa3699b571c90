/**
 * Hands the other end's configuration over, with its keys: as a file, as a QR code, by the clipboard. Each is asked for
 * by its own press, and no key stands on screen but in the code.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelayResult } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
import { shellWord } from '#core/base/shell-word.ts';
import { encodeCompactProfile } from '#core/profile/export/compact-profile.ts';
import { exportFormats, type ExportFormatName } from '#core/profile/export/export-format.ts';
import { joinFiles } from '#core/profile/export/joined-files.ts';
import { parseStoredProfile } from '#core/profile/stored-profile.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { CommandLine } from '../../components/command-line.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { useSessionStore } from '../../state/session-context.ts';
import { FormatChoice } from './side-panel.tsx';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

type Exported = RelayResult<'profile.export'>;

/** What became of the last press. */
type Outcome =
  | { readonly kind: 'none' | 'copied' | 'saved' }
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'refused'; readonly error: IpsecError };

/** The three ways, and the command for the other end. */
export function PeerDelivery({ name }: { readonly name: string }): ReactElement {
  const { t } = useTranslation();
  const { format } = useWizard();
  const { outcome, setOutcome, save, copy, showCode } = useDelivery(name);
  return (
    <div className={styles['deliver']}>
      <FormatChoice isLarge />
      <div className={styles['acts']}>
        <Button icon="export" onClick={() => void save()}>
          {t('wizard.deliver.save')}
        </Button>
        <Button icon="copy" onClick={() => void copy()}>
          {t('wizard.deliver.copy')}
        </Button>
        <Button icon="qr" onClick={() => void showCode()}>
          {t('wizard.deliver.qr')}
        </Button>
        <span className="note" role="status">
          {outcome.kind === 'copied' || outcome.kind === 'saved' ? t(`wizard.deliver.${outcome.kind}`) : ''}
        </span>
      </div>
      {outcome.kind === 'refused' ? (
        <Banner severity="attention" title={`${t('wizard.deliver.refused')}: ${outcome.error.message}`}>
          {outcome.error.hint}
        </Banner>
      ) : null}
      {exportFormats[format].carriesKeys ? null : <p className="field__hint">{t('wizard.deliver.noKeys')}</p>}
      <Apply name={name} format={format} />
      <Dialog
        isOpen={outcome.kind === 'qr'}
        onClose={() => setOutcome({ kind: 'none' })}
        title={t('wizard.deliver.qrTitle')}
        acts={
          <Button kind="primary" onClick={() => setOutcome({ kind: 'none' })}>
            {t('wizard.deliver.close')}
          </Button>
        }
      >
        {outcome.kind === 'qr' ? <QrCode text={outcome.text} label={t('wizard.deliver.qrTitle')} /> : null}
        <p className="small">{t('wizard.deliver.qrSay')}</p>
      </Dialog>
    </div>
  );
}

/** With Culvert at the other end two lines are all; the file's own comments say it for other systems. */
function Apply({ name, format }: { readonly name: string; readonly format: ExportFormatName }): ReactElement | null {
  const { t } = useTranslation();
  if (format !== 'json') return null;
  return (
    <div>
      <p className="small">{t('wizard.deliver.apply')}</p>
      <CommandLine command={`culvert profile create -f ${fileNameOf(name)} && culvert up ${shellWord(name)}`} />
    </div>
  );
}

function fileNameOf(name: string): string {
  return `${name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'tunnel'}.json`;
}

function useDelivery(name: string): {
  readonly outcome: Outcome;
  setOutcome(outcome: Outcome): void;
  save(): Promise<void>;
  copy(): Promise<void>;
  showCode(): Promise<void>;
} {
  const { bridge } = useSessionStore();
  const { format, ownHost } = useWizard();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const ask = (as: ExportFormatName): Promise<Exported> =>
    bridge.call('profile.export', {
      name,
      format: as,
      isPeer: true,
      withKeys: true,
      ...(ownHost === '' ? {} : { ownHost }),
    });
  const attempt = async (act: () => Promise<Outcome>): Promise<void> => {
    try {
      setOutcome(await act());
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      setOutcome({ kind: 'refused', error });
    }
  };
  return {
    outcome,
    setOutcome,
    save: () =>
      attempt(async () => {
        const { files } = await ask(format);
        const isSecret = files.some(({ holdsKeys }) => holdsKeys);
        const suggestedName =
          files.length === 1 ? (files[0]?.name ?? '').replace(/^.*\//, '') : fileNameOf(name).replace(/json$/, 'txt');
        const { isSaved } = await bridge.call('shell.saveFile', { suggestedName, text: joinFiles(files), isSecret });
        return { kind: isSaved ? 'saved' : 'none' };
      }),
    copy: () =>
      attempt(async () => {
        const { files } = await ask(format);
        await bridge.call('shell.copy', { text: joinFiles(files), isSecret: true });
        return { kind: 'copied' };
      }),
    showCode: () =>
      attempt(async () => {
        const { files } = await ask('json');
        const content: unknown = JSON.parse(files[0]?.text ?? '{}');
        const { profile, secrets } = parseStoredProfile(JSON.stringify({ revision: 1, ...Object(content) }));
        return { kind: 'qr', text: encodeCompactProfile({ profile, secrets }) };
      }),
  };
}
