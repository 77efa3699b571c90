/**
 * What a gateway stands on, and what it is told about itself.
 * @module
 */
import type { Clock, Log, Random } from '#core/base/port.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import type { SystemSettings } from '#core/ipsecif/interface-options.ts';
import type { IvStore } from '#core/sad/iv-reservation.ts';
import type { TimeFormatter } from '#core/setkey/time-stamp.ts';
import type { WayBackStore } from './way-back-store.ts';
import type { DatapathPort } from './datapath-port.ts';
import type { GatewayStatus } from '#core/tunnel/gateway-status.ts';
import type { HostPort } from './host-port.ts';

/** What a gateway is told about itself. */
export type GatewayOptions = {
  readonly helperVersion: string;
  readonly pid: number;
  readonly datapath: GatewayStatus['datapath'];
  /** Accept encryption without integrity; default false. */
  readonly allowWeak?: boolean;
  /** What holds for all interfaces; default: NetBSD's. */
  readonly settings?: Partial<SystemSettings>;
  /** Times in setkey's dumps; default UTC. */
  readonly formatTime?: TimeFormatter;
};

/** What a gateway stands on. */
export type GatewayPorts = {
  readonly host: HostPort;
  readonly datapath: DatapathPort;
  readonly transforms: TransformPort;
  readonly ivStore: IvStore;
  /** Where the way back from an unconfirmed change outlives the process; left out: nowhere. */
  readonly wayBackStore?: WayBackStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly options: GatewayOptions;
};
