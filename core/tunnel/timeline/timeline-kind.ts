/**
 * The registry of what the timeline tells: kind → how severe it is, its sentence, and whether a chart marks it. Words in
 * braces are replaced by details of the entry; `interface` is one of them where the entry is about an interface.
 * @module
 */

/** note: as it should be; attention: look at it when there is time; fault: traffic is lost. */
export const timelineSeverities = ['note', 'attention', 'fault'] as const;
/** One of `timelineSeverities`. */
export type TimelineSeverity = (typeof timelineSeverities)[number];

/** What a chart draws where it happened. */
export const chartMarks = ['rekey', 'drops', 'state', 'flags'] as const;
/** One of `chartMarks`. */
export type ChartMark = (typeof chartMarks)[number];

/** One row of the registry. */
export type TimelineKindRow = {
  readonly severity: TimelineSeverity;
  readonly text: string;
  readonly mark: ChartMark | null;
};

/** Every kind. */
// prettier-ignore
export const timelineKindRows = {
  'helper-started': { severity: 'note', text: 'The helper started.', mark: null },
  'machine-slept': { severity: 'note', text: 'The machine slept, or the helper stood still, for {duration}.', mark: null },
  'interface-created': { severity: 'note', text: '{interface} was created.', mark: null },
  'interface-destroyed': { severity: 'note', text: '{interface} was destroyed.', mark: null },
  'interface-up': { severity: 'note', text: '{interface} was set up.', mark: 'state' },
  'interface-down': { severity: 'note', text: '{interface} was set down.', mark: 'state' },
  'flags-changed': { severity: 'note', text: '{interface}: flags changed: {changes}.', mark: 'flags' },
  'mtu-changed': { severity: 'note', text: '{interface}: the MTU is {mtu} now.', mark: 'flags' },
  'tunnel-set': { severity: 'note', text: '{interface}: the tunnel goes from {local} to {peer} now.', mark: 'state' },
  'tunnel-deleted': { severity: 'note', text: '{interface} has no outer addresses any more.', mark: 'state' },
  'peer-moved': { severity: 'note', text: '{interface}: the peer was heard from {address} port {port}, and is answered there now.', mark: 'state' },
  'peer-returned': { severity: 'note', text: '{interface}: the peer is where the tunnel says again.', mark: 'state' },
  'tunnel-off': { severity: 'note', text: '{interface} is off.', mark: 'state' },
  'tunnel-unconfigured': { severity: 'note', text: '{interface} is up without a tunnel.', mark: 'state' },
  'tunnel-waiting-for-keys': { severity: 'attention', text: '{interface} waits for keys.', mark: 'state' },
  'tunnel-idle': { severity: 'note', text: '{interface} is ready; nothing was heard yet.', mark: 'state' },
  'tunnel-up': { severity: 'note', text: '{interface} is up: the peer is heard.', mark: 'state' },
  'tunnel-hears-nothing': { severity: 'fault', text: '{interface} sends and hears nothing.', mark: 'state' },
  'tunnel-errors': { severity: 'fault', text: '{interface} hears only packets that fail the integrity check.', mark: 'state' },
  'tunnel-lost': { severity: 'fault', text: '{interface}: its device was deleted by another program.', mark: 'state' },
  'keys-installed': { severity: 'note', text: '{interface}: {direction} key with SPI {spi}.', mark: 'rekey' },
  'keys-replaced': { severity: 'note', text: '{interface}: {direction} key replaced, SPI {before} by {spi}.', mark: 'rekey' },
  'keys-gone': { severity: 'attention', text: '{interface}: the {direction} key with SPI {before} is gone, and no other is there.', mark: 'rekey' },
  'key-expires-soon': { severity: 'attention', text: 'The key {source} → {destination}, SPI {spi}, is past its soft limit ({limit}): replace it.', mark: 'rekey' },
  'key-expired': { severity: 'fault', text: 'The key {source} → {destination}, SPI {spi}, ended at its hard limit ({limit}).', mark: 'rekey' },
  'key-unused': { severity: 'note', text: 'The key {source} → {destination}, SPI {spi}, ended at its soft limit ({limit}) without having been used.', mark: 'rekey' },
  'key-wanted': { severity: 'attention', text: '{interface}: a packet had no key to go by, from {source} to {destination}.', mark: 'drops' },
  'drops': { severity: 'attention', text: '{interface}: {dropped} dropped within {duration}, {why}.', mark: 'drops' },
  'profile-created': { severity: 'note', text: 'Profile {profile} was created.', mark: null },
  'profile-edited': { severity: 'note', text: 'Profile {profile} was changed.', mark: null },
  'profile-renamed': { severity: 'note', text: 'A profile is called {profile} now.', mark: null },
  'profile-deleted': { severity: 'note', text: 'Profile {profile} was deleted.', mark: null },
  'profile-starting': { severity: 'note', text: 'Profile {profile} is coming up.', mark: null },
  'profile-on': { severity: 'note', text: 'Profile {profile} is on.', mark: null },
  'profile-off': { severity: 'note', text: 'Profile {profile} is off.', mark: null },
  'profile-retrying': { severity: 'attention', text: 'Profile {profile} could not come up and is tried again.', mark: null },
  'profile-failed': { severity: 'fault', text: 'Profile {profile} could not come up.', mark: null },
} as const satisfies Record<string, TimelineKindRow>;

/** A kind's name. */
export type TimelineKind = keyof typeof timelineKindRows;
/** All names. */
export const timelineKinds = Object.keys(timelineKindRows) as TimelineKind[];

/** What an entry tells beside its sentence. */
export type TimelineDetails = Readonly<Record<string, string | number>>;

/** The sentence of an entry. A word without a detail stays as it is written in the registry. */
export function timelineText(kind: TimelineKind, interfaceName: string | null, details: TimelineDetails): string {
  const words: TimelineDetails = interfaceName === null ? details : { ...details, interface: interfaceName };
  return timelineKindRows[kind].text.replace(/\{(\w+)\}/g, (whole, word: string) => String(words[word] ?? whole));
}
