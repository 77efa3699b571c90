/**
 * The filter language of the associations: terms with spaces between them, all of which must hold. `key:value` for
 * words, `key>number` and `key<number` for measures, a `-` in front for the opposite, and a bare word for any text.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { AssociationRow } from './association-row.ts';

/** A filter that was read: what it lets through, and what in it means nothing. */
export type AssociationFilter = {
  readonly matches: (row: AssociationRow, nowMs: number) => boolean;
  /** The terms that mean nothing; they are not applied. */
  readonly unknown: readonly string[];
};

type Test = (row: AssociationRow, nowMs: number) => boolean;

const texts: Readonly<Record<string, (row: AssociationRow) => readonly (string | null)[]>> = {
  dir: ({ direction }) => [direction],
  state: ({ state }) => [state],
  tunnel: ({ tunnel, interfaceName }) => [tunnel, interfaceName],
  if: ({ interfaceName }) => [interfaceName],
  src: ({ source }) => [source],
  dst: ({ destination }) => [destination],
  addr: ({ source, destination }) => [source, destination],
  proto: ({ protocol }) => [protocol],
  inner: ({ inner }) => (inner === 'both' ? ['ipv4', 'ipv6', '4', '6'] : [inner, inner?.slice(3) ?? null]),
  suite: ({ suite, association }) => [suite, association?.encryption ?? null, association?.integrity ?? null],
};

/** Texts that must be whole: `dir:in` is not every word with an `in`. */
const whole = new Set(['dir', 'state', 'proto', 'inner', 'if']);

/** Measures that are durations, in milliseconds. */
const durations = new Set(['ends', 'used']);

const measures: Readonly<Record<string, (row: AssociationRow, nowMs: number) => number | null>> = {
  drops: ({ drops }) => drops,
  packets: ({ packets }) => packets,
  bytes: ({ bytes }) => bytes,
  number: ({ sequence }) => sequence,
  reqid: ({ reqid }) => reqid,
  ends: ({ endsMs }, nowMs) => (endsMs === null ? null : endsMs - nowMs),
  used: ({ lastUsedMs }, nowMs) => (lastUsedMs === null || lastUsedMs === 0 ? null : nowMs - lastUsedMs),
};

/** Keys that people may write, in the order of the hint. */
export const filterKeys: readonly string[] = ['spi', ...Object.keys(texts), ...Object.keys(measures)];

/** Read `query`. */
export function parseAssociationFilter(query: string): AssociationFilter {
  const terms = query
    .trim()
    .split(/\s+/)
    .filter((term) => term !== '');
  const read = terms.map((term) => ({ term, test: parseTerm(term) }));
  const tests = read.flatMap(({ test }) => (test === null ? [] : [test]));
  return {
    matches: (row, nowMs) => tests.every((test) => test(row, nowMs)),
    unknown: read.filter(({ test }) => test === null).map(({ term }) => term),
  };
}

function parseTerm(term: string): Test | null {
  if (term.startsWith('-') && term.length > 1) {
    const test = parseTerm(term.slice(1));
    return test === null ? null : (row, nowMs) => !test(row, nowMs);
  }
  const [, key, operator, value] = /^([a-z]+)([:<>=])(.*)$/i.exec(term) ?? [];
  if (key === undefined || operator === undefined || value === undefined || isAddress(term)) return anyText(term);
  // A term that is still being written holds for everything.
  if (value === '') return filterKeys.includes(key.toLowerCase()) ? () => true : null;
  return keyTest(key.toLowerCase(), operator, value.toLowerCase());
}

function keyTest(key: string, operator: string, value: string): Test | null {
  if (key === 'spi') return operator === ':' || operator === '=' ? (row) => isSpi(row.spi, value) : null;
  if (key === 'used' && value === 'never' && operator !== '<' && operator !== '>')
    return ({ lastUsedMs }) => lastUsedMs === 0;
  const measure = measures[key];
  if (measure !== undefined)
    return measureTest(measure, operator, parseMeasure(value, durations.has(key) ? times : sizes));
  const text = texts[key];
  if (text === undefined || operator === '<' || operator === '>') return null;
  return (row) =>
    text(row).some((found) => fits(found?.toLowerCase() ?? null, value, whole.has(key) || operator === '='));
}

function fits(found: string | null, value: string, isWhole: boolean): boolean {
  return found !== null && (isWhole ? found === value : found.includes(value));
}

function measureTest(
  measure: (row: AssociationRow, nowMs: number) => number | null,
  operator: string,
  wanted: number | null,
): Test | null {
  if (wanted === null) return null;
  return (row, nowMs) => {
    const value = measure(row, nowMs);
    if (value === null) return false;
    return operator === '>' ? value > wanted : operator === '<' ? value < wanted : value === wanted;
  };
}

const sizes: Readonly<Record<string, number>> = {
  ...{ '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 },
  ...{ b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
};

const times: Readonly<Record<string, number>> = {
  ...{ '': 1000, s: 1000, m: 60_000, min: 60_000 },
  ...{ h: 3_600_000, d: 86_400_000 },
};

/** `12`, `3k`, `2.5GB`; of times `90`, `10min`, `2h`; null for anything else. */
function parseMeasure(value: string, scales: Readonly<Record<string, number>>): number | null {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(value) ?? [];
  const scale = unit === undefined ? undefined : scales[unit];
  return digits === undefined || scale === undefined ? null : Number(digits) * scale;
}

/** `0xc4` is the beginning of the number as it is shown, with or without its zeros; `12` is that in decimals too. */
function isSpi(spi: number, value: string): boolean {
  const hex = formatSpi(spi);
  if (value.startsWith('0x')) return hex.startsWith(value) || `0x${spi.toString(16)}`.startsWith(value);
  return String(spi).startsWith(value) || hex.slice(2).includes(value);
}

function anyText(word: string): Test {
  const wanted = word.toLowerCase();
  return (row) =>
    [row.tunnel, row.interfaceName, row.source, row.destination, row.suite, row.state, formatSpi(row.spi)].some(
      (text) => text?.toLowerCase().includes(wanted) === true,
    );
}

/** An IPv6 address has colons that name no key. */
function isAddress(term: string): boolean {
  return /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(term);
}
