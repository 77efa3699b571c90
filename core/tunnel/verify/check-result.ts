/**
 * What a check of the ladder found: a state, and three sentences for people.
 * @module
 */
import type { CheckId } from './check-registry.ts';

/** skipped: something before it failed, or it does not apply; unknown: it could not be told. */
export const checkStates = ['passed', 'failed', 'skipped', 'unknown'] as const;
/** One of `checkStates`. */
export type CheckState = (typeof checkStates)[number];

/** What a check finds; `meaning` and `remedy` are empty where there is nothing to say. */
export type Finding = {
  readonly state: CheckState;
  /** What was seen. */
  readonly evidence: string;
  /** What it means for the tunnel. */
  readonly meaning: string;
  /** What to do. */
  readonly remedy: string;
};

/** A finding at its place in the ladder. */
export type CheckResult = Finding & { readonly id: CheckId; readonly title: string };

/** All is well. */
export function passed(evidence: string): Finding {
  return { state: 'passed', evidence, meaning: '', remedy: '' };
}

/** Something is wrong. */
export function failed(evidence: string, meaning: string, remedy: string): Finding {
  return { state: 'failed', evidence, meaning, remedy };
}

/** It does not apply, or cannot be asked. */
export function skipped(evidence: string): Finding {
  return { state: 'skipped', evidence, meaning: '', remedy: '' };
}

/** It was asked, and no answer tells. */
export function unknown(evidence: string, meaning: string, remedy = ''): Finding {
  return { state: 'unknown', evidence, meaning, remedy };
}
