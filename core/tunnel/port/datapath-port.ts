/**
 * How the control plane drives the datapath workers: hand over a snapshot, hear of events.
 * core/host/linux (worker threads) and core/host/memory (same loops in process) implement it.
 * @module
 */
import type { Counters } from '#core/datapath/counters.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import type { DatapathEvent, Snapshot } from '#core/datapath/snapshot.ts';

/** The datapath as the control plane sees it. */
export type DatapathPort = {
  readonly counters: Counters;
  /** Workers that send, each with IVs of its own; left out, it is one. */
  readonly outboundWorkers?: number;
  /** Replace the workers' state. Resolves when all decide by it: only then may what it no longer names be closed or freed. */
  publish(snapshot: Snapshot): Promise<void>;
  /**
   * What the replay windows of these associations have seen, by `SnapshotAssociation.id`; null for one that has none:
   * outbound, not checked, or gone.
   */
  replayWindows(ids: readonly number[]): Promise<readonly (ReplayWindowView | null)[]>;
  /** Called for every event but `applied`. */
  onEvent(listener: (event: DatapathEvent) => void): void;
  /** Stop the workers. */
  stop(): Promise<void>;
};
