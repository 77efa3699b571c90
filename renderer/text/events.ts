/**
 * What the events say, in English. The sentences of the timeline are the helper's.
 * @module
 */

/** Events. */
export const eventsText = {
  view: 'What is shown',
  timeline: 'Timeline',
  raw: 'Raw log',
  severities: 'How severe',
  all: 'All',
  attention: 'Attention and faults',
  fault: 'Faults',
  tunnel: 'Tunnel',
  allTunnels: 'All tunnels',
  pause: 'Pause',
  resume: 'Go on',
  paused: 'Paused at {{time}}. {{count}} came since.',
  shown: '{{shown}} of {{count}} shown',
  severity: { note: 'note', attention: 'attention', fault: 'fault' },
  today: 'Today',
  yesterday: 'Yesterday',
  empty: {
    title: 'Nothing happened yet',
    say: 'What tunnels and keys do stands here, in sentences, for as long as the helper runs. What packets do stands in the raw log.',
  },
  nothingFits: 'Nothing of this kind happened.',
  words: 'Written as',
  setkey: 'setkey -x',
  json: 'JSON',
  log: 'Events as the helper sent them',
  logEmpty: 'No event since this window opened. The log holds what came since then, the last {{count}}.',
  lost_one: '{{count}} event was lost: this window read too slowly.',
  lost_other: '{{count}} events were lost: this window read too slowly.',
  notAsked: 'The helper has not answered yet.',
} as const;
