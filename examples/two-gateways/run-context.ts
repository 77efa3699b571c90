/**
 * What a run of the demo holds: its options, its story, its children, its directory and the way to end it early.
 * @module
 */
import type { Narrator } from './narrator.ts';
import type { DemoOptions } from './options.ts';
import type { Processes } from './netns/process.ts';

/** Handed to everything that takes part in a run. */
export type RunContext = {
  readonly options: DemoOptions;
  readonly narrator: Narrator;
  readonly processes: Processes;
  /** Only this user can read it; removed at the end. */
  readonly directory: string;
  /** What to undo at the end, however the run ends; the latest first. */
  readonly undo: (() => void)[];
  /** Aborted when the run is to end early. */
  readonly signal: AbortSignal;
};

/** A name for the outer network in words. */
export function describeTunnel({ outer, isNatT }: DemoOptions): string {
  return `${isNatT ? 'ESP in UDP (NAT-T)' : 'ESP'} over ${outer === 'ipv4' ? 'IPv4' : 'IPv6'}`;
}
