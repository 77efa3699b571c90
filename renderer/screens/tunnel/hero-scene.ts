/**
 * From what the window knows of a tunnel to the words of its picture. Pure: the drawing follows in drawing/hero.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { TFunction } from 'i18next';
import type { Status } from '#core/api/contract.ts';
import { formatRate, type Rate } from '#core/api/reading/rate.ts';
import type { HeroScene, SceneGateway, SceneLane } from '../../drawing/hero/scene.ts';
import { formatClock, formatDuration, formatCount, none } from '../../state/format.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { tellStations } from './drop-cells.ts';
import {
  associationsOf,
  currentAssociation,
  farNetworks,
  nearNetwork,
  toldPathMtu,
  type HostNetworks,
  type HostRoutes,
} from './tunnel-facts.ts';

/** All that the picture is told from. */
export type SceneFacts = {
  readonly tunnel: Tunnel;
  readonly status: Status | null;
  readonly rate: Rate | null;
  readonly units: 'bits' | 'bytes';
  readonly measuredMs: number;
  readonly networks: HostNetworks;
  readonly routes: HostRoutes;
  /** When a packet last found no key, by the helper's events; null where none did. */
  readonly askedMs: number | null;
  /** What a ping through the tunnel showed last; null before there was one. */
  readonly roundTrip: string | null;
  /** The one sentence under the tunnel's name. */
  readonly sentence: string;
};

/** The scene of a tunnel at one moment. */
export function tellScene(facts: SceneFacts, t: TFunction): HeroScene {
  const { tunnel, networks, routes, roundTrip } = facts;
  const near = nearNetwork(tunnel, networks);
  const far = farNetworks(tunnel, routes);
  return {
    condition: tunnel.condition,
    isThere: tunnel.interface !== null,
    label: t('tunnel.hero.label', {
      name: tunnel.name,
      word: t(`condition.${tunnel.condition}.word`),
      sentence: facts.sentence,
    }),
    here: tellHere(tunnel, near, t),
    there: tellThere(tunnel, t),
    hostsHere: {
      title: t('tunnel.hero.hostX'),
      networks: near.network ?? t('tunnel.hero.noNetwork'),
      isSeen: near.hostDevice !== null,
    },
    hostsThere: { title: t('tunnel.hero.hostY'), networks: several(far, t) ?? t('tunnel.hero.noRoute'), isSeen: false },
    road: tellRoad(facts, t),
    distance: { text: roundTrip ?? t('tunnel.hero.noRoundTrip'), isMeasured: roundTrip !== null },
    ...tellLanes(facts, t),
    say: tellPipe(facts, t),
    held: tunnel.heldPackets === 0 ? null : t('tunnel.hero.held', { packets: formatCount(tunnel.heldPackets) }),
    unseen: t('tunnel.hero.unseen'),
    band: {
      title: t('tunnel.hero.drops'),
      out: t('tunnel.hero.out'),
      in: t('tunnel.hero.in'),
      stations: tellStations(tunnel, associationsOf(tunnel, facts.status), t),
    },
  };
}

function tellHere(tunnel: Tunnel, near: ReturnType<typeof nearNetwork>, t: TFunction): SceneGateway {
  const { interface: link, profile, interfaceName } = tunnel;
  const inner = link?.addresses ?? profile?.profile.addresses ?? [];
  return {
    title: t('tunnel.hero.gatewayA'),
    note: t('tunnel.hero.thisComputer'),
    outerDevice: near.outerDevice,
    interfaceName,
    inner: inner.map(({ address }) => address),
    hostDevice: near.hostDevice,
    hostAddress: near.hostAddress,
  };
}

/** Of the other end nothing is measured: its inner addresses are those that ours name as peers. */
function tellThere({ interface: link, profile }: Tunnel, t: TFunction): SceneGateway {
  const inner = link?.addresses ?? profile?.profile.addresses ?? [];
  return {
    title: t('tunnel.hero.gatewayB'),
    note: t('tunnel.hero.asConfigured'),
    outerDevice: null,
    interfaceName: 'ipsec',
    inner: inner.flatMap(({ peer }) => (peer === null ? [] : [peer])),
    hostDevice: null,
    hostAddress: null,
  };
}

