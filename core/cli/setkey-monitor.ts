/**
 * What `setkey -x` and `setkey -l` print, a line each: events in the words of PF_KEY (RFC 2367 §3.1), and associations in
 * short. The lines are Culvert's own: there is no PF_KEY message to show.
 * @module
 */
import type { Status } from '#core/api/contract.ts';
import type { ApiEvent } from '#core/api/event.ts';
import { formatUtcTime } from '#core/setkey/time-stamp.ts';

/** One event; with `withTime` the time (UTC) stands in front. */
export function formatEvent(event: ApiEvent, withTime: boolean): string {
  const time = withTime ? `${formatUtcTime(event.atMs)} ` : '';
  return `${time}${eventText(event)} reqid=${event.reqid}\n`;
}

function eventText(event: ApiEvent): string {
  const ends = `${event.source} ${event.destination}`;
  if (event.kind === 'expire') {
    return `SADB_EXPIRE ${ends} ${event.protocol} ${spiText(event.spi)} ${event.hardness} limit=${event.limit}`;
  }
  return `SADB_ACQUIRE ${ends} ${event.interface} ipv${event.family} spid=${event.spid} seq=${event.sequence}`;
}

/** The associations at one moment; an empty line stands between two moments. */
export function formatShort({ associations, nowMs }: Pick<Status, 'associations' | 'nowMs'>): string {
  const lines = associations.map(({ source, destination, protocol, spi, state, createdMs, hard }) => {
    const age = Math.max(0, Math.floor((nowMs - createdMs) / 1000));
    return `${protocol} ${state} ${spiText(spi)} ${age}/${hard.addSeconds}s ${source} -> ${destination}\n`;
  });
  return `${formatUtcTime(nowMs)}\n${lines.join('')}\n`;
}

function spiText(spi: number): string {
  return `spi=${spi}(0x${spi.toString(16).padStart(8, '0')})`;
}
