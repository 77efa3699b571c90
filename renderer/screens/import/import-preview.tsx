/**
 * What an imported profile is, what it collides with, and the commands that do the same.
 * @module
 */
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Profile } from '#core/profile/profile.ts';
import { Banner } from '../../components/banner.tsx';
import { Facts } from '../../components/facts.tsx';
import { TextBlock } from '../../components/text-block.tsx';
import { findSuite, suiteId } from '../../draft/suite-choice.ts';
import { formatEndpoint, none } from '../../state/format.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { asSentences } from '../../text/sentence.ts';
import styles from './import.module.css';

/** The preview. */
export function ImportPreview({ profile }: { readonly profile: Profile }): ReactElement {
  const { t } = useTranslation();
  const { value, error } = useAnswer('profile.preview', { profile });
  const { local, peer, addresses, routes, keys } = profile;
  const id = suiteId(keys.encryption, keys.integrity);
  const suite = findSuite(id);
  const inner = addresses.map((inside) => `${inside.address} → ${inside.peer ?? none}`).join(', ');
  return (
    <section className={styles['found']}>
      <div className={styles['facts']}>
        <Facts
          facts={[
            [t('import.tunnel'), profile.name],
            [t('import.interface'), profile.interface, 'bits'],
            [
              t('import.outer'),
              `${formatEndpoint(local.host, local.port)} → ${formatEndpoint(peer.host, peer.port)}`,
              'bits',
            ],
            [t('import.inner'), inner || none, 'bits'],
            [t('import.routes'), routes.join(', ') || t('import.noRoutes')],
            [t('import.suite'), suite.id === id ? suite.label : id],
          ]}
        />
      </div>
      {value === null || value.conflicts.length === 0 ? null : (
        <Banner
          severity={value.conflicts.some(({ severity }) => severity === 'error') ? 'fault' : 'attention'}
          title={t('import.conflict')}
        >
          {asSentences(...value.conflicts.map(({ message }) => message))}
        </Banner>
      )}
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
