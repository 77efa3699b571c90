/**
 * An interface as the form and the text both edit it: one draft, told from the machine or from a profile, and what has to
 * be done to get from one draft to another, in ifconfig's words. Pure.
 * @module
 */
import type { InterfaceStatus } from '#core/api/contract.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { outer } from '#core/ifconfig/printer.ts';
import { userFlags, type UserFlag } from '#core/ifconfig/syntax.ts';
import { interfaceOptions } from '#core/profile/profile-check.ts';

type InnerAddress = InterfaceStatus['addresses'][number];
type OuterPair = Pick<NonNullable<InterfaceStatus['tunnel']>, 'local' | 'peer' | 'localPort' | 'peerPort'>;
/** Options of an interface. */
export type Options = InterfaceStatus['options'];

/** All that is edited of an interface. */
export type InterfaceDraft = {
  readonly isUp: boolean;
  readonly flags: Readonly<Record<UserFlag, boolean>>;
  readonly tunnel: OuterPair | null;
  readonly mtu: number;
  readonly addresses: readonly InnerAddress[];
  /** Networks that are routed into it. */
  readonly routes: readonly string[];
  readonly options: Options;
  /** What becomes of `routes` without a tunnel: a profile's alone, null of an interface that was made by hand. */
  readonly failClosed: ProfileAnswer['profile']['failClosed'] | null;
};

/** As it is in the machine. */
export function draftOfInterface(link: InterfaceStatus, routes: readonly string[]): InterfaceDraft {
  const { isUp, link0, link1, link2, unnumbered, tunnel, mtu, addresses, options } = link;
  return {
    isUp,
    flags: { link0, link1, link2, unnumbered },
    tunnel,
    mtu,
    addresses,
    routes,
    options,
    failClosed: null,
  };
}

/** As a profile has it: the outer addresses may be names, or `auto`. */
export function draftOfProfile({ profile }: ProfileAnswer): InterfaceDraft {
  const { flags, mtu, addresses, routes, local, peer, failClosed } = profile;
  const tunnel = { local: local.host, peer: peer.host, localPort: local.port, peerPort: peer.port };
  return { isUp: true, flags, tunnel, mtu, addresses, routes, options: interfaceOptions(profile), failClosed };
}

/** `profile` with what a draft changes; keys and names stay. */
export function profileWith(
  saved: ProfileAnswer,
  before: InterfaceDraft,
  after: InterfaceDraft,
): ProfileAnswer['profile'] {
  const { profile } = saved;
  const { tunnel } = after;
  const ends =
    tunnel === null
      ? {}
      : {
          local: { host: tunnel.local, port: tunnel.localPort },
          peer: { host: tunnel.peer, port: tunnel.peerPort },
        };
  return {
    ...profile,
    ...ends,
    flags: { ...after.flags },
    mtu: after.mtu,
    addresses: [...after.addresses],
    routes: [...after.routes],
    options: { ...profile.options, ...changedOptions(before, after) },
    failClosed: after.failClosed ?? profile.failClosed,
  };
}

/** Options that differ. */
export function changedOptions(before: InterfaceDraft, after: InterfaceDraft): Partial<Options> {
  const names = Object.keys(after.options) as (keyof Options)[];
  return Object.fromEntries(
    names.filter((name) => before.options[name] !== after.options[name]).map((name) => [name, after.options[name]]),
  );
}

/** Networks that come and go. */
export function changedRoutes(
  before: InterfaceDraft,
  after: InterfaceDraft,
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  return {
    added: after.routes.filter((route) => !before.routes.includes(route)),
    removed: before.routes.filter((route) => !after.routes.includes(route)),
  };
}

/**
 * What a person made of `base`, on top of what is now: where the person changed nothing, `now` holds, so that a change from
 * elsewhere is not undone.
 */
export function rebaseDraft(edited: InterfaceDraft, base: InterfaceDraft, now: InterfaceDraft): InterfaceDraft {
  const pick = <Part>(mine: Part, was: Part, is: Part): Part =>
    JSON.stringify(mine) === JSON.stringify(was) ? is : mine;
  const merge = <Row extends object>(mine: Row, was: Row, is: Row): Row => {
    const names = Object.keys(mine) as (keyof Row)[];
    return { ...is, ...Object.fromEntries(names.map((name) => [name, pick(mine[name], was[name], is[name])])) };
  };
  return {
    isUp: pick(edited.isUp, base.isUp, now.isUp),
    flags: merge(edited.flags, base.flags, now.flags),
    tunnel: pick(edited.tunnel, base.tunnel, now.tunnel),
    mtu: pick(edited.mtu, base.mtu, now.mtu),
    addresses: pick(edited.addresses, base.addresses, now.addresses),
    routes: pick(edited.routes, base.routes, now.routes),
    options: merge(edited.options, base.options, now.options),
    failClosed: pick(edited.failClosed, base.failClosed, now.failClosed),
  };
}

