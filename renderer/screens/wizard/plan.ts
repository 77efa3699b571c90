/**
 * What the drawing and the measures say of a draft: the path outside, and the largest packet inside.
 * @module
 */
import { largestPacket, type SizedPath } from '#core/profile/profile-size.ts';
import { listOf } from '../../draft/draft-profile.ts';
import type { PlannedTunnel } from '../../drawing/planned-tunnel.tsx';
import type { Wizard } from './wizard-state.ts';

/** Ethernet's, while nobody has measured the path. */
const usualMtu = 1500;

/** What is known of a draft. */
export type Known = Pick<Wizard, 'draft' | 'suite' | 'outlook'>;

/** The way of its packets, as far as it is known. */
export function pathOf({ draft, outlook }: Known): SizedPath {
  const peer = outlook.value?.peer ?? draft.peerHost;
  return { outerFamily: peer.includes(':') ? 6 : 4, hasUdp: draft.natT, outerMtu: outlook.value?.mtu ?? usualMtu };
}

/** The most that crosses the path in one piece; the interface itself takes 1280 to 8192. */
export function bestMtu(known: Known): number {
  return Math.min(8192, Math.max(1280, largestPacket(known.suite, pathOf(known))));
}

/** The drawing's part of a draft. `inStep` stands for networks that nobody has named yet. */
export function planOf(
  known: Known & Pick<Wizard, 'ownHost'>,
  marked: PlannedTunnel['marked'],
  stage: PlannedTunnel['stage'],
  words: { readonly inStep: string; readonly itself: string },
): PlannedTunnel {
  const { draft, ownHost } = known;
  const route = listOf(draft.routes)[0] ?? draft.innerPeer;
  const network = draft.purpose === 'computer' ? words.itself : (listOf(draft.networks)[0] ?? draft.inner);
  return {
    local: ownHost || null,
    peer: draft.peerHost.trim() || null,
    interface: draft.interface,
    ...{ spiOut: draft.spiOut, spiIn: draft.spiIn, marked, stage },
    udpPort: draft.natT ? draft.peerPort : null,
    bore: Number(draft.mtu) || 0,
    outside: pathOf(known).outerMtu,
    hostX: network || words.inStep,
    hostY: route || words.inStep,
  };
}
