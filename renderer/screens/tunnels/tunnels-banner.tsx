/**
 * The band over the list: the worst trouble of a tunnel once it has lasted, or why nothing can be changed here.
 * @module
 */
import type { TFunction } from 'i18next';
import { useEffect, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner } from '../../components/banner.tsx';
import { useSettled } from '../../state/live/settled.ts';
import { useSession, useSessionStore } from '../../state/session-context.ts';
import { tellRefused, type Refused } from '../../state/refused-networks.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { worstTunnel } from './worst-tunnel.ts';
import { ReaderBanner } from './reader-banner.tsx';
import { RefusedActs } from './refused-acts.tsx';
import { useConditionSentence } from './condition-sentence.ts';

const blipMs = 5000;

/**
 * The band; nothing where all is well, or where the helper's own band says it already. Trouble that begins while somebody
 * looks has to last, so that a blip does not flash; what was there before stands there at once, so that the list does not move.
 */
export function TunnelsBanner({ tunnels }: { readonly tunnels: readonly Tunnel[] }): ReactElement | null {
  const worst = worstTunnel(tunnels);
  const trouble = worst === null ? null : `${worst.name} ${worst.condition}`;
  const settled = useSettled(trouble, blipMs);
  const store = useSessionStore();
  const isListed = tunnels.length > 0;
  const told = useSession(({ toldTrouble }) => toldTrouble);
  const isTold = trouble !== null && (settled === trouble || told === trouble || told === undefined);
  useEffect(() => {
    if (isTold || (trouble === null && isListed)) store.setState({ toldTrouble: trouble });
  }, [store, isTold, isListed, trouble]);
  if (isTold && worst !== null) return <TroubleBanner tunnel={worst} />;
  return <ReaderBanner />;
}

function TroubleBanner({ tunnel }: { readonly tunnel: Tunnel }): ReactElement {
  const { t } = useTranslation();
  const sentence = useConditionSentence(tunnel);
  const { condition, profile, name } = tunnel;
  const refused = tellRefused(profile);
  const severity = condition === 'error' || condition === 'lost' ? 'fault' : 'attention';
  return (
    <Banner
      severity={severity}
      title={`${name}: ${sentence}`}
      acts={
        <>
          {refused?.why === 'lost' ? <RefusedActs name={name} why="lost" /> : null}
          <Link className="button" href={`/tunnel/${encodeURIComponent(name)}`}>
            {t('tunnels.seeWhy')}
          </Link>
        </>
      }
    >
      {tellAdvice(tunnel, refused, t)}
    </Banner>
  );
}

function tellAdvice({ condition, profile }: Tunnel, refused: Refused | null, t: TFunction): string {
  if (refused?.why === 'lost') return t('tunnels.advice.lostProfile');
  if (refused?.why === 'left') return t('refused.left.say');
  return profile?.problem?.hint ?? t(`tunnels.advice.${condition}`);
}
