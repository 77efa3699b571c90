/**
 * The words of `culvert route`, in route(8)'s way: a command, then a destination, a gateway and modifiers in any order.
 * Networks may be short where they have a length (`10/8`); without one an address is a host. No name is looked up.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, parseIpAddress, type AddressFamily, type IpAddress } from '#core/ip/address.ts';
import { parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';
import { nearestWord } from '#core/setkey/nearest-word.ts';

/** Commands that name a destination. */
const namingCommands = ['add', 'change', 'delete', 'get'] as const;
/** Every command. */
export const routeCommands = [...namingCommands, 'show', 'flush'] as const;
/** Modifiers that take no argument, and those that take one. */
export const routeModifiers = {
  bare: ['-inet', '-inet6', '-net', '-host', '-blackhole', '-reject', '-static', '-failclosed'],
  taking: ['-interface', '-ifp', '-ifa', '-netmask', '-prefixlen'],
} as const;

/** What stands behind add, change, delete and get. */
export type RouteWords = {
  readonly destination: IpPrefix;
  /** The destination as it was written. */
  readonly written: string;
  readonly isHost: boolean;
  readonly gateway: IpAddress | null;
  readonly interface: string | null;
  readonly source: IpAddress | null;
  readonly kind: 'unicast' | 'blackhole' | 'reject';
  readonly isFailClosed: boolean;
};

/** What to do. */
export type RouteRequest = { readonly isQuiet: boolean } & (
  | { readonly kind: 'show' | 'flush'; readonly family: AddressFamily | null }
  | { readonly kind: 'get'; readonly route: RouteWords }
  | { readonly kind: 'add' | 'change' | 'delete'; readonly route: RouteWords }
);

/** Flags in front of the command: -n (no names, as always), -v, -q (prints nothing). */
const flags = ['n', 'v', 'q', 'f'];

/** Read the words behind `route`. @throws {IpsecError} `ROUTE_USAGE`, `ADDRESS_*`, `PREFIX_SYNTAX`. */
export function parseRouteWords(words: readonly string[]): RouteRequest {
  const start = words.findIndex((word) => !word.startsWith('-'));
  const given = words.slice(0, start < 0 ? words.length : start).flatMap((word) => [...word.slice(1)]);
  const wrong = given.find((letter) => !flags.includes(letter));
  if (wrong !== undefined) refuse(`unknown flag "-${wrong}"`);
  const isQuiet = given.includes('q');
  const [command, ...rest] = start < 0 ? [] : words.slice(start);
  if (command === undefined) {
    if (given.includes('f')) return { kind: 'flush', family: null, isQuiet };
    refuse('a command is needed: add, delete, change, get, show or flush');
  }
  if (command === 'show' || command === 'flush') return { kind: command, family: readFamily(rest), isQuiet };
  const naming = namingCommands.find((known) => known === command);
  if (naming === undefined) refuseWord(command, routeCommands);
  return { kind: naming, route: readRoute(naming, rest), isQuiet };
}

function readFamily(words: readonly string[]): AddressFamily | null {
  const [word, ...rest] = words;
  if (rest.length > 0) refuse(`"${String(rest[0]).slice(0, 40)}" is one word too many`);
  if (word === undefined) return null;
  if (word === '-inet') return 4;
  return word === '-inet6' ? 6 : refuseWord(word, ['-inet', '-inet6']);
}

type Read = { readonly set: ReadonlyMap<string, string>; readonly bare: readonly string[] };

function readRoute(command: (typeof namingCommands)[number], words: readonly string[]): RouteWords {
  const { set, bare } = readModifiers(words);
  const [written, gatewayText, ...rest] = bare;
  if (written === undefined) refuse(`"${command}" needs a destination`);
  if (rest.length > 0) refuse(`"${String(rest[0]).slice(0, 40)}" is one word too many`);
  const kind = set.has('-blackhole') ? 'blackhole' : set.has('-reject') ? 'reject' : 'unicast';
  const way = readWay(gatewayText, set);
  const destination = readDestination(written, familyOf(set, way.gateway), set);
  const isNowhere = kind !== 'unicast';
  // BSD wants a gateway there, too, usually a loopback address; it says nothing.
  if (command === 'add' || command === 'change') {
    if (!isNowhere && way.gateway === null && way.interface === null)
      refuse(`"${command}" needs a gateway or -interface`);
    if (isNowhere && set.has('-failclosed')) refuse('-failclosed is for routes that lead somewhere');
  }
  return {
    ...{ destination, written, isHost: isHostPrefix(destination), kind, isFailClosed: set.has('-failclosed') },
    ...(isNowhere ? { gateway: null, interface: null, source: null } : { ...way, source: readSource(set) }),
  };
}

