/**
 * Step 4: the addresses inside, and the networks that go through; collisions stand at their fields.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { FailClosedChoice } from '../tunnel-interface/fail-closed-choice.tsx';
import { Option } from '../../components/option.tsx';
import { listOf } from '../../draft/draft-profile.ts';
import { DraftLines, DraftText } from './draft-field.tsx';
import { StepHead } from './step-head.tsx';
import { useWizard } from './wizard-state.ts';
import styles from './wizard.module.css';

/** The step. */
export function NetworksStep(): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <StepHead title={t('wizard.networks.title')} lead={t('wizard.networks.lead')} />
      <NetworksFields />
    </>
  );
}

/** Inner addresses, IPv6, routes and networks. */
export function NetworksFields(): ReactElement {
  const { t } = useTranslation();
  const { form, draft } = useWizard();
  return (
    <>
      <fieldset className={styles['section']}>
        <legend className={styles['legend']}>{t('wizard.networks.inside')}</legend>
        <div className={styles['two']}>
          <DraftText name="inner" label={t('wizard.networks.inner')} hint={t('wizard.networks.innerHint')} isBits />
          <DraftText
            name="innerPeer"
            label={t('wizard.networks.innerPeer')}
            hint={t('wizard.networks.innerPeerHint')}
            isBits
          />
        </div>
        <Option
          name={t('wizard.networks.ipv6')}
          word="link2"
          consequence={t('wizard.networks.ipv6Say')}
          isOn={draft.carriesIpv6}
          onChange={(isOn) => form.setValue('carriesIpv6', isOn, { shouldDirty: true, shouldValidate: true })}
        />
        {draft.carriesIpv6 ? (
          <div className={styles['two']}>
            <DraftText name="inner6" label={t('wizard.networks.inner6')} isBits />
            <DraftText name="innerPeer6" label={t('wizard.networks.innerPeer6')} isBits />
          </div>
        ) : null}
      </fieldset>
      <fieldset className={styles['section']}>
        <legend className={styles['legend']}>{t('wizard.networks.behind')}</legend>
        <div className={styles['two']}>
          {draft.purpose === 'computer' ? null : (
            <div>
              <DraftLines
                name="networks"
                rows={3}
                label={t('wizard.networks.networks')}
                hint={t('wizard.networks.networksHint')}
              />
              <LocalNetworks />
            </div>
          )}
          <DraftLines
            name="routes"
            rows={3}
            label={t('wizard.networks.routes')}
            hint={t('wizard.networks.routesHint')}
          />
        </div>
      </fieldset>
      {listOf(draft.routes).length === 0 ? null : (
        <div className={styles['section']}>
          <FailClosedChoice
            legendClass={styles['legend']}
            value={draft.failClosed}
            onChoose={(when) => form.setValue('failClosed', when, { shouldDirty: true })}
          />
        </div>
      )}
    </>
  );
}

/** Networks of this machine's devices, each one press away. */
function LocalNetworks(): ReactElement | null {
  const { t } = useTranslation();
  const { form, draft, networks, outlook } = useWizard();
  const written = listOf(draft.networks);
  const own = (networks.value?.routes ?? [])
    .filter(
      ({ gateway, device }) =>
        gateway === null && device !== outlook.value?.device && !/^(lo|ipsec)/.test(device ?? ''),
    )
    .map(({ destination }) => destination)
    .filter((prefix) => /\/[1-9]/.test(prefix) && !/^(fe80|ff|127\.)/.test(prefix) && !/\/(32|128)$/.test(prefix))
    .filter((prefix) => draft.carriesIpv6 || !prefix.includes(':'));
  const rest = [...new Set(own)].filter((prefix) => !written.includes(prefix)).slice(0, 4);
  if (rest.length === 0) return null;
  const add = (prefix: string): void =>
    form.setValue('networks', [...written, prefix].join('\n'), { shouldDirty: true, shouldValidate: true });
  return (
    <div className={`chips ${styles['chips'] ?? ''}`}>
      {rest.map((prefix) => (
        <Button key={prefix} size="small" icon="plus" onClick={() => add(prefix)}>
          {t('wizard.networks.useLocal', { prefix })}
        </Button>
      ))}
    </div>
  );
}
