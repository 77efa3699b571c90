/**
 * Time stamps of dumps: the 20 characters `Mon DD HH:MM:SS YYYY`, day padded with a blank. The zone is the caller's
 * choice, because the pure core knows none: UTC is here, the local zone is the helper's to give.
 * @module
 */

/** Milliseconds since the epoch → 20 characters. */
export type TimeFormatter = (milliseconds: number) => string;

/** What stands in place of a time that never was. */
export const noTime = ' '.repeat(20);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** The time in UTC. */
export const formatUtcTime: TimeFormatter = (milliseconds) => {
  const date = new Date(milliseconds);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return `${months[date.getUTCMonth()] ?? '???'} ${day} ${clock} ${date.getUTCFullYear()}`;
};

/** The time in a zone `offsetMinutes` east of UTC; the caller knows the offset at that moment. */
export function formatTimeAt(offsetMinutes: number): TimeFormatter {
  return (milliseconds) => formatUtcTime(milliseconds + offsetMinutes * 60_000);
}
