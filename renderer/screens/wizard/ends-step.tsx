/**
 * Step 2: the outer addresses, with the way there as the kernel sees it now, and what to do about NAT.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { SelectField } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Option } from '../../components/option.tsx';
import { isProbablyNat } from '../../draft/nat-hint.ts';
import { asSentences } from '../../text/sentence.ts';
import { DraftText, errorOf } from './draft-field.tsx';
import { StepHead } from './step-head.tsx';
import { useWizard, type Wizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** The step. */
export function EndsStep(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <StepHead title={t('wizard.ends.title')} lead={t('wizard.ends.lead')} />
      <EndsFields />
    </>
  );
}

/** Both ends. */
export function EndsFields(): ReactElement {
  const { t } = useTranslation();
  const wizard = useWizard();
  const { form, draft, outlook } = wizard;
  const set = (natT: boolean): void => form.setValue('natT', natT, { shouldDirty: true, shouldValidate: true });
  const isNat = isProbablyNat(outlook.value?.source ?? null, outlook.value?.peer ?? null);
  return (
    <>
      <div className={styles['narrow']}>
        <DraftText
          name="peerHost"
          label={t('wizard.ends.peer')}
          hint={t('wizard.ends.peerHint')}
          isBits
          autoCapitalize="none"
        />
        <Way wizard={wizard} />
        <LocalField wizard={wizard} />
      </div>
      {isNat && !draft.natT ? (
        <Banner
          severity="attention"
          title={t('wizard.ends.natTitle')}
          acts={<Button onClick={() => set(true)}>{t('wizard.ends.natAct')}</Button>}
        >
          {t('wizard.ends.natSay', { source: outlook.value?.source })}
        </Banner>
      ) : null}
      <Option
        name={t('wizard.ends.natT')}
        word="link0"
        consequence={t('wizard.ends.natTSay')}
        isOn={draft.natT}
        onChange={set}
      />
      {draft.natT ? <NatFields wizard={wizard} /> : null}
    </>
  );
}

function NatFields({ wizard }: { readonly wizard: Wizard }): ReactElement {
  const { t } = useTranslation();
  const source = wizard.outlook.value?.source ?? t('wizard.side.unknown');
  return (
    <>
      <div className={styles['narrow']}>
        <DraftText
          name="ownHost"
          label={t('wizard.ends.own')}
          note={t('wizard.optional')}
          hint={t('wizard.ends.ownHint', { source })}
          isBits
        />
      </div>
      <div className={styles['three']}>
        <DraftText name="localPort" label={t('wizard.ends.localPort')} isBits inputMode="numeric" />
        <DraftText name="peerPort" label={t('wizard.ends.peerPort')} isBits inputMode="numeric" />
      </div>
    </>
  );
}

/** This end: what the system would choose, or one of this machine's addresses. */
function LocalField({ wizard }: { readonly wizard: Wizard }): ReactElement {
  const { t } = useTranslation();
  const { draft, networks, outlook, form } = wizard;
  const { source = null, device = null } = outlook.value ?? {};
  const auto =
    source === null || device === null
      ? t('wizard.ends.autoUnknown')
      : t('wizard.ends.auto', { address: source, device });
  const own = (networks.value?.addresses ?? [])
    .filter(({ address }) => !/^(127\.|::1$|fe80:)/.test(address))
    .map(({ address, device: name }) => ({ value: address, label: `${name}, ${address}` }));
  const listed = own.some(({ value }) => value === draft.localHost) || draft.localHost === 'auto';
  const written = listed ? [] : [{ value: draft.localHost, label: draft.localHost }];
  return (
    <SelectField
      label={t('wizard.ends.local')}
      hint={t('wizard.ends.localHint')}
      error={errorOf(wizard, 'localHost')}
      value={draft.localHost}
      options={[{ value: 'auto', label: auto }, ...own, ...written]}
      onChoose={(value) => form.setValue('localHost', value, { shouldDirty: true, shouldValidate: true })}
    />
  );
}

/** The way to the other end, as it is now. */
function Way({ wizard }: { readonly wizard: Wizard }): ReactElement | null {
  const { t } = useTranslation();
  const { value, error, isAsking } = wizard.outlook;
  if (isAsking && value === null) return <p className="note">{t('wizard.ends.looking')}</p>;
  const problem = value?.problem ?? error;
  // The field says it already, as something that keeps the tunnel from coming up.
  if (errorOf(wizard, 'peerHost') !== undefined) return null;
  if (problem !== null && problem !== undefined) {
    return (
      <p className={`${styles['fact'] ?? ''} is-attention`} role="status">
        <Icon name="warn" />
        <span>{asSentences(problem.message, problem.hint)}</span>
      </p>
    );
  }
  if (value === null) return null;
  const { source, device, gateway, mtu, isThroughTunnel, peer, resolved } = value;
  const typed = wizard.draft.peerHost.trim();
  const facts = [
    ...(peer !== null && peer !== typed && resolved.length > 0
      ? [t('wizard.ends.resolved', { name: typed, address: peer })]
      : []),
    source === null
      ? t('wizard.ends.noWay')
      : t(gateway === null ? 'wizard.ends.way' : 'wizard.ends.wayVia', { source, device, gateway }),
    ...(mtu === null ? [] : [t('wizard.ends.mtu', { mtu })]),
  ];
  const isBad = source === null || isThroughTunnel !== null;
  return (
    <p className={`${styles['fact'] ?? ''} ${isBad ? 'is-attention' : ''}`} role="status">
      <span className={isBad ? '' : 'is-flow'}>
        <Icon name={isBad ? 'warn' : 'check'} />
      </span>
      <span>
        {isThroughTunnel === null ? facts.join(', ') : t('wizard.ends.throughTunnel', { name: isThroughTunnel })}
      </span>
    </p>
  );
}
