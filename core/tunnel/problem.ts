/**
 * A refusal as part of a result: what would go wrong, told without failing the question.
 * @module
 */
import { IpsecError, toWireError, type WireError } from '#core/base/error.ts';

/** An error as a result carries it. */
export type Problem = WireError & { details: Record<string, string | number | boolean | null> };

/** Any refusal as a result carries it; a bug is none, and is thrown on. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof IpsecError)) throw error;
  const wire = toWireError(error);
  return { ...wire, details: { ...wire.details } };
}
