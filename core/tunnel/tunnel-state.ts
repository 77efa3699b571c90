/**
 * What a tunnel is doing, told honestly from flags, associations, counters and time: a tunnel that sends and hears
 * nothing is a state of its own, and forged packets alone do not make a working tunnel look broken.
 * @module
 */

/** The states. */
export const tunnelStates = [
  'lost',
  'off',
  'unconfigured',
  'waiting-for-keys',
  'idle',
  'up',
  'hears-nothing',
  'errors',
] as const;

/** One of `tunnelStates`. */
export type TunnelState = (typeof tunnelStates)[number];

/** Sending for longer than this without hearing anything is `hears-nothing`. */
export const silenceMs = 10_000;
/** What was heard within this time makes a tunnel `up` by itself. */
const recentlyHeardMs = 120_000;
/** Failed integrity checks are worth a state of their own for this long. */
const recentFailureMs = 30_000;

/** What the state is told from. Times are milliseconds since the epoch, 0 for never. */
export type TunnelFacts = {
  /** False when somebody else has deleted the interface's device. */
  readonly hasDevice: boolean;
  readonly isUp: boolean;
  readonly isConfigured: boolean;
  /** Whether, for some inner family, there are associations to send on and to receive on. */
  readonly hasKeys: boolean;
  /** When the outer addresses were set: what was counted before belongs to another tunnel. */
  readonly configuredMs: number;
  /** First packet on the associations to send on. */
  readonly firstSentMs: number;
  readonly lastSentMs: number;
  readonly lastHeardMs: number;
  /** Last failed integrity check on the associations to receive on. */
  readonly lastFailureMs: number;
};

/** The state at `now`. */
export function deriveTunnelState(facts: TunnelFacts, now: number): TunnelState {
  if (!facts.hasDevice) return 'lost';
  if (!facts.isUp) return 'off';
  if (!facts.isConfigured) return 'unconfigured';
  if (!facts.hasKeys) return 'waiting-for-keys';
  const sent = sinceConfigured(facts.lastSentMs, facts);
  const heard = sinceConfigured(facts.lastHeardMs, facts);
  if (isFailing(sinceConfigured(facts.lastFailureMs, facts), heard, now)) return 'errors';
  if (isUnheard(sinceConfigured(facts.firstSentMs, facts), sent, heard, now)) return 'hears-nothing';
  const isUp = heard > 0 && (sent > 0 || now - heard <= recentlyHeardMs);
  return isUp ? 'up' : 'idle';
}

function sinceConfigured(time: number, { configuredMs }: TunnelFacts): number {
  return time >= configuredMs ? time : 0;
}

/** Failures count only while nothing authentic comes through: anyone can send packets that fail. */
function isFailing(failed: number, heard: number, now: number): boolean {
  return failed > 0 && now - failed <= recentFailureMs && (heard === 0 || now - heard > silenceMs);
}

/** Heard before: sending went on for too long after it. Never heard: the first packet has waited too long for an answer. */
function isUnheard(firstSent: number, sent: number, heard: number, now: number): boolean {
  if (sent === 0) return false;
  return heard > 0 ? sent - heard > silenceMs : now - (firstSent > 0 ? firstSent : sent) > silenceMs;
}
