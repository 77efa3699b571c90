/**
 * What the policies say, in English.
 * @module
 */

/** Policies. */
export const policiesText = {
  search: 'Search policies',
  placeholder: 'Address, interface',
  summary: '{{count}}, in the order in which packets meet them',
  shown: '{{shown}} of {{count}} shown',
  out: 'Out',
  outSay: 'what leaves this machine; the first that fits decides',
  in: 'In',
  inSay: 'what comes in; the first that fits decides',
  head: {
    place: '#',
    action: 'Does',
    source: 'From',
    destination: 'To',
    upper: 'Carries',
    request: 'By',
    origin: 'Made by',
    spid: 'spid',
  },
  action: {
    protect: 'Goes by an association, or is dropped where there is none.',
    bypass: 'Passes as it is, without IPsec.',
    discard: 'Is dropped.',
  },
  byHand: 'by hand',
  byInterface: 'Made by {{name}} and locked: it comes and goes with the interface’s outer addresses and link2.',
  byInterfaceUnknown: 'Made by an interface and locked.',
  byHandSay: 'Made in setkey’s words: it stays until somebody deletes it.',
  interfaceUnknown: 'an interface',
  nothingFound: 'No policy fits “{{query}}”.',
  empty: {
    title: 'No policies',
    say: 'A policy says which packets go by IPsec. A tunnel makes its own as soon as it has outer addresses; others are made in setkey’s words.',
  },
  drawer: {
    label: 'Policy {{spid}}',
    title: 'Policy {{spid}}',
    place: '{{place}} of {{count}} {{direction}}',
    does: 'What it does',
    what: 'What it applies to',
    direction: 'Direction',
    from: 'From',
    to: 'To',
    upper: 'Upper protocol',
    level: 'Level',
    reqid: 'reqid',
    dump: 'As setkey -DP says it',
    origin: 'Where it comes from',
    open: 'Open {{name}}',
  },
  delete: 'Delete',
  deleteTitle: 'Delete policy {{spid}}?',
  deleteSay: {
    protect: 'Packets that it protected go by the next policy that fits, or in the clear where none does.',
    bypass: 'Packets that it let through go by the next policy that fits.',
    discard: 'Packets that it dropped go by the next policy that fits, or in the clear where none does.',
  },
  deleteIt: 'Delete it',
  keepIt: 'Keep it',
  lockedFoot: 'Locked: it belongs to {{name}}.',
} as const;