function readModifiers(words: readonly string[]): Read {
  const set = new Map<string, string>();
  const bare: string[] = [];
  const taking: readonly string[] = routeModifiers.taking;
  const alone: readonly string[] = routeModifiers.bare;
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (alone.includes(word)) set.set(word, '');
    else if (taking.includes(word)) set.set(word, queue.shift() ?? refuse(`"${word}" needs a word behind it`));
    else if (word.startsWith('-')) refuseWord(word, [...alone, ...taking]);
    else bare.push(word);
  }
  return { set, bare };
}

/** `-interface` is followed by an interface's name, or by its address, as NetBSD has it. */
function readWay(
  gatewayText: string | undefined,
  set: ReadonlyMap<string, string>,
): { readonly gateway: IpAddress | null; readonly interface: string | null } {
  const named = set.get('-ifp') ?? null;
  const target = set.get('-interface');
  if (target === undefined)
    return { gateway: gatewayText === undefined ? null : parseIpAddress(gatewayText), interface: named };
  if (gatewayText !== undefined) refuse('a gateway and -interface exclude each other');
  return /[.:]/.test(target)
    ? { gateway: parseIpAddress(target), interface: named }
    : { gateway: null, interface: target };
}

function readSource(set: ReadonlyMap<string, string>): IpAddress | null {
  const text = set.get('-ifa');
  return text === undefined ? null : parseIpAddress(text);
}

function familyOf(set: ReadonlyMap<string, string>, gateway: IpAddress | null): AddressFamily {
  if (set.has('-inet6')) return 6;
  return set.has('-inet') || gateway === null ? 4 : addressFamily(gateway);
}

function readDestination(text: string, family: AddressFamily, set: ReadonlyMap<string, string>): IpPrefix {
  if (text === 'default') return parsePrefix(family === 4 ? '0.0.0.0/0' : '::/0');
  const prefix = text.includes('/')
    ? parsePrefix(padNetwork(text))
    : parsePrefix(`${parseIpAddress(text)}${lengthText(set)}`);
  if (set.has('-inet') && addressFamily(addressOf(prefix)) !== 4) refuse(`${text} is not an IPv4 address`);
  if (set.has('-inet6') && addressFamily(addressOf(prefix)) !== 6) refuse(`${text} is not an IPv6 address`);
  if (set.has('-host') && !isHostPrefix(prefix)) refuse(`${text} is not a host`);
  return prefix;
}

function lengthText(set: ReadonlyMap<string, string>): string {
  const mask = set.get('-netmask');
  const length = mask === undefined ? set.get('-prefixlen') : String(maskLength(mask));
  return length === undefined ? '' : `/${length}`;
}

/** A mask without holes. */
function maskLength(text: string): number {
  const value = /^0x[0-9a-fA-F]{1,8}$/.test(text)
    ? Number(text)
    : parseIpAddress(text)
        .split('.')
        .reduce((sum, part) => sum * 256 + Number(part), 0);
  const bits = Number.isFinite(value) ? value.toString(2).padStart(32, '0') : '';
  if (/^1*0*$/.test(bits) && bits.length === 32) return bits.replaceAll('0', '').length;
  throw new IpsecError('PREFIX_SYNTAX', `"${text.slice(0, 40)}" is not a netmask`, { field: 'netmask' });
}

/** `10/8` is 10.0.0.0/8 (inet_net_pton(3)). */
function padNetwork(text: string): string {
  const match = /^([0-9]{1,3}(?:\.[0-9]{1,3}){0,2})\/([0-9]+)$/.exec(text);
  if (match === null) return text;
  const [, parts = '', length = ''] = match;
  return `${[...parts.split('.'), '0', '0', '0'].slice(0, 4).join('.')}/${length}`;
}

function isHostPrefix(prefix: IpPrefix): boolean {
  return prefix.endsWith(addressFamily(addressOf(prefix)) === 4 ? '/32' : '/128');
}

function addressOf(prefix: IpPrefix): IpAddress {
  return prefix.slice(0, prefix.lastIndexOf('/')) as IpAddress;
}

function refuseWord(word: string, known: readonly string[]): never {
  const nearest = nearestWord(word, known);
  refuse(`unknown word "${word.slice(0, 40)}"${nearest === null ? '' : `; did you mean "${nearest}"?`}`);
}

function refuse(message: string): never {
  throw new IpsecError('ROUTE_USAGE', message);
}
