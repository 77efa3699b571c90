/**
 * Numbers as the window writes them: thin groups of three, at most three figures for rates, decimal units, a space
 * before the unit, and a dash where there is nothing to say.
 * @module
 */
import { withPrefix } from '#core/api/reading/rate.ts';

/** What stands where nothing was measured. */
export const none = '–';

const thin = '\u2009';

/** 1 636 802 */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, thin);
}

/** 2.31 GB */
export function formatBytes(bytes: number): string {
  return `${withPrefix(bytes, ['', 'k', 'M', 'G', 'T', 'P'])}B`;
}

/** 4 min 12 s; 0.4 s; <0.1 s; 3 h 12 min; 2 d 4 h. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 0.05) return '<0.1 s';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const pair = (big: number, bigName: string, small: number, smallName: string): string =>
    small === 0 ? `${big} ${bigName}` : `${big} ${bigName} ${small} ${smallName}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, 'min', Math.floor(seconds % 60), 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, 'h', minutes % 60, 'min');
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** 52 min; 3 h; 0.4 s: the biggest unit alone, where columns compare. */
export function formatRough(milliseconds: number): string {
  return formatDuration(milliseconds).split(' ').slice(0, 2).join(' ');
}

/**
 * under 10 s; 20 s; 4 min; 3 h: how long ago something was, in steps of ten seconds where it was less than a minute, so that
 * a sentence does not move with every second.
 */
export function formatAge(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 10_000) * 10;
  if (seconds < 10) return 'under 10 s';
  return seconds < 60 ? `${seconds} s` : formatRough(milliseconds);
}

/** 14:02:07, in the time zone of the person. Not by Intl: it takes longer than all else that is drawn with a status. */
export function formatClock(milliseconds: number): string {
  return `${formatClockMinute(milliseconds)}:${twoDigits(new Date(milliseconds).getSeconds())}`;
}

/** 14:02, for what goes on. */
export function formatClockMinute(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** 203.0.113.7:4500, [2001:db8::1]:4500, or the host alone where no port is set. */
export function formatEndpoint(host: string, port: number): string {
  if (port === 0) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
