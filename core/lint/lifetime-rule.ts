/**
 * Keys without an end, and windows that are not there.
 * @module
 */
import { hasLimit } from '#core/sad/lifetime.ts';
import { finding, type Finding } from './finding.ts';
import type { LintAssociation, LintInput } from './lint-input.ts';

/** Find them: of each kind one finding a file, at the first, with how many there are. */
export function lifetimeRule({ associations }: LintInput): Finding[] {
  const endless = associations.filter(({ spec }) => !hasLimit(spec.lifetimes.hard));
  const unchecked = associations.filter(({ spec }) => spec.replayBytes === 0 && !spec.hasEsn);
  return [
    ...firstOfEachFile(endless).map(({ place, count }) =>
      finding('LIFETIME_MISSING', place, `${plural(count)} no hard lifetime`),
    ),
    ...firstOfEachFile(unchecked).map(({ place, count }) =>
      finding('REPLAY_UNCHECKED', place, `${plural(count)} no replay window`),
    ),
  ];
}

function firstOfEachFile(
  associations: readonly LintAssociation[],
): (Pick<LintAssociation, 'place'> & { count: number })[] {
  const first = new Map<string, { place: LintAssociation['place']; count: number }>();
  for (const { place } of associations) {
    const known = first.get(place.file);
    if (known === undefined) first.set(place.file, { place, count: 1 });
    else known.count++;
  }
  return [...first.values()];
}

function plural(count: number): string {
  return count === 1 ? 'the association has' : `${count} associations have`;
}