/**
 * What an edited draft is in the machine. Outer addresses, which a profile may have as names, and routes, which others make
 * too, are as they are there but for what was edited; the rest becomes what the draft says.
 */
export function draftInMachine(draft: InterfaceDraft, before: InterfaceDraft, live: InterfaceDraft): InterfaceDraft {
  const { isUp, tunnel } = rebaseDraft(draft, before, live);
  const { added, removed } = changedRoutes(before, draft);
  const kept = live.routes.filter((route) => !removed.includes(route));
  const routes = [...kept, ...added.filter((route) => !kept.includes(route))];
  return { ...draft, isUp, routes, tunnel: hasNames({ ...draft, tunnel }) ? live.tunnel : tunnel };
}

/** Whether two drafts say the same. */
export function isSameDraft(one: InterfaceDraft, other: InterfaceDraft): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

/** Lines of /etc/ifconfig.ipsecN for a draft. Options and routes have commands of their own. */
export function ifconfigText(draft: InterfaceDraft): string {
  const flags = userFlags.flatMap((flag) => {
    const isUsual = draft.flags[flag] === (flag === 'link2');
    return isUsual ? [] : [flagWord(flag, draft.flags[flag])];
  });
  const lines = [
    ...flags,
    ...(draft.tunnel === null ? [] : [`${hasNames(draft) ? '# ' : ''}${tunnelWords(draft.tunnel)}`]),
    ...draft.addresses.map(addressWords),
    `mtu ${draft.mtu}`,
    draft.isUp ? 'up' : 'down',
  ];
  return `${lines.join('\n')}\n`;
}

/** Whether an outer address is a name, or `auto`, which only a profile can have. */
export function hasNames({ tunnel }: InterfaceDraft): boolean {
  return tunnel !== null && [tunnel.local, tunnel.peer].some((host) => !/^[0-9.]+$|:/.test(host));
}

/** ifconfig text that makes `before` into `after`; empty where nothing has to be done. */
export function ifconfigChanges(before: InterfaceDraft, after: InterfaceDraft): string {
  const flags = userFlags
    .filter((flag) => before.flags[flag] !== after.flags[flag])
    .map((flag) => flagWord(flag, after.flags[flag]));
  const tunnel = tunnelChange(before.tunnel, after.tunnel);
  const removed = before.addresses.filter((address) => !after.addresses.some((other) => isSame(address, other)));
  const added = after.addresses.filter((address) => !before.addresses.some((other) => isSame(address, other)));
  const lines = [
    // Ports stand only while link0 does.
    ...(after.flags.link0 ? [...flags, ...tunnel] : [...tunnel, ...flags]),
    ...removed.map(({ address }) => `${familyWord(address)} -alias ${address}`),
    ...added.map(addressWords),
    ...(before.mtu === after.mtu ? [] : [`mtu ${after.mtu}`]),
    ...(before.isUp === after.isUp ? [] : [after.isUp ? 'up' : 'down']),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function tunnelChange(before: OuterPair | null, after: OuterPair | null): string[] {
  if (after === null) return before === null ? [] : ['deletetunnel'];
  return before !== null && tunnelWords(before) === tunnelWords(after) ? [] : [tunnelWords(after)];
}

function tunnelWords({ local, peer, localPort, peerPort }: OuterPair): string {
  return `tunnel ${outer(local, localPort)} ${outer(peer, peerPort)}`;
}

function addressWords({ address, prefixLength, peer }: InnerAddress): string {
  return `${familyWord(address)} ${address}/${prefixLength}${peer === null ? '' : ` ${peer}`}`;
}

function familyWord(address: string): string {
  return address.includes(':') ? 'inet6' : 'inet';
}

/** ifconfig's word for a flag as it is to be. */
export function flagWord(flag: UserFlag, isSet: boolean): string {
  return `${isSet ? '' : '-'}${flag}`;
}

function isSame(one: InnerAddress, other: InnerAddress): boolean {
  return one.address === other.address && one.prefixLength === other.prefixLength && one.peer === other.peer;
}

/** The same things in the same order, whatever order they were made in. */
function ordered({ isUp, flags, tunnel, mtu, addresses, routes, options, failClosed }: InterfaceDraft): unknown {
  return [
    isUp,
    userFlags.map((flag) => flags[flag]),
    tunnel === null ? null : tunnelWords(tunnel),
    mtu,
    addresses.map(addressWords).toSorted(),
    routes.toSorted(),
    Object.entries(options).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    failClosed,
  ];
}
