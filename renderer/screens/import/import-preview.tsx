/**
 * What an imported profile is, the name that it is saved under, what it collides with, and the commands that do the same.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import type { RelayResult } from '#core/api/relay.ts';
import { Banner } from '../../components/banner.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextField } from '../../components/field.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import { findSuite, suiteId } from '../../draft/suite-choice.ts';
import { formatEndpoint, none } from '../../state/format.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { asSentences } from '../../text/sentence.ts';
import styles from './import.module.css';

/** The preview. */
export function ImportPreview(props: {
  readonly found: ImportAnswer['profiles'][number];
  readonly name: string;
  readonly onRename: (name: string) => void;
}): ReactElement {
  const { t } = useTranslation();
  const { found, name, onRename } = props;
  const { profile, conflict } = found;
  const { value, error } = useAnswer('profile.preview', { profile });
  return (
    <section className={styles['found']}>
      <div className={styles['facts']}>
        <TextField
          label={t('import.name')}
          value={name}
          maxLength={64}
          error={conflict === null || name !== profile.name ? undefined : asSentences(conflict)}
          onChange={({ target }) => onRename(target.value)}
        />
        <ProfileFacts profile={profile} />
      </div>
      <Conflicts found={found} preview={value} />
      {error === null ? null : (
        <Banner severity="attention" title={error.message}>
          {error.hint}
        </Banner>
      )}
      {value === null ? null : (
        <>
          <h2>{t('import.commands')}</h2>
          <TextBlock text={value.commands.join('\n')} language="plain" label={t('import.commands')} />
        </>
      )}
    </section>
  );
}

function ProfileFacts({ profile }: Pick<ImportAnswer['profiles'][number], 'profile'>): ReactElement {
  const { t } = useTranslation();
  const { local, peer, addresses, routes, keys } = profile;
  const id = suiteId(keys.encryption, keys.integrity);
  const suite = findSuite(id);
  const inner = addresses.map((inside) => `${inside.address} → ${inside.peer ?? none}`).join(', ');
  const outer = `${formatEndpoint(local.host, local.port)} → ${formatEndpoint(peer.host, peer.port)}`;
  return (
    <Facts
      facts={[
        [t('import.interface'), profile.interface, 'bits'],
        [t('import.outer'), outer, 'bits'],
        [t('import.inner'), inner || none, 'bits'],
        [t('import.routes'), routes.join(', ') || t('import.noRoutes')],
        [t('import.suite'), suite.id === id ? suite.label : id],
      ]}
    />
  );
}

function Conflicts(props: {
  readonly found: ImportAnswer['profiles'][number];
  readonly preview: RelayResult<'profile.preview'> | null;
}): ReactElement | null {
  const { t } = useTranslation();
  const { found, preview } = props;
  const conflicts = preview?.conflicts ?? [];
  // The preview tells the same, where it compares with the interfaces that are there.
  const isTold = conflicts.some(({ field }) => field === 'interface');
  const messages = [...(isTold ? [] : [found.warning ?? '']), ...conflicts.map(({ message }) => message)];
  const facts = messages.filter((message) => message !== '').map((message) => asSentences(message));
  if (facts.length === 0) return null;
  const isFault = conflicts.some(({ severity }) => severity === 'error');
  return <Banner severity={isFault ? 'fault' : 'attention'} title={t('import.conflict')} facts={facts} />;
}
