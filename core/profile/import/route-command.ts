/**
 * `route add` of NetBSD (route(8)) and `route_NAME` of FreeBSD's rc.conf(5), as far as they lead into a tunnel: the
 * network, and what it leads through. Everything else is told, not guessed.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { hostPrefix, networkPrefix, parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';

/** A route that a file adds. */
export type RouteCommand = {
  readonly destination: IpPrefix;
  /** Address or name of the interface that it leads through; null where none stands there. */
  readonly through: string | null;
};

const families = ['-inet', '-inet6', '-4', '-6'];
const marks = [...families, '-net', '-host', '-n', '-q'];

/** Read `route add …`; null when it is another command, or has words that are not known here. */
export function readRouteCommand(command: string): RouteCommand | null {
  const words = command.trim().split(/\s+/);
  if (!/^(\S*\/)?route$/.test(words[0] ?? '')) return null;
  const rest = words.slice(1).filter((word) => !['-n', '-q'].includes(word));
  return rest[0] === 'add' ? readRouteWords(rest.slice(1)) : null;
}

/** Read what follows `route add`. */
export function readRouteWords(words: readonly string[]): RouteCommand | null {
  const isIpv6 = words.includes('-inet6') || words.includes('-6');
  const isHost = words.includes('-host');
  const plain = words.filter((word) => !marks.includes(word));
  const [target, ...way] = plain;
  if (target === undefined) return null;
  const destination = readDestination(target, isIpv6, isHost);
  if (destination === null) return null;
  const names = way.filter((word) => !['-link', '-iface', '-interface'].includes(word));
  const [through, ...unknown] = names;
  return unknown.length > 0 ? null : { destination, through: through ?? null };
}

function readDestination(text: string, isIpv6: boolean, isHost: boolean): IpPrefix | null {
  try {
    if (text === 'default') return networkPrefix(parsePrefix(isIpv6 ? '::/0' : '0.0.0.0/0'));
    if (text.includes('/')) return networkPrefix(parsePrefix(text));
    // Without a length, classes of old decide what `-net` means: that is not guessed.
    return isHost || text.includes(':') || text.split('.').length === 4 ? hostPrefix(parseIpAddress(text)) : null;
  } catch (error) {
    if (error instanceof IpsecError) return null;
    throw error;
  }
}
