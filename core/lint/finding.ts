/**
 * One finding of `culvert check`: a code of the registry, what was found and where. No finding holds a key, or a word of
 * a text that may be one.
 * @module
 */
import type { Position } from '#core/setkey/syntax.ts';
import { findingRegistry, findingSeverities, type FindingCode, type FindingSeverity } from './finding-registry.ts';

/** A place in a file. */
export type Place = Position & { readonly file: string };

/** A finding, complete. */
export type Finding = {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  /** What was found; names the values at fault, never keys. */
  readonly message: string;
  readonly reason: string;
  readonly fix: string;
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
};

/** A finding of the registry. `fix` and `reason` are the row's unless something better is known. */
export function finding(
  code: FindingCode,
  { file, line, column }: Place,
  message: string,
  better: { readonly reason?: string; readonly fix?: string } = {},
): Finding {
  const { severity, reason, fix } = findingRegistry[code];
  return { code, severity, message, reason: better.reason ?? reason, fix: better.fix ?? fix, file, line, column };
}

/** Findings in the order of the files, and within a file of the text; at one place the worst first. */
export function inOrder(findings: readonly Finding[], files: readonly string[]): Finding[] {
  const order = new Map(files.map((file, index) => [file, index]));
  const rank = ({ severity }: Finding): number => findingSeverities.indexOf(severity);
  return findings.toSorted(
    (left, right) =>
      (order.get(left.file) ?? 0) - (order.get(right.file) ?? 0) ||
      left.line - right.line ||
      left.column - right.column ||
      rank(left) - rank(right),
  );
}
