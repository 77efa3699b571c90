/**
 * What is measured: a way for two namespaces to talk. One file in contenders/ for each.
 * @module
 */
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import type { Processes } from '#examples/two-gateways/netns/process.ts';

/** The two ends of a running contender. */
export type Endpoints = {
  readonly a: Namespace;
  readonly b: Namespace;
  /** Addresses by which the ends reach each other through the contender. */
  readonly addressA: string;
  readonly addressB: string;
  /** Processes that carry its packets; empty where the kernel does. */
  readonly daemonPids: readonly number[];
  /** From the start of a daemon until it can be configured, the slower of both; null where there is none. */
  readonly startupMs: number | null;
};

/** What a contender starts with. */
export type BenchContext = {
  readonly processes: Processes;
  /** A directory for its files, for this user only. */
  readonly directory: string;
};

/**
 * What a contender is in the comparison: Culvert's main ways, or its variants, which fewer probes visit; somebody else's
 * tunnel; a bound that no tunnel passes.
 */
export type Role = 'own' | 'variant' | 'peer' | 'bound';

/** One way to talk. It runs idle, in namespaces of its own, while others are measured. */
export type Contender = {
  /** Name in the JSON and in ratios. */
  readonly name: string;
  /** Name for people. */
  readonly label: string;
  readonly role: Role;
  /** Why it cannot run here, or null. May install what it needs. */
  readonly obstacle: () => Promise<string | null>;
  readonly start: (context: BenchContext) => Promise<Endpoints>;
};
