/**
 * What will be built: the drawing, and what each end will hold, without keys.
 * @module
 */
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { exportFormats, type ExportFormatName } from '#core/profile/export/export-format.ts';
import { joinFiles } from '#core/profile/export/joined-files.ts';
import { Segments } from '../../components/segments.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import { peerFiles, textFormats } from '../../draft/draft-export.ts';
import { stepNames, type StepName } from '../../draft/draft.ts';
import { PlannedTunnelDrawing, type PlannedTunnel } from '../../drawing/planned-tunnel.tsx';
import { planOf } from './plan.ts';
import { useWizard, type Wizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** The panel at the right of the steps. */
export function SidePanel(props: {
  readonly step: StepName | null;
  readonly stage: PlannedTunnel['stage'];
}): ReactElement {
  const { step, stage } = props;
  const { t } = useTranslation();
  const wizard = useWizard();
  const words = { inStep: t('wizard.side.inStep'), itself: t('wizard.side.itself') };
  const isMade = stage !== 'planned';
  return (
    <aside className={styles['side']} aria-label={t(isMade ? 'wizard.side.titleMade' : 'wizard.side.title')}>
      <div className={styles['sideHead']}>
        <h2>{t(isMade ? 'wizard.side.titleMade' : 'wizard.side.title')}</h2>
        <span className="note">
          {isMade
            ? t('wizard.side.made')
            : step === null
              ? null
              : t(wizard.draft.made === '' ? 'wizard.side.unchanged' : 'wizard.side.again', {
                  number: stepNames.indexOf(step) + 1,
                })}
        </span>
      </div>
      <PlannedTunnelDrawing plan={planOf(wizard, step === 'keys' ? 'out' : null, stage, words)} />
      <EndTexts wizard={wizard} />
    </aside>
  );
}

function EndTexts({ wizard }: { readonly wizard: Wizard }): ReactElement {
  const { t } = useTranslation();
  const [end, setEnd] = useState<'here' | 'there'>('there');
  return (
    <>
      <div className={`${styles['sideHead'] ?? ''} ${styles['sideEnds'] ?? ''}`}>
        <Segments
          label={t('wizard.side.which')}
          value={end}
          options={[
            { value: 'here', label: t('wizard.side.here') },
            { value: 'there', label: t('wizard.side.thereShort') },
          ]}
          onChoose={setEnd}
        />
        {end === 'there' ? <FormatChoice /> : null}
      </div>
      {end === 'there' ? <PeerText wizard={wizard} /> : <OwnText wizard={wizard} />}
    </>
  );
}

/** Which words the other end reads. */
export function FormatChoice({ isLarge = false }: { readonly isLarge?: boolean }): ReactElement {
  const { t } = useTranslation();
  const { format, setFormat } = useWizard();
  const longName = (name: ExportFormatName): string => {
    const { label } = exportFormats[name];
    return name === 'json' ? t('wizard.deliver.culvert', { label }) : `${name}: ${label}`;
  };
  return (
    <select
      className={`select ${isLarge ? '' : (styles['format'] ?? '')}`}
      aria-label={t('wizard.deliver.format')}
      value={format}
      onChange={({ target }) => setFormat(textFormats.find((name) => name === target.value) ?? format)}
    >
      {textFormats.map((name: ExportFormatName) => (
        <option key={name} value={name}>
          {isLarge ? longName(name) : name}
        </option>
      ))}
    </select>
  );
}

function PeerText({ wizard }: { readonly wizard: Wizard }): ReactElement {
  const { t } = useTranslation();
  const { profile, ownHost, outlook, format } = wizard;
  if (profile === null || ownHost === '') return <Missing wizard={wizard} />;
  const { files, refusal } = peerFiles(profile, ownHost, outlook.value?.peer ?? null, format);
  if (refusal !== '') return <p className="field__hint">{refusal}</p>;
  const isSetkey = format === 'setkey';
  return (
    <>
      <div className={styles['text']}>
        <TextBlock text={joinFiles(files)} language={isSetkey ? 'setkey' : 'plain'} label={t('wizard.side.there')} />
      </div>
      <dl className={styles['match']}>
        <dt>{t('wizard.side.mustEqual')}</dt>
        <dd>{t('wizard.side.mustEqualSay')}</dd>
        <dt>{t('wizard.side.mayDiffer')}</dt>
        <dd>{t('wizard.side.mayDifferSay')}</dd>
      </dl>
      <p className="field__hint">{t('wizard.side.withoutKeys')}</p>
    </>
  );
}

function OwnText({ wizard }: { readonly wizard: Wizard }): ReactElement {
  const { t } = useTranslation();
  const commands = wizard.preview.value?.commands ?? [];
  if (wizard.profile === null || commands.length === 0) return <Missing wizard={wizard} />;
  return (
    <div className={styles['text']}>
      <TextBlock text={commands.join('\n')} language="plain" label={t('wizard.side.here')} />
    </div>
  );
}

/** What is still to be filled in. */
function Missing({ wizard }: { readonly wizard: Wizard }): ReactElement {
  const { t } = useTranslation();
  const { draft } = wizard;
  const missing = [
    ...(draft.name.trim() === '' ? [t('wizard.purpose.name')] : []),
    ...(draft.peerHost.trim() === '' ? [t('wizard.ends.peer')] : []),
  ];
  return (
    <p className={`field__hint ${styles['missing'] ?? ''}`}>
      {missing.length === 0
        ? t(wizard.ownHost === '' && wizard.profile !== null ? 'wizard.side.noWay' : 'wizard.side.incomplete')
        : t('wizard.side.missing', { what: missing.map((word) => `“${word}”`).join(', ') })}
    </p>
  );
}
