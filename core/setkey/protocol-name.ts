/**
 * Names of upper protocols and ports in setkey text: BSD's /etc/protocols (IANA protocol numbers) with setkey's own words
 * `any`, `ip4` and `icmp6`, and the services (IANA) that selectors are written with.
 * @module
 */
import { anyProtocol } from '#core/spd/selector.ts';

/** number → the name that dumps print. */
const protocolNames: ReadonlyMap<number, string> = new Map([
  [0, 'ip'],
  [1, 'icmp'],
  [2, 'igmp'],
  [3, 'ggp'],
  [4, 'ipv4'],
  [5, 'st'],
  [6, 'tcp'],
  [8, 'egp'],
  [9, 'igp'],
  [12, 'pup'],
  [17, 'udp'],
  [20, 'hmp'],
  [22, 'xns-idp'],
  [27, 'rdp'],
  [29, 'iso-tp4'],
  [33, 'dccp'],
  [37, 'ddp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [45, 'idrp'],
  [46, 'rsvp'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [57, 'skip'],
  [58, 'ipv6-icmp'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [88, 'eigrp'],
  [89, 'ospf'],
  [94, 'ipip'],
  [97, 'etherip'],
  [98, 'encap'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [124, 'isis'],
  [132, 'sctp'],
  [133, 'fc'],
  [135, 'mobility-header'],
  [136, 'udplite'],
  [137, 'mpls-in-ip'],
  [138, 'manet'],
  [139, 'hip'],
  [140, 'shim6'],
  [141, 'wesp'],
  [142, 'rohc'],
  [240, 'pfsync'],
  [anyProtocol, 'reserved'],
]);

/** Words that setkey takes besides the names above. */
const protocolAliases: ReadonlyMap<string, number> = new Map([
  ['any', anyProtocol],
  ['hopopt', 0],
  ['ip4', 4],
  ['ipencap', 4],
  ['ip6', 41],
  ['icmp6', 58],
  ['icmpv6', 58],
  ['mh', 135],
  ['carp', 112],
]);

const serviceNames: ReadonlyMap<string, number> = new Map([
  ['any', 0],
  ['ftp-data', 20],
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['domain', 53],
  ['bootps', 67],
  ['bootpc', 68],
  ['tftp', 69],
  ['http', 80],
  ['kerberos', 88],
  ['pop3', 110],
  ['sunrpc', 111],
  ['ntp', 123],
  ['netbios-ns', 137],
  ['imap', 143],
  ['snmp', 161],
  ['snmptrap', 162],
  ['bgp', 179],
  ['ldap', 389],
  ['https', 443],
  ['microsoft-ds', 445],
  ['isakmp', 500],
  ['syslog', 514],
  ['submission', 587],
  ['ipp', 631],
  ['ldaps', 636],
  ['domain-s', 853],
  ['imaps', 993],
  ['pop3s', 995],
  ['openvpn', 1194],
  ['l2tp', 1701],
  ['radius', 1812],
  ['radius-acct', 1813],
  ['nfs', 2049],
  ['ipsec-nat-t', 4500],
  ['sip', 5060],
  ['mdns', 5353],
  ['postgresql', 5432],
]);

/** Upper protocol numbers whose selectors carry a message type and code in place of ports: ICMP, ICMPv6, mobility header. */
export const messageProtocols: readonly number[] = [1, 58, 135];

/** Upper protocol number whose selector carries a key in place of ports (RFC 2890). */
export const greProtocol = 47;

/** Every word for an upper protocol. */
export const protocolWords: readonly string[] = [...protocolNames.values(), ...protocolAliases.keys()];

/** Every word for a port. */
export const portWords: readonly string[] = [...serviceNames.keys()];

const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ...[...protocolNames].map(([number, name]) => [name, number] as const),
  ...protocolAliases,
]);

/** The number for a decimal 0 … 255 or a word; null when it is neither. /etc/protocols has each name in capitals, too. */
export function parseUpperProtocol(word: string): number | null {
  if (/^[0-9]{1,3}$/.test(word)) return Number(word) <= 255 ? Number(word) : null;
  const name = word === word.toUpperCase() && word !== 'ANY' ? word.toLowerCase() : word;
  return protocolNumbers.get(name) ?? null;
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
