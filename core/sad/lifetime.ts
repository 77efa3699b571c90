/**
 * Lifetimes of an association (RFC 4301 §4.4.2.1): soft asks for a successor, hard ends it. 0 means unlimited.
 * Limits are passed only when use is strictly greater, as in NetBSD's key.c; time counts in whole seconds.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { longestSeconds } from '#core/base/longest-seconds.ts';

/** One set of limits. */
export type Lifetime = {
  readonly addSeconds: number;
  readonly useSeconds: number;
  readonly bytes: number;
  readonly packets: number;
};

/** Soft and hard limits; setkey gives `-ls -lh -bs -bh`. */
export type Lifetimes = { readonly soft: Lifetime; readonly hard: Lifetime };

/** Name of one limit. */
export type LifetimeLimit = keyof Lifetime;

/** What an association has consumed so far, to compare with its limits. */
export type LifetimeUse = {
  readonly createdMs: number;
  /** 0: never used. */
  readonly firstUsedMs: number;
  readonly bytes: number;
  readonly packets: number;
};

/** No limit at all. */
export const unlimited: Lifetime = { addSeconds: 0, useSeconds: 0, bytes: 0, packets: 0 };

const limitNames = ['addSeconds', 'useSeconds', 'bytes', 'packets'] as const satisfies readonly LifetimeLimit[];

/**
 * Check a pair of lifetimes as PF_KEY does: both or neither, soft not above hard.
 * @throws {IpsecError} `SA_LIFETIME` naming the limit.
 */
export function checkLifetimes({ soft, hard }: Lifetimes): void {
  for (const name of limitNames) {
    checkLimit('soft', name, soft[name]);
    checkLimit('hard', name, hard[name]);
    if (soft[name] > hard[name] && hard[name] > 0) {
      const message = `soft ${limitLabel(name)} ${soft[name]} is above hard ${limitLabel(name)} ${hard[name]}`;
      throw new IpsecError('SA_LIFETIME', message, { field: `soft.${name}` });
    }
  }
  if (hasLimit(hard) === hasLimit(soft)) return;
  const [given, missing] = hasLimit(hard) ? ['hard', 'soft'] : ['soft', 'hard'];
  throw new IpsecError('SA_LIFETIME', `a ${given} lifetime is given without a ${missing} one`, { field: missing });
}

/** Whether any limit is set. */
export function hasLimit(lifetime: Lifetime): boolean {
  return lifetime.addSeconds > 0 || lifetime.useSeconds > 0 || lifetime.bytes > 0 || lifetime.packets > 0;
}

/** The first limit that `use` has passed at `now`; null when none. The first to expire wins (RFC 4301 §4.4.2.1). */
export function passedLimit(lifetime: Lifetime, use: LifetimeUse, now: number): LifetimeLimit | null {
  const { addSeconds, useSeconds, bytes, packets } = lifetime;
  if (addSeconds > 0 && secondsBetween(use.createdMs, now) > addSeconds) return 'addSeconds';
  if (useSeconds > 0 && use.firstUsedMs > 0 && secondsBetween(use.firstUsedMs, now) > useSeconds) return 'useSeconds';
  if (bytes > 0 && use.bytes > bytes) return 'bytes';
  if (packets > 0 && use.packets > packets) return 'packets';
  return null;
}

/** When time alone passes a limit next, of those that `use` has not passed; infinite for never. */
export function nextTimeLimitMs({ addSeconds, useSeconds }: Lifetime, { createdMs, firstUsedMs }: LifetimeUse): number {
  const passes = (fromMs: number, seconds: number): number => fromMs + (seconds + 1) * 1000;
  return Math.min(
    addSeconds > 0 ? passes(createdMs, addSeconds) : Infinity,
    useSeconds > 0 && firstUsedMs > 0 ? passes(firstUsedMs, useSeconds) : Infinity,
  );
}

function secondsBetween(from: number, to: number): number {
  return Math.floor((to - from) / 1000);
}

function checkLimit(kind: 'soft' | 'hard', name: LifetimeLimit, value: number): void {
  const largest = name === 'bytes' || name === 'packets' ? Number.MAX_SAFE_INTEGER : longestSeconds;
  if (Number.isInteger(value) && value >= 0 && value <= largest) return;
  const message = `${kind} ${limitLabel(name)} ${value} is not a number from 0 to ${largest}`;
  throw new IpsecError('SA_LIFETIME', message, { field: `${kind}.${name}` });
}

function limitLabel(name: LifetimeLimit): string {
  return { addSeconds: 'lifetime in seconds', useSeconds: 'seconds of use', bytes: 'bytes', packets: 'packets' }[name];
}
