/**
 * How much an import reads and tells. Files of a thousand tunnels are far below it; what is above is no configuration, and
 * whoever reads it for somebody has tunnels to look after meanwhile.
 * @module
 */
import type { Unmapped } from './imported.ts';
import type { NamedText } from './text-kind.ts';

/** Lines of one file. */
export const mostLines = 50_000;
/** Findings that are told one by one. */
export const mostUnmapped = 1000;

/** The files that are read, and why others are not. */
export function withinLimit(files: readonly NamedText[]): {
  readonly read: readonly NamedText[];
  readonly refused: readonly Unmapped[];
} {
  const isLong = ({ text }: NamedText): boolean => hasMoreLines(text, mostLines);
  return {
    read: files.filter((file) => !isLong(file)),
    refused: files.filter(isLong).map(({ name }) => {
      return { file: name, line: 0, text: '', why: `it has more than ${mostLines} lines; nothing of it was read` };
    }),
  };
}

/** The first findings, and how many more there are. */
export function tellSome(unmapped: readonly Unmapped[]): readonly Unmapped[] {
  const more = unmapped.length - mostUnmapped;
  if (more <= 0) return unmapped;
  return [...unmapped.slice(0, mostUnmapped), { file: '', line: 0, text: '', why: `and ${more} more` }];
}

function hasMoreLines(text: string, most: number): boolean {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= most; at = text.indexOf('\n', at + 1)) lines++;
  return lines > most;
}
