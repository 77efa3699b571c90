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
    live: '{{time}}, as it changes',
    notYet: 'not yet',
    paused: '{{time}}, the helper is away',
    here: 'measured here',
    told: 'told, not measured',
    copy: 'Copy the command',
    copied: 'Copied',
    helper: 'Helper {{version}}, running',
    noHelper: 'No helper',
    denied: 'Helper keeps you out',
    mismatch: 'Helper of another version',
    testRuntime: 'Test runtime, not for use',
  },
  link: {
    title: {
      connecting: 'Looking for the helper.',
      absent: 'The helper does not answer, so nothing on this sheet is live.',
      denied: 'The helper does not let you in, so nothing on this sheet is live.',
      mismatch: 'The helper is of another version, so nothing on this sheet is live.',
    },
    meaning: {
      connecting: 'It holds the keys and moves the packets.',
      absent: 'It holds the keys and moves the packets. Without it no tunnel carries traffic. Your profiles are safe.',
      denied: 'Tunnels work as before; this window cannot see them.',
      mismatch: 'Tunnels work as before; this window cannot tell how they are.',
    },
    start: 'Try to start it',
    command: 'Or type this in a terminal:',
  },
  note: {
    settings: 'The settings of this window are as at first.',
    noTray: 'This desktop shows no icons in a tray.',
    noTraySay: 'So closing the window ends Culvert. Tunnels stay up or go down as the settings have it for quitting.',
  },
  helper: 'The helper',
  refusal: { title: '{{name}} stays as it is.' },
  condition: {
    up: {
      word: 'Up',
      many_one: 'carries traffic',
      many_other: 'carry traffic',
      say: 'Carries traffic both ways. Last heard {{heard}} ago.',
    },
    idle: {
      word: 'Ready',
      many_one: 'ready',
      many_other: 'ready',
      say: 'Keys are in place. No packet has come through yet.',
    },
    idleHeard: { say: 'Keys are in place. Last heard {{heard}} ago.' },
    'sends-only': {
      word: 'Sends only',
      many_one: 'sends only',
      many_other: 'send only',
      say: 'Sends, but has heard nothing for {{heard}}.',
      never: 'Sends, but has never heard the other end.',
    },
    waiting: {
      word: 'Waiting for keys',
      many_one: 'waits for keys',
      many_other: 'wait for keys',
      say: 'No keys yet. Packets are dropped: {{held}} so far.',
    },
    'keys-end-soon': {
      word: 'Keys end soon',
      many_one: 'loses keys soon',
      many_other: 'lose keys soon',
      say: 'Keys end in {{ends}} and nothing replaces them.',
    },
    error: {
      word: 'Error',
      many_one: 'in error',
      many_other: 'in error',
      say: 'What comes in does not open: the keys differ, or it is forged.',
    },
    lost: {
      word: 'Lost',
      many_one: 'lost',
      many_other: 'lost',
      say: 'Another program has deleted its device {{name}}.',
      destroyed: 'Its interface {{name}} was destroyed by hand.',
    },
    blocked: {
      word: 'Blocked',
      many_one: 'blocked',
      many_other: 'blocked',
      say: 'Held back by you. Packets for it are dropped: {{held}} so far.',
    },
    unconfigured: {
      word: 'No ends',
      many_one: 'without ends',
      many_other: 'without ends',
      say: 'The interface is there, without outer addresses.',
    },
    off: { word: 'Off', many_one: 'off', many_other: 'off', say: 'Nothing is sent.' },
    unknown: { word: 'Not known', many_one: 'not known', many_other: 'not known', say: 'Was “{{last}}” at {{time}}.' },
  },
  spark: { dry: 'no traffic in the last 60 s', label: 'last 60 s: out above the line, in below' },
  ring: { label: 'used of its life: time {{time}}, bytes {{bytes}}', none: 'no limit' },
  time: { ago: '{{time}} ago', at: 'at {{time}}' },
  action: { cancel: 'Keep it', close: 'Close', retry: 'Try again', copy: 'Copy' },
} as const;
