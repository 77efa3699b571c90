/**
 * What replay windows say, in English.
 * @module
 */

/** Replay windows. */
export const replayText = {
  title: 'Replay window',
  note: '{{size}} numbers, oldest first',
  label: 'Replay window of {{size}} numbers: {{came}} came, {{missing}} not yet',
  came: '{{number}} came',
  missing: '{{number}} not yet',
  refused_zero: 'none refused',
  refused_one: '{{number}} refused: it came twice, or too late',
  refused_other: '{{number}} refused: they came twice, or too late',
  oldest: '{{number}}, oldest',
  from: 'from {{number}}',
  newest: 'newest, {{number}}',
  empty: 'Nothing has come yet. It will tell the last {{size}} numbers from those before.',
} as const;
