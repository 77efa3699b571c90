/**
 * The timeline as it is read: joined of what was listed and what was pushed, filtered, and cut into days.
 * @module
 */
import type { TimelineEntryView } from '#core/api/desktop-contract.ts';
import type { ApiEvent } from '#core/api/event.ts';

/** What is let through: all, what a person should look at, or what loses traffic. */
export const severityFilters = ['all', 'attention', 'fault'] as const;
/** One of `severityFilters`. */
export type SeverityFilter = (typeof severityFilters)[number];

/** Entries of one day, newest first. */
export type TimelineDay = { readonly day: string; readonly entries: readonly TimelineEntryView[] };

/**
 * `listed` (newest first) with the entries among `events` (newest last) that it does not have. A helper that started anew
 * counts from the beginning, so an entry is told by its number and its time.
 */
export function joinTimeline(
  listed: readonly TimelineEntryView[],
  events: readonly ApiEvent[],
): readonly TimelineEntryView[] {
  const known = new Set(listed.map(keyOfEntry));
  const pushed = events
    .flatMap((event) => (event.kind === 'timeline' ? [event.entry] : []))
    .filter((entry) => !known.has(keyOfEntry(entry)));
  return pushed.length === 0 ? listed : [...pushed.toReversed(), ...listed];
}

/** Tells an entry from all others. */
export function keyOfEntry({ id, atMs }: TimelineEntryView): string {
  return `${id}-${atMs}`;
}

/** Entries of at least this severity, about one interface or profile or all (null). */
export function filterTimeline(
  entries: readonly TimelineEntryView[],
  severity: SeverityFilter,
  about: { readonly interfaceName: string; readonly name: string } | null,
): readonly TimelineEntryView[] {
  return entries.filter((entry) => {
    const isSevere = severity === 'all' || entry.severity === 'fault' || severity === entry.severity;
    if (!isSevere || about === null) return isSevere;
    return entry.interface === about.interfaceName || entry.details['profile'] === about.name;
  });
}

/** Days of `entries`, with `dayOf` to name them in the person's time zone. */
export function cutIntoDays(
  entries: readonly TimelineEntryView[],
  dayOf: (atMs: number) => string,
): readonly TimelineDay[] {
  const days: { day: string; entries: TimelineEntryView[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.atMs);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
