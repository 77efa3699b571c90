/**
 * What the tunnel's picture tells, in finished words: the drawing decides where things stand, never what is true. What is
 * not known is null and leaves its place empty; only the words of the other end are drawn as told.
 * @module
 */
import type { Condition } from '../../state/tunnel-condition.ts';

/** One of the two gateways. */
export type SceneGateway = {
  readonly title: string;
  readonly note: string;
  /** Where ESP leaves, as `wm0`. */
  readonly outerDevice: string | null;
  readonly interfaceName: string;
  /** Inner addresses, the first ones. */
  readonly inner: readonly string[];
  /** Towards its hosts: device and address. */
  readonly hostDevice: string | null;
  readonly hostAddress: string | null;
};

/** The hosts behind a gateway. */
export type SceneHosts = {
  readonly title: string;
  readonly networks: string | null;
  /** Whether the device towards them was seen here. */
  readonly isSeen: boolean;
};

/** One direction in the pipe. `short` is for the narrow sheet. */
export type SceneLane = {
  readonly text: string;
  readonly short: string;
  /** At the far end of the lane. */
  readonly proof: string | null;
  /** Whether packets run now. */
  readonly isFlowing: boolean;
};

/** One reading of the data band; `unseen` is for what cannot be seen from here. */
export type BandCell = {
  readonly value: string;
  readonly note: string | null;
  readonly tone: 'plain' | 'fault' | 'unseen';
};

/** A place where packets can be dropped. */
export type BandStation = {
  readonly id: string;
  readonly title: string;
  readonly out: BandCell;
  readonly in: BandCell;
};

/** Everything that is drawn. */
export type HeroScene = {
  readonly condition: Condition;
  /** Whether the interface is in the machine; without it, ours is told by the profile alone. */
  readonly isThere: boolean;
  /** The picture in one sentence. */
  readonly label: string;
  readonly here: SceneGateway;
  readonly there: SceneGateway;
  readonly hostsHere: SceneHosts;
  readonly hostsThere: SceneHosts;
  readonly road: {
    readonly local: string | null;
    readonly peer: string | null;
    readonly carrier: string;
    readonly carrierShort: string;
    readonly path: string;
    readonly pathShort: string;
  };
  /** Round trip time: a measure, or that there is none. */
  readonly distance: { readonly text: string; readonly isMeasured: boolean };
  readonly out: SceneLane;
  readonly in: SceneLane;
  /** What the pipe says where no lanes run: beside the key, at the break, at the gate, in the dry pipe. */
  readonly say: string;
  /** Packets that come to nothing here. */
  readonly held: string | null;
  readonly unseen: string;
  readonly band: {
    readonly title: string;
    readonly out: string;
    readonly in: string;
    readonly stations: readonly BandStation[];
  };
};
