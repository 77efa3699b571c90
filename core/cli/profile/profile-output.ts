/**
 * Profiles as text: a table of all, and one in full. Keys are shown by their length, for nothing else is known here.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import type { Result } from '#core/api/contract.ts';
import { outer } from '#core/ifconfig/printer.ts';
import { stateWords } from '../status/state-words.ts';
import { formatTable } from '../text-table.ts';

type Endpoint = ProfileAnswer['profile']['local'];

/** `profile list`. */
export function formatProfiles({ profiles }: Result<'profile.list'>): string {
  if (profiles.length === 0) return 'no profiles; make one with: culvert profile create NAME --peer HOST\n';
  const rows = profiles.map((row) => [
    row.profile.name,
    stateWord(row),
    row.profile.interface,
    endpointText(row.profile.peer),
    row.profile.startup === 'up' ? 'at start' : 'by hand',
  ]);
  return formatTable([['NAME', 'STATE', 'INTERFACE', 'PEER', 'COMES UP'], ...rows]);
}

/** `profile show`. */
export function formatProfile(answer: ProfileAnswer): string {
  const { profile, secrets } = answer;
  const { keys, flags } = profile;
  const flagWords = (['link0', 'link1', 'link2', 'unnumbered'] as const).filter((flag) => flags[flag]);
  const lines: [string, string][] = [
    ['state', stateText(answer)],
    ...(profile.description === '' ? [] : [['description', profile.description] as [string, string]]),
    ['interface', `${profile.interface}, MTU ${profile.mtu}${flagWords.length > 0 ? `, ${flagWords.join(' ')}` : ''}`],
    ['local', endpointText(profile.local)],
    ['peer', endpointText(profile.peer)],
    ...profile.addresses.map(({ address, prefixLength, peer }): [string, string] => [
      'address',
      `${address}/${prefixLength}${peer === null ? '' : ` to ${peer}`}`,
    ]),
    ...profile.routes.map((route): [string, string] => ['route', route]),
    ...profile.networks.map((network): [string, string] => ['network', network]),
    ['keys', `by hand: ${keys.encryption}${keys.integrity === null ? '' : ` with ${keys.integrity}`}`],
    ...keys.pairs.map(({ carries, spiOut, spiIn }, index): [string, string] => {
      const bits = secrets.pairs[index]?.out.encryptionBits ?? 0;
      return ['SPIs', `${carries}: out ${formatSpi(spiOut)}, in ${formatSpi(spiIn)}, ${bits}-bit keys`];
    }),
    ['comes up', profile.startup === 'up' ? 'when culvertd starts' : 'by hand'],
    ['fail closed', failClosedText[profile.failClosed]],
  ];
  return `${profile.name} (revision ${answer.savedRevision})\n${lines.map(([label, text]) => `  ${label.padEnd(12)}${text}\n`).join('')}`;
}

/** When its networks are refused rather than sent elsewhere. */
const failClosedText: Readonly<Record<ProfileAnswer['profile']['failClosed'], string>> = {
  'while-up': 'from up to down',
  always: 'always, also when it is down',
  never: 'never: without the tunnel its networks take other routes',
};

/** What a profile does, in one line: for `up` and `down`. */
export function stateText(answer: ProfileAnswer): string {
  const { outer, problem, revision, savedRevision, refused } = answer;
  const notes = [
    ...(outer === null ? [] : [`${outer.local} to ${outer.peer}`]),
    ...(problem === null ? [] : [problem.message]),
    ...(refused.length === 0 ? [] : [`refused, not sent elsewhere: ${networkList(refused)}`]),
    ...(revision === null || revision === savedRevision ? [] : ['edited since: takes effect when it comes up anew']),
  ];
  return [stateWord(answer), ...notes].join('; ');
}

/** The first few of many. */
function networkList(networks: readonly string[]): string {
  const shown = networks.slice(0, 4).join(', ');
  return networks.length > 4 ? `${shown} and ${networks.length - 4} more` : shown;
}

/** Said after `down`, as a line: what was protected is not any more. Empty where nothing was, or still is. */
export function exposureText({ profile, phase, refused }: ProfileAnswer): string {
  if (phase !== 'off' || refused.length > 0 || profile.routes.length === 0) return '';
  return `  not protected any more: ${networkList(profile.routes)}\n`;
}

/** What its tunnel does while it is on, else what the profile does. */
function stateWord({ phase, tunnelState }: ProfileAnswer): string {
  return phase === 'on' && tunnelState !== null ? stateWords[tunnelState] : phase;
}

function endpointText({ host, port }: Endpoint): string {
  return outer(host, port);
}
