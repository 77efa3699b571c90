/**
 * Host names and source addresses by the system: getaddrinfo(3), whose order follows RFC 6724, and the address that a
 * connected UDP socket gets, for which no packet is sent.
 * @module
 */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import type { NameResolver } from '#core/tunnel/profile/profile-ports.ts';

/** Longest that a name may take: resolv.conf's own defaults would allow half a minute and more. */
const lookupTimeoutMs = 10_000;
/** Any port will do: nothing is sent. */
const discardPort = 9;

/** What a name led to. */
type Rows = readonly { readonly address: string }[];

/** What this stands on; tests give another. */
export type SystemNames = { readonly lookup: (name: string) => Promise<Rows> };

const systemNames: SystemNames = { lookup: (name) => lookup(name, { all: true, order: 'verbatim' }) };

/** The resolver of this machine. */
export function systemResolver(names: SystemNames = systemNames, timeoutMs = lookupTimeoutMs): NameResolver {
  const lookUp = joining(names);
  return {
    async lookup(name) {
      const rows = await withTimeout(lookUp(name), timeoutMs, name);
      // A link-local address means nothing without the link that its zone names.
      const addresses = rows.map(({ address }) => parseIpAddress(address)).filter((address) => !address.includes('%'));
      if (addresses.length > 0) return addresses;
      throw unresolved(`${name} has no address`);
    },
    sourceTowards,
  };
}

/**
 * A look-up goes on when nobody waits for it any more, and holds one of the few threads that the process has for them. Who asks for
 * the same name joins it, so that a name server that is silent has at most one for each name, and others get their turn.
 */
function joining(names: SystemNames): SystemNames['lookup'] {
  const underWay = new Map<string, Promise<Rows>>();
  return (name) => {
    const known = underWay.get(name);
    if (known !== undefined) return known;
    const begun = names.lookup(name).finally(() => underWay.delete(name));
    underWay.set(name, begun);
    return begun;
  };
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(unresolved(`${name} was not answered for within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof IpsecError) throw error;
    throw unresolved(`no address was found for ${name} (${errnoOf(error, 'failed')})`, error);
  } finally {
    clearTimeout(timer);
  }
}

function sourceTowards(peer: IpAddress): Promise<IpAddress> {
  const socket = createSocket(addressFamily(peer) === 4 ? 'udp4' : 'udp6');
  return new Promise<IpAddress>((resolve, reject) => {
    const fail = (error: Error): void => {
      const code = errnoOf(error, 'failed');
      reject(unresolved(`this machine has no route to ${peer} (${code})`, error));
    };
    socket.once('error', fail);
    socket.connect(discardPort, peer, (...[error]: unknown[]) => {
      if (error instanceof Error) fail(error);
      else resolve(parseIpAddress(socket.address().address));
    });
  }).finally(() => socket.close());
}

function unresolved(message: string, cause?: unknown): IpsecError {
  return new IpsecError('PROFILE_UNRESOLVED', message, { field: 'peer.host' }, cause);
}