function tellRoad({ tunnel, status }: SceneFacts, t: TFunction): HeroScene['road'] {
  const { interface: link, profile } = tunnel;
  const pair = link?.tunnel ?? profile?.outer ?? null;
  const saved = profile?.profile;
  const moved = link?.movedTo ?? null;
  const hasUdp = link?.link0 ?? saved?.flags.link0 ?? false;
  const ports = {
    local: pair?.localPort || saved?.local.port || 4500,
    peer: moved?.port ?? (pair?.peerPort || saved?.peer.port || 4500),
  };
  const mtu = toldPathMtu(associationsOf(tunnel, status));
  return {
    local: pair?.local ?? saved?.local.host ?? null,
    peer: moved?.address ?? pair?.peer ?? saved?.peer.host ?? null,
    carrier: t(hasUdp ? 'tunnel.hero.espInUdp' : 'tunnel.hero.espOverIp', ports),
    carrierShort: t(hasUdp ? 'tunnel.hero.espInUdpShort' : 'tunnel.hero.espShort', ports),
    path: mtu === null ? t('tunnel.hero.noPathMtu') : t('tunnel.hero.pathMtu', { mtu }),
    pathShort: mtu === null ? t('tunnel.hero.noPathMtuShort') : t('tunnel.hero.pathMtuShort', { mtu }),
  };
}

function tellLanes(facts: SceneFacts, t: TFunction): { readonly out: SceneLane; readonly in: SceneLane } {
  const { tunnel, status, rate, units } = facts;
  const own = associationsOf(tunnel, status);
  const nowMs = status?.nowMs ?? 0;
  const lane = (direction: 'out' | 'in', bytes: number | null, packets: number | null): SceneLane => {
    const current = currentAssociation(tunnel, own, direction);
    const lastMs = direction === 'out' ? tunnel.lastSentMs : tunnel.lastHeardMs;
    const word = t(`tunnel.hero.${direction}Lane`);
    const short = bytes === null ? `${word} ${none}` : `${word} ${formatRate(bytes, units)}`;
    return {
      text:
        packets === null
          ? short
          : t('tunnel.hero.laneText', { short, count: Math.round(packets), packets: formatCount(packets) }),
      short,
      proof:
        current === null
          ? null
          : lastMs === null
            ? formatSpi(current.spi)
            : t('tunnel.hero.laneProof', { spi: formatSpi(current.spi), ago: formatDuration(nowMs - lastMs) }),
      isFlowing: (bytes ?? 0) > 0,
    };
  };
  return {
    out: lane('out', rate?.outBytes ?? null, rate?.outPackets ?? null),
    in: lane('in', rate?.inBytes ?? null, rate?.inPackets ?? null),
  };
}

/** What stands in the pipe itself. */
function tellPipe({ tunnel, status, askedMs, measuredMs }: SceneFacts, t: TFunction): string {
  const nowMs = status?.nowMs ?? 0;
  const since = (ms: number | null): string => formatDuration(nowMs - (ms ?? nowMs));
  switch (tunnel.condition) {
    case 'waiting':
      return askedMs === null ? t('tunnel.hero.noKeys') : t('tunnel.hero.asked', { ago: since(askedMs) });
    case 'sends-only':
      return tunnel.lastHeardMs === null
        ? t('tunnel.hero.neverHeard')
        : t('tunnel.hero.heardNothing', { ago: since(tunnel.lastHeardMs) });
    case 'keys-end-soon':
      return t('tunnel.hero.keysEnd', { time: formatDuration((tunnel.keysEndMs ?? nowMs) - nowMs) });
    case 'error':
      return tunnel.profile?.problem?.message ?? t('tunnel.hero.doesNotOpen');
    case 'lost':
      return t('tunnel.hero.gone', { name: tunnel.interfaceName });
    case 'blocked':
      return t('tunnel.hero.closed');
    case 'unconfigured':
      return t('tunnel.hero.noEnds');
    case 'unknown':
      return t('condition.unknown.say', {
        last: t(`condition.${tunnel.lastCondition}.word`),
        time: formatClock(measuredMs),
      });
    case 'off':
    case 'up':
    case 'idle':
      return t('tunnel.hero.dry');
  }
}

function several(list: readonly string[], t: TFunction): string | null {
  const [first, ...more] = list;
  if (first === undefined) return null;
  return more.length === 0 ? first : t('tunnel.hero.andMore', { first, count: more.length });
}
