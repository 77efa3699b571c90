/**
 * What the inbound loop decides by when there is a capture instead of a gateway: associations, and nothing else. It
 * listens at the destination of each, with plain ESP and in UDP, and a catch-all takes the place of the interfaces.
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';
import type { Snapshot, SnapshotAssociation, SnapshotInterface, SnapshotSocket } from '#core/datapath/snapshot.ts';
import { hasIntegrity } from '#core/sad/association-check.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import { compileAssociation } from '#core/tunnel/compile-snapshot.ts';

/** What associations are compiled with. */
export type CaptureOptions = {
  readonly transformOf: (association: SecurityAssociation) => number;
  readonly checksReplay: boolean;
  /** Sequence number that an association's capture goes on from; 0 at its beginning. */
  readonly initialSequenceOf: (association: SecurityAssociation) => number;
};

/** RFC 4303 §3.4.3: the window that SHOULD be the default; for associations that name none. */
const defaultWindow = 64;

/** For packets to destinations that no association has: no address at all. */
const nowhere = new Uint8Array(16);

const policy = { action: 'protect', outboundSpid: 0, outboundAssociation: -1, inboundReqid: 0 } as const;

/** Open for everything: what an association carried is delivered, wherever it came from. */
const catchAll: SnapshotInterface = {
  slot: 0,
  name: 'capture',
  tun: 0,
  isUp: true,
  mtu: 65535,
  isEcnFriendly: true,
  forwardsIpv6: true,
  outerTtl: 64,
  dontFragment: 'clear',
  pathMtuDiscovery: false,
  followsPeer: false,
  keepalives: false,
  tfcMultiple: 0,
  dummiesPerSecond: 0,
  answersRefused: false,
  outer: { family: 4, local: nowhere, peer: nowhere, localPort: 0, peerPort: 0 },
  ipv4: policy,
  ipv6: policy,
};

/** The snapshot, and the tokens of its sockets. */
export type CaptureSnapshot = { readonly snapshot: Snapshot; readonly sockets: CaptureSockets };

/** Compile it. */
export function compileCapture(associations: readonly SecurityAssociation[], options: CaptureOptions): CaptureSnapshot {
  const inbound = associations.map((association) => compileInbound(association, options));
  const sockets = new CaptureSockets(inbound);
  const snapshot = {
    version: 1,
    interfaces: [],
    outbound: [],
    inbound,
    sockets: sockets.all,
    catchAll,
    logsEcn: false,
    auditsDrops: false,
  };
  return { snapshot, sockets };
}

/** Both encapsulations are taken, as RFC 7296 §2.23 demands where nobody says otherwise. */
function compileInbound(association: SecurityAssociation, options: CaptureOptions): SnapshotAssociation {
  const compiled = compileAssociation(association, options.transformOf(association));
  const window = compiled.replayWindow === 0 ? defaultWindow : compiled.replayWindow;
  return {
    ...compiled,
    acceptsEncapsulated: true,
    initialSequence: options.initialSequenceOf(association),
    replayWindow: options.checksReplay && hasIntegrity(association) ? window : 0,
  };
}

/** The sockets: two for each destination, plain ESP and UDP. */
export class CaptureSockets {
  readonly all: SnapshotSocket[] = [];
  readonly #tokens = new Map<number | string, number>();
  readonly #nowhere: Readonly<Record<4 | 6, number>>;

  constructor(associations: readonly SnapshotAssociation[]) {
    this.#nowhere = { 4: this.#listen(4, nowhere), 6: this.#listen(6, nowhere) };
    for (const { family, destination } of associations) {
      const key = addressKey(destination, 0, family);
      if (!this.#tokens.has(key)) this.#tokens.set(key, this.#listen(family, destination));
    }
  }

  /** Token of the socket for the destination whose address lies in `bytes` at `at`. */
  tokenFor(bytes: Uint8Array, at: number, family: 4 | 6, isUdp: boolean): number {
    const token = this.#tokens.get(addressKey(bytes, at, family)) ?? this.#nowhere[family];
    return isUdp ? token + 1 : token;
  }

  /** Whether some association has this destination. */
  isKnown(bytes: Uint8Array, at: number, family: 4 | 6): boolean {
    return this.#tokens.has(addressKey(bytes, at, family));
  }

  /** Token of the plain one; that of UDP is the next. */
  #listen(family: 4 | 6, localAddress: Uint8Array): number {
    const token = this.all.length;
    this.all.push({ token, kind: 'esp', family, localAddress, localPort: 0 });
    this.all.push({ token: token + 1, kind: 'udp', family, localAddress, localPort: 0 });
    return token;
  }
}

/** Equal exactly for equal addresses. */
function addressKey(bytes: Uint8Array, at: number, family: 4 | 6): number | string {
  if (family === 4) return readU32(bytes, at);
  const words = [readU32(bytes, at), readU32(bytes, at + 4), readU32(bytes, at + 8), readU32(bytes, at + 12)];
  return words.join(' ');
}
