/**
 * Step 5: everything on one look, the last options, what it will make, and the commands that do the same.
 * @module
 */
import type { TFunction } from 'i18next';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner } from '../../components/banner.tsx';
import { Option } from '../../components/option.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import { listOf } from '../../draft/draft-profile.ts';
import type { Draft, StepName } from '../../draft/draft.ts';
import { asSentences } from '../../text/sentence.ts';
import { DraftText } from './draft-field.tsx';
import { bestMtu } from './plan.ts';
import { StepHead } from './step-head.tsx';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** The step. */
export function CheckStep(): ReactElement {
  const { t } = useTranslation();
  const { draft } = useWizard();
  return (
    <>
      <StepHead
        title={t('wizard.check.title')}
        lead={t(draft.made === '' ? 'wizard.check.lead' : 'wizard.check.leadMade')}
      />
      <Review />
      <CheckFields />
      <Makes />
    </>
  );
}

/** Options of the interface. */
export function CheckFields(): ReactElement {
  const { t } = useTranslation();
  const wizard = useWizard();
  const { form, draft, outlook } = wizard;
  const set = (field: 'link1' | 'startsWithHelper') => (isOn: boolean) =>
    form.setValue(field, isOn, { shouldDirty: true, shouldValidate: true });
  const best = bestMtu(wizard);
  const hint =
    outlook.value === null
      ? t('wizard.check.mtuHintUnknown')
      : t('wizard.check.mtuHint', { least: 1280, largest: 8192, best });
  return (
    <fieldset className={styles['section']}>
      <legend className={styles['legend']}>{t('wizard.check.options')}</legend>
      <div className={styles['two']}>
        <DraftText name="interface" label={t('wizard.check.interface')} hint={t('wizard.check.interfaceHint')} isBits />
        <DraftText name="mtu" label={t('wizard.check.mtu')} hint={hint} isBits inputMode="numeric" />
      </div>
      <Option
        name={t('wizard.check.startup')}
        consequence={t('wizard.check.startupSay')}
        isOn={draft.startsWithHelper}
        onChange={set('startsWithHelper')}
      />
      <Option
        name={t('wizard.check.link1')}
        word="link1"
        consequence={t('wizard.check.link1Say')}
        isOn={draft.link1}
        onChange={set('link1')}
      />
    </fieldset>
  );
}

function Review(): ReactElement {
  const { t } = useTranslation();
  const { draft, suite, ownHost } = useWizard();
  return (
    <section className={styles['section']}>
      <h2 className={styles['legend']}>{t('wizard.check.settings')}</h2>
      <dl className={styles['review']}>
        <Row name={t('wizard.check.tunnel')} step="purpose">
          {draft.name}
        </Row>
        <Row name={t('wizard.check.outer')} step="ends">
          <span className="bits">
            {ownHost || draft.localHost} → {draft.peerHost}
          </span>
          {draft.natT ? `, ${t('wizard.ends.natT')} ${draft.peerPort}` : ''}
        </Row>
        <Row name={t('wizard.check.suite')} step="keys">
          {suite.label}
        </Row>
        <Row name={t('wizard.check.lifetime')} step="keys">
          {lifeText(draft, t)}
        </Row>
        <Row name={t('wizard.check.inner')} step="networks">
          <span className="bits">
            {draft.inner} → {draft.innerPeer}
          </span>
        </Row>
        <Row name={t('wizard.networks.routes')} step="networks">
          <span className="bits">{listOf(draft.routes).join(', ')}</span>
          {listOf(draft.routes).length === 0 ? t('wizard.check.onlyHost') : ''}
        </Row>
      </dl>
    </section>
  );
}

function Row(props: { readonly name: string; readonly step: StepName; readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
      <dd>
        <Link href={`/wizard/${props.step}`} aria-label={t('wizard.check.edit', { what: props.name })}>
          {t('wizard.check.edit', { what: '' }).trim()}
        </Link>
      </dd>
    </>
  );
}

/** What the helper says that the profile would make. */
export function Makes(): ReactElement {
  const { t } = useTranslation();
  const { preview, profile } = useWizard();
  const { value, error } = preview;
  if (profile === null) return <p className="note">{t('wizard.check.incomplete')}</p>;
  if (error !== null) {
    return (
      <Banner severity="attention" title={error.message}>
        {error.hint}
      </Banner>
    );
  }
  if (value === null) return <p className="note">{t('wizard.check.waiting')}</p>;
  const counts = [
    t('wizard.check.policies', { count: value.policies.length }),
    t('wizard.check.associations', { count: value.associations.length }),
    t('wizard.check.routesCount', { count: value.routes.length }),
  ];
  return (
    <section className={styles['section']}>
      <h2 className={styles['legend']}>
        {t('wizard.check.makes')}
        <span className={`note ${styles['made'] ?? ''}`}>{counts.join(', ')}</span>
      </h2>
      {value.conflicts.length === 0 ? null : (
        <Banner
          severity={value.conflicts.some(({ severity }) => severity === 'error') ? 'fault' : 'attention'}
          title={t('wizard.check.conflict')}
          facts={value.conflicts.map(({ message }) => asSentences(message))}
        />
      )}
      <h3>{t('wizard.check.commands')}</h3>
      <TextBlock text={value.commands.join('\n')} language="plain" label={t('wizard.check.commands')} />
    </section>
  );
}

/** By time, by bytes, by whichever comes first, or never. */
function lifeText({ lifeDays, lifeGib }: Pick<Draft, 'lifeDays' | 'lifeGib'>, t: TFunction): string {
  const [days, gib] = [Number(lifeDays), Number(lifeGib)];
  if (days <= 0) return gib > 0 ? t('wizard.check.lifetimeOnlyGib', { gib }) : t('wizard.check.endless');
  const byTime = t('wizard.check.lifetimeDays', { count: days });
  return gib > 0 ? t('wizard.check.lifetimeGib', { days: byTime, gib }) : byTime;
}
