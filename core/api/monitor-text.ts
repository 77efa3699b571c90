/**
 * What `setkey -x`, the window's raw log and `setkey -l` show, a line each: events in the words of PF_KEY (RFC 2367 §3.1), and associations in
 * short. The lines are Culvert's own: there is no PF_KEY message to show.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { actionWords, selectorText } from '#core/setkey/dump.ts';
import { formatUtcTime } from '#core/setkey/time-stamp.ts';
import type { Status } from './contract.ts';
import type { ApiEvent } from './event.ts';

/** Stands for what a dropped packet did not show. */
const unseen = '-';

/** One event; with `withTime` the time (UTC) stands in front. Empty for what is no matter of SAD and SPD. */
export function formatEvent(event: ApiEvent, withTime: boolean): string {
  if (event.kind === 'profile' || event.kind === 'timeline') return '';
  const time = withTime ? `${formatUtcTime(event.atMs)} ` : '';
  return `${time}${eventText(event)}\n`;
}

function eventText(event: Exclude<ApiEvent, { kind: 'profile' | 'timeline' }>): string {
  switch (event.kind) {
    case 'association':
      return associationText(event);
    case 'policy':
      return policyText(event);
    case 'flush':
      return `${event.what === 'policies' ? 'SADB_X_SPDFLUSH' : 'SADB_FLUSH'} pid=${event.pid}`;
    case 'expire': {
      const { protocol, spi, hardness, limit, reqid } = event;
      return `SADB_EXPIRE ${endsText(event)} ${protocol} ${spiText(spi)} ${hardness} limit=${limit} reqid=${reqid}`;
    }
    case 'acquire': {
      const { family, spid, sequence, reqid } = event;
      return `SADB_ACQUIRE ${endsText(event)} ${event.interface} ipv${family} spid=${spid} seq=${sequence} reqid=${reqid}`;
    }
    case 'audit':
      return auditText(event);
  }
}

function associationText(event: ApiEvent & { kind: 'association' }): string {
  const { change, protocol, spi, mode, reqid, pid } = event;
  const spiWord = spi === null ? 'spi=all' : spiText(spi);
  const rest = [
    ...(mode === null ? [] : [`mode=${mode}`]),
    ...(reqid === null ? [] : [`reqid=${reqid}`]),
    `pid=${pid}`,
  ];
  return `SADB_${change.toUpperCase()} ${endsText(event)} ${protocol} ${spiWord} ${rest.join(' ')}`;
}

function policyText({ change, spid, direction, action, pid, ...selector }: ApiEvent & { kind: 'policy' }): string {
  const verb = `SADB_X_SPD${change.toUpperCase()}`;
  return `${verb} ${selectorText(selector)} ${direction} ${actionWords[action]} spid=${spid} pid=${pid}`;
}

function auditText(event: ApiEvent & { kind: 'audit' }): string {
  const spi = event.spi === null ? `spi=${unseen}` : spiText(event.spi);
  const flow = event.flowLabel === null ? '' : ` flow=${event.flowLabel}`;
  const where = `${event.interface ?? unseen} ${spi} seq=${event.sequence ?? unseen}${flow}`;
  return `AUDIT ${endsText(event)} ${where} reason=${event.reason} packets=${event.packets}`;
}

function endsText({ source, destination }: { readonly source: string; readonly destination: string }): string {
  return `${source} ${destination}`;
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
  return `spi=${spi}(${formatSpi(spi)})`;
}
