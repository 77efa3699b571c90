/**
 * `linux`: a shell script that makes the tunnel with an XFRM interface (ip-link(8), ip-xfrm(8)), and takes it away
 * again: `sh NAME.sh up`, `sh NAME.sh down`. Keys go to ip by its standard input, never as arguments.
 *
 * Linux has tunnel mode where ipsecif(4) has transport mode around IP-in-IP, which is the same on the wire. Policies
 * and associations belong to the interface by `if_id`, and to each other by `reqid`.
 * @module
 */
import { addressFamily, type AddressFamily } from '#core/ip/address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { profileToRoutes } from '#core/profile/commands.ts';
import { innerAddresses } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import {
  carriedFamilies,
  headerLines,
  innerAddressOf,
  keyPresence,
  requireOuter,
  stemOf,
  toText,
  xfrmInterfaceId,
  type Exporter,
} from './export-source.ts';
import { fixedReqid } from './fixed-reqid.ts';
import { stateCommands } from './linux-state.ts';

const system = 'Linux';

/** One file: `NAME.sh`. */
export const exportLinux: Exporter = (source) => {
  const { profile, secrets } = source;
  const outer = requireOuter(source, system);
  const { add, remove } = stateCommands(source, outer);
  const up = [...policyCommands(profile, outer, 'add'), ...add, ...innerCommands(profile)];
  const down = [...policyCommands(profile, outer, 'delete'), ...remove, `link delete ${profile.interface}`];
  const notes = [...source.notes, ...encapsulationNotes(profile, outer)];
  const name = `${stemOf(profile)}.sh`;
  const text = toText([
    '#!/bin/sh',
    ...headerLines(
      { ...source, notes },
      `sh ${name} up makes the tunnel, sh ${name} down takes it away.`,
      keyPresence(source),
    ),
    'set -eu',
    ...(secrets === null ? refusal(name) : []),
    ...shell(linkCommand(profile), up, down),
  ]);
  return [{ name, text, holdsKeys: secrets !== null }];
};

/** Before anything is done, so that no half of a tunnel is made. */
function refusal(name: string): string[] {
  return [
    '# Remove this line when the keys are there.',
    `[ "\${1:-}" = down ] || { echo "${name}: its keys are left out" >&2; exit 1; }`,
  ];
}

/** What fails half-way is undone; what fails at the interface was there before, and stays. */
function shell(link: string, up: readonly string[], down: readonly string[]): string[] {
  return [
    '',
    'undo() {',
    // One after the other: ip -force gives up all the same at an association that is not there.
    '  status=0',
    "  while read -r line; do ip $line || status=1; done <<'END'",
    ...down,
    'END',
    '  return $status',
    '}',
    '',
    'case "${1:-}" in',
    'up)',
    `  ip ${link}`,
    "  ip -batch - <<'END' || { undo 2>/dev/null || true; exit 1; }",
    ...up,
    'END',
    '  ;;',
    'down) undo ;;',
    '*)',
    '  echo "usage: sh $0 up | down" >&2',
    '  exit 1',
    '  ;;',
    'esac',
  ];
}

/** `dev lo`: the kernel routes outer packets whatever stands there, and older ones want something to. */
function linkCommand(profile: Profile): string {
  return `link add ${profile.interface} type xfrm dev lo if_id ${xfrmInterfaceId(profile)}`;
}

function innerCommands(profile: Profile): string[] {
  const { interface: name, mtu } = profile;
  const addresses = innerAddresses(profile).map(({ address, prefixLength, peer }) => {
    const words = peer === null ? `${address}/${prefixLength}` : `${address} peer ${peer}/${prefixLength}`;
    // A tentative address is no source of a route yet, and nobody in a tunnel answers for a double.
    return `address add ${words} dev ${name}${addressFamily(address) === 6 ? ' nodad' : ''}`;
  });
  const routes = profileToRoutes(profile).map(({ destination, family }) => {
    const source = innerAddressOf(profile, family);
    return `route add ${destination} dev ${name}${source === null ? '' : ` src ${source.address}`}`;
  });
  return [`link set dev ${name} mtu ${mtu} up`, ...addresses, ...routes];
}

/** All of a family through the interface; `fwd` is what `in` is, for packets that go on to another machine. */
function policyCommands(profile: Profile, outer: OuterPair, verb: 'add' | 'delete'): string[] {
  const { local, peer } = outer;
  return carriedFamilies(profile).flatMap((family) =>
    (['out', 'in', 'fwd'] as const).map((direction) => {
      const selector = `src ${everything(family)} dst ${everything(family)} dir ${direction}`;
      const [from, to] = direction === 'out' ? [local, peer] : [peer, local];
      const template = `tmpl src ${from} dst ${to} proto esp reqid ${policyReqid(profile, family)} mode tunnel`;
      const interfaceId = `if_id ${xfrmInterfaceId(profile)}`;
      return `xfrm policy ${verb} ${selector} ${interfaceId}${verb === 'add' ? ` ${template}` : ''}`;
    }),
  );
}

function policyReqid(profile: Profile, family: AddressFamily): number {
  const isShared = profile.keys.pairs.some(({ carries }) => carries === 'any');
  return fixedReqid(profile, isShared ? 'any' : family === 4 ? 'ipv4' : 'ipv6');
}

function everything(family: AddressFamily): string {
  return family === 4 ? '0.0.0.0/0' : '::/0';
}

/** Linux takes ESP out of UDP only on a socket that asks for it (udp(7): UDP_ENCAP), which an IKE daemon has open. */
function encapsulationNotes({ flags }: Profile, outer: OuterPair): string[] {
  if (!flags.link0) return [];
  const isIpv4 = addressFamily(outer.local) === 4;
  const port = outer.localPort === 0 ? 4500 : outer.localPort;
  const socket = `s=socket.socket(socket.${isIpv4 ? 'AF_INET' : 'AF_INET6'},socket.SOCK_DGRAM)`;
  return [
    'Linux takes ESP out of UDP only on a socket that asks for it. Where no IKE daemon has one open, keep this running:',
    `  python3 -c 'import socket,signal;${socket};s.bind(("${outer.local}",${port}));s.setsockopt(17,100,2);signal.pause()'`,
  ];
}
