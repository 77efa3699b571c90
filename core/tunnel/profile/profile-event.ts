/**
 * What is told about profiles to those who listen. No event holds a key; whoever wants more asks for the profile.
 * @module
 */
import type { TunnelState } from '#core/tunnel/tunnel-state.ts';
import type { ProfilePhase } from './profile-state.ts';

/** One event. */
export type ProfileEvent = {
  kind: 'profile';
  /** Milliseconds since the epoch. */
  atMs: number;
  change: 'created' | 'edited' | 'renamed' | 'deleted' | 'state';
  id: string;
  /** The name after the change. */
  name: string;
  phase: ProfilePhase;
  /** What its tunnel does; null unless it is on. */
  tunnelState: TunnelState | null;
};

/** Somebody who listens. Must not throw. */
export type ProfileListener = (event: ProfileEvent) => void;
