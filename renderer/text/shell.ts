/**
 * What the frame of the window says, in English: rail, title block, the link to the helper, conditions.
 * @module
 */

/** Frame of the window. */
export const shellText = {
  sheet: {
    tunnels: 'Tunnels',
    associations: 'Associations',
    policies: 'Policies',
    events: 'Events',
    settings: 'Settings',
    wizard: 'New tunnel',
    rail: 'Sheets',
  },
  titleblock: {
    measured: 'Measured',
    everySecond: '{{time}}, every 1 s',
    notYet: 'not yet',
    paused: '{{time}}, the helper is away',
    here: 'measured here',
    told: 'told, not measured',
    copy: 'Copy the command',
    copied: 'Copied',
    helper: 'Helper {{version}}, running',
    noHelper: 'No helper',
    testRuntime: 'Test runtime, not for use',
  },
  link: {
    connecting: 'Looking for the helper',
    start: 'Start the helper',
    command: 'Or type this in a terminal:',
  },
  condition: {
    up: { word: 'Up', many: 'carry traffic', say: 'Carries traffic both ways. Last packet in {{heard}} ago.' },
    idle: { word: 'Ready', many: 'ready', say: 'Keys are in place. No packet has come through yet.' },
    idleHeard: { say: 'Keys are in place. Last packet in {{heard}} ago.' },
    'sends-only': {
      word: 'Sends only',
      many: 'send only',
      say: 'Sends, but has heard nothing for {{heard}}.',
      never: 'Sends, but has never heard the other end.',
    },
    waiting: {
      word: 'Waiting for keys',
      many: 'wait for keys',
      say: 'No keys yet. Packets are dropped: {{held}} so far.',
    },
    'keys-end-soon': {
      word: 'Keys end soon',
      many: 'lose keys soon',
      say: 'Keys end in {{ends}} and nothing replaces them.',
    },
    error: {
      word: 'Error',
      many: 'in error',
      say: 'Packets come in that do not open: the keys differ, or are forged.',
    },
    blocked: {
      word: 'Blocked',
      many: 'blocked',
      say: 'Held back by you. Packets for it are dropped: {{held}} so far.',
    },
    unconfigured: { word: 'No ends', many: 'without ends', say: 'The interface is there, without outer addresses.' },
    off: { word: 'Off', many: 'off', say: 'Nothing is sent.' },
    unknown: { word: 'Not known', many: 'not known', say: 'Was “{{last}}” at {{time}}.' },
  },
  spark: { dry: 'no traffic in the last 60 s', label: 'last 60 s: out above the line, in below' },
  ring: { label: 'used of its life: time {{time}}, bytes {{bytes}}', none: 'no limit' },
  action: { cancel: 'Keep it', close: 'Close', retry: 'Try again', copy: 'Copy' },
} as const;
