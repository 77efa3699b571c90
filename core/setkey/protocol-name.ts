/**
 * Names of upper protocols and ports in setkey text: BSD's /etc/protocols (IANA protocol numbers) with setkey's own words
 * `any`, `ip4` and `icmp6`, and the few services that selectors are written with.
 * @module
 */
import { anyProtocol } from '#core/spd/selector.ts';

/** number → the name that dumps print. */
const protocolNames: ReadonlyMap<number, string> = new Map([
  [0, 'ip'],
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipv4'],
  [6, 'tcp'],
  [8, 'egp'],
  [9, 'igp'],
  [17, 'udp'],
  [33, 'dccp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [46, 'rsvp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [88, 'eigrp'],
  [89, 'ospf'],
  [97, 'etherip'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [132, 'sctp'],
  [135, 'mobility-header'],
  [136, 'udplite'],
  [240, 'pfsync'],
  [anyProtocol, 'reserved'],
]);

/** Words that setkey takes besides the names above. */
const protocolAliases: ReadonlyMap<string, number> = new Map([
  ['any', anyProtocol],
  ['ip4', 4],
  ['ipencap', 4],
  ['ip6', 41],
  ['icmp6', 58],
  ['icmpv6', 58],
  ['mh', 135],
]);

const serviceNames: ReadonlyMap<string, number> = new Map([
  ['any', 0],
  ['ssh', 22],
  ['domain', 53],
  ['http', 80],
  ['ntp', 123],
  ['bgp', 179],
  ['https', 443],
  ['isakmp', 500],
  ['ipsec-nat-t', 4500],
]);

/** Upper protocol numbers whose selectors carry a message type and code in place of ports: ICMP, ICMPv6, mobility header. */
export const messageProtocols: readonly number[] = [1, 58, 135];

/** Upper protocol number whose selector carries a key in place of ports (RFC 2890). */
export const greProtocol = 47;

/** Every word for an upper protocol. */
export const protocolWords: readonly string[] = [...protocolNames.values(), ...protocolAliases.keys()];

/** Every word for a port. */
export const portWords: readonly string[] = [...serviceNames.keys()];

/** The number for a decimal 0 … 255 or a word; null when it is neither. */
export function parseUpperProtocol(word: string): number | null {
  if (/^[0-9]{1,3}$/.test(word)) return Number(word) <= 255 ? Number(word) : null;
  const alias = protocolAliases.get(word);
  if (alias !== undefined) return alias;
  for (const [number, name] of protocolNames) if (name === word) return number;
  return null;
}

/** `number(name)` as dumps print it: `4(ipv4)`, `255(reserved)`; the bare number where it has no name. */
export function formatUpperProtocol(protocol: number): string {
  const name = protocolNames.get(protocol);
  return name === undefined ? String(protocol) : `${protocol}(${name})`;
}

/** The word that setkey text uses: `any`, a name, or the number. */
export function upperProtocolWord(protocol: number): string {
  return protocol === anyProtocol ? 'any' : (protocolNames.get(protocol) ?? String(protocol));
}

/** The number for a decimal 0 … 65535, `any` (0) or a service's name; null when it is neither. */
export function parsePort(word: string): number | null {
  if (/^[0-9]{1,5}$/.test(word)) return Number(word) <= 65535 ? Number(word) : null;
  return serviceNames.get(word) ?? null;
}
