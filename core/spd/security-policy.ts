/**
 * A security policy as the SPD keeps it (RFC 4301 §4.4.1; setkey's spdadd).
 * @module
 */
import type { Selector } from './selector.ts';

/** RFC 4301's actions; setkey's `ipsec`, `none` and `discard`. */
export type PolicyAction = 'protect' | 'bypass' | 'discard';

/** setkey's levels. `unique` carries a reqid of its own. */
export type PolicyLevel = 'default' | 'use' | 'require' | 'unique';

/** One `esp/transport//unique` request of a policy. */
export type PolicyRequest = {
  readonly protocol: 'esp';
  readonly mode: 'transport';
  readonly level: PolicyLevel;
  /** 0 unless `unique`; printed `#N` above 16383, `:N` below (key.c: IPSEC_MANUAL_REQID_MAX). */
  readonly reqid: number;
};

/** What a caller gives to add a policy. A reqid of 0 at level unique asks for a fresh one. */
export type PolicySpec = {
  readonly direction: 'in' | 'out';
  readonly selector: Selector;
  readonly action: PolicyAction;
  /** Exactly one for `protect`, none otherwise. */
  readonly requests: readonly PolicyRequest[];
};

/** A policy in the SPD. */
export type SecurityPolicy = PolicySpec & {
  /** Rises by one with each policy; the first ever is 1. */
  readonly spid: number;
  /** `kernel`: made by an interface, untouchable for user commands (key.c: key_kpi_spdadd). */
  readonly origin: 'user' | 'kernel';
  readonly pid: number;
};
