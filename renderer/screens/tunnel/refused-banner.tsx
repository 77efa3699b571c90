/**
 * The band of a tunnel whose networks are refused, or that was taken away: what, why, and the way out.
 * @module
 */
import type { ReactElement } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { Banner } from '../../components/banner.tsx';
import { tellNetworks, type Refused, type RefusedWhy } from '../../state/refused-networks.ts';
import { asSentences } from '../../text/sentence.ts';
import { RefusedActs } from '../tunnels/refused-acts.tsx';

const severities = { lost: 'fault', trying: 'fault', left: 'attention', always: 'note' } as const satisfies Record<
  RefusedWhy,
  unknown
>;

/** The band. */
export function RefusedBanner(props: { readonly profile: ProfileAnswer; readonly refused: Refused }): ReactElement {
  const { t } = useTranslation();
  const { profile, refused } = props;
  const { why, networks } = refused;
  const list = { list: tellNetworks(networks, t), count: networks.length };
  const title = networks.length === 0 ? t('refused.lost.titleNone') : t(`refused.${why}.title`, list);
  // Of a lost tunnel the title says what helps; of the others the helper does.
  const hint = why === 'lost' ? '' : (profile.problem?.hint ?? '');
  return (
    <Banner severity={severities[why]} title={title} acts={<RefusedActs name={profile.profile.name} why={why} />}>
      {asSentences(hint, tellWayOut(profile, why, t))}
    </Banner>
  );
}

/** What follows from leaving it so, or from ending it. */
function tellWayOut({ profile }: ProfileAnswer, why: RefusedWhy, t: TFunction): string {
  const { failClosed, routes } = profile;
  switch (why) {
    case 'always':
    case 'left':
      return t(`refused.${why}.say`);
    case 'trying':
      return t(`refused.trying.${failClosed === 'always' ? 'always' : 'while'}`);
    case 'lost':
      if (routes.length === 0) return '';
      return t(`refused.lost.${failClosed === 'while-up' ? 'while' : failClosed}`);
  }
}
