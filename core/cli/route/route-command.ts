/**
 * `culvert route`: BSD's route(8) over the system's routes. Everyone may look; only routes through ipsec interfaces, and
 * those that lead nowhere, may be changed.
 * @module
 */
import type { Params } from '#core/api/contract.ts';
import { errnoText, isErrno } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import { exitStatusOf, formatComplaint } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import type { Terminal } from '#core/cli/terminal.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { prefixParts } from '#core/ip/prefix.ts';
import { explainRoute, formatDestination, formatRoute, formatRoutes } from './route-output.ts';
import { parseRouteWords, type RouteRequest, type RouteWords } from './route-words.ts';

/** Text of `culvert route --help`. */
export const routeHelp = `
Forms:
  culvert route show [-inet | -inet6]            the system's routes
  culvert route get ADDRESS                      where a packet would go: into which tunnel, elsewhere, or nowhere
  culvert route add DESTINATION GATEWAY          GATEWAY: an inner address of ipsecN, or its peer
  culvert route add DESTINATION -interface ipsecN
  culvert route add DESTINATION -reject | -blackhole
  culvert route change DESTINATION GATEWAY       in one step
  culvert route delete DESTINATION [GATEWAY]
  culvert route flush                            delete all that may be deleted

DESTINATION is an address, a network (10.0.0.0/8, 10/8) or default, with -inet6 the one of IPv6. Also known: -net, -host,
-netmask MASK, -prefixlen N, -ifp ipsecN, -ifa SOURCE, and before the command -n, -q, -v.
  -failclosed   with add and change: when the interface is gone (destroy), the destination is refused, not sent elsewhere
  -reject       refuse what no other route takes; any route to the same destination goes before it

Example:
  culvert route add 10.0.0.0/8 172.16.200.1 -failclosed
  culvert route get 10.1.2.3
`;

/** Run `route` with `words`. Returns the exit status. */
export function runRoute(words: readonly string[], around: HelperSurroundings): Promise<number> {
  const { terminal } = around;
  return exitStatusOf('route', terminal, async () => {
    const request = parseRouteWords(words);
    return withHelper(around, (client) => carryOut(request, client, terminal));
  });
}

async function carryOut(request: RouteRequest, client: HelperClient, terminal: Terminal): Promise<number> {
  switch (request.kind) {
    case 'show': {
      const { routes } = await client.call('route.list', {});
      terminal.print(formatRoutes(routes, request.family));
      return 0;
    }
    case 'flush': {
      if (request.family !== null) throw new IpsecError('ROUTE_USAGE', '"flush" is of both families');
      const { routes } = await client.call('route.flush', {});
      const lines = routes.map(({ destination, gateway, interface: name }) => {
        return `${formatDestination(destination).padEnd(20)} ${(gateway ?? name ?? '-').padEnd(20)} done\n`;
      });
      if (!request.isQuiet) terminal.print(lines.join(''));
      return 0;
    }
    case 'get':
      return get(request.route, client, terminal);
    case 'add':
    case 'change':
    case 'delete':
      return change(request, client, terminal);
  }
}

async function get({ destination }: RouteWords, client: HelperClient, terminal: Terminal): Promise<number> {
  const { address } = prefixParts(destination);
  const { route } = await client.call('route.get', { destination: address });
  const { interfaces } = await client.call('status.get', {});
  if (route !== null) {
    terminal.print(formatRoute(address, route, interfaces));
    return 0;
  }
  terminal.complain(`route: writing to routing socket: not in table\n  ${explainRoute(null, interfaces)}\n`);
  return 1;
}

async function change(
  { kind, route, isQuiet }: RouteRequest & { kind: 'add' | 'change' | 'delete' },
  client: HelperClient,
  terminal: Terminal,
): Promise<number> {
  const target = route.gateway ?? route.interface;
  const line = `${kind} ${route.isHost ? 'host' : 'net'} ${route.written}${target === null ? '' : `: gateway ${target}`}`;
  try {
    await callFor(kind, route, client);
    if (!isQuiet) terminal.print(`${line}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof IpsecError) || error.errno === null || error.code === 'HELPER_UNREACHABLE') throw error;
    if (!isQuiet) terminal.print(`${line}: ${bsdText(error)}\n`);
    terminal.complain(formatComplaint('route', null, error));
    return 1;
  }
}

async function callFor(kind: 'add' | 'change' | 'delete', route: RouteWords, client: HelperClient): Promise<void> {
  const { destination, gateway, interface: name, source, isFailClosed } = route;
  if (kind === 'delete') {
    const wanted = route.kind === 'unicast' ? null : route.kind;
    await client.call('route.delete', { destination, gateway, interface: name, kind: wanted });
    return;
  }
  const params: Params<'route.add'> = { destination, kind: route.kind, gateway, interface: name, source, isFailClosed };
  await client.call(kind === 'add' ? 'route.add' : 'route.change', params);
}

/** route(8) has words of its own for ESRCH. */
function bsdText({ errno }: IpsecError): string {
  if (errno === 'ESRCH') return 'not in table';
  return errno !== null && isErrno(errno) ? errnoText[errno] : '';
}
