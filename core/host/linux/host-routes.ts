/**
 * The machine's routes through iproute2: what a gateway adds is marked by a routing protocol number of its own, and
 * what the kernel lists is read from `ip -json`.
 * @module
 */
import type { ErrorCode } from '#core/base/error.ts';
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, parseIpAddress, type AddressFamily, type IpAddress } from '#core/ip/address.ts';
import { networkPrefix, parsePrefix, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import { checkAddress, checkPrefix, checkWord, runBatch, runIp } from './iproute.ts';

/** Marks routes of ours (rtm_protocol of rtnetlink(7)); 117 is given to no one in linux/rtnetlink.h. */
const protocolNumber = '117';

/** What `ip` prints (strerror texts in the C locale) → our code. */
const refusals: readonly { readonly text: RegExp; readonly code: ErrorCode }[] = [
  { text: /File exists/, code: 'ROUTE_EXISTS' },
  { text: /No such process/, code: 'ROUTE_NOT_FOUND' },
  { text: /Network is unreachable|Nexthop has invalid gateway|No route to host/, code: 'ROUTE_GATEWAY' },
];

/** Linux's types of routes in HostRoute's words; of others nothing is listed. */
const kinds: Readonly<Record<string, HostRoute['kind']>> = {
  unicast: 'unicast',
  local: 'unicast',
  blackhole: 'blackhole',
  unreachable: 'reject',
  prohibit: 'reject',
};

const typeWords: Readonly<Record<HostRoute['kind'], string>> = {
  unicast: '',
  blackhole: 'blackhole ',
  reject: 'unreachable ',
};

/** One route in the output of `ip -json`. */
type RouteRow = {
  readonly type?: string;
  readonly dst: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly prefsrc?: string;
  readonly protocol?: string;
  readonly metric?: number;
};

/** Add a route; `isReplacing` puts it in the place of one with the same prefix and metric in one step. */
export async function addHostRoute(route: HostRoute, isReplacing: boolean): Promise<void> {
  await runRoute(`route ${isReplacing ? 'replace' : 'add'} ${describe(route)} proto ${protocolNumber}`, route);
}

/** Remove a route, whoever made it. */
export async function removeHostRoute(route: HostRoute): Promise<void> {
  await runRoute(`route delete ${describe(route)}`, route);
}

/** Add routes in one run of `ip`: all of them or none. */
export async function addHostRoutes(routes: readonly HostRoute[]): Promise<void> {
  const [first] = routes;
  if (first === undefined) return;
  try {
    await runRoute(routes.map((route) => `route add ${describe(route)} proto ${protocolNumber}`).join('\n'), first);
  } catch (error) {
    // `ip` stops at the first that it cannot add: what stands before it is taken away again.
    await removeHostRoutes(routes);
    throw error;
  }
}

/** Remove routes of ours in one run of `ip`, those that are there. */
export async function removeHostRoutes(routes: readonly HostRoute[]): Promise<void> {
  if (routes.length === 0) return;
  const lines = routes.map((route) => `route delete ${describe(route)} proto ${protocolNumber}\n`);
  const { stderr } = await runIp(['-force', '-batch', '-'], lines.join(''));
  const said = stderr.split('\n').filter((line) => line !== '' && !/^Command failed -:\d+$/.test(line));
  const refused = said.find((line) => !/No such process|No such device/.test(line));
  if (refused !== undefined) throw new IpsecError('HOST_FAILED', `routes cannot be removed: ${refused.slice(0, 200)}`);
}

/** The main table, both families. */
export async function listHostRoutes(): Promise<readonly HostRoute[]> {
  const families = await Promise.all([listFamily(4), listFamily(6)]);
  return families.flat();
}

/** The route that the kernel would take, in whatever table; null where it takes none, or refuses. */
export async function findHostRoute(destination: IpAddress): Promise<HostRoute | null> {
  const family = addressFamily(destination);
  // Its way, and the route that matched: only the first tells of addresses of this machine.
  for (const match of [['fibmatch'], []]) {
    const words = ['-json', `-${family}`, 'route', 'get', ...match, checkAddress(destination)];
    const { code, stdout } = await runIp(words, '');
    if (code !== 0) continue;
    const [route] = readRows(stdout, family);
    if (route !== undefined) return route;
  }
  return null;
}

async function listFamily(family: AddressFamily): Promise<HostRoute[]> {
  const { code, stdout, stderr } = await runIp(['-json', `-${family}`, 'route', 'show', 'table', 'main'], '');
  if (code === 0) return readRows(stdout, family);
  throw new IpsecError('HOST_FAILED', `the routes cannot be read: ${stderr.trim().slice(0, 200)}`);
}

function readRows(text: string, family: AddressFamily): HostRoute[] {
  const rows = (text.trim() === '' ? [] : JSON.parse(text)) as readonly RouteRow[];
  return rows.flatMap((row) => readRow(row, family));
}

function readRow(row: RouteRow, family: AddressFamily): HostRoute[] {
  const kind = kinds[row.type ?? 'unicast'];
  if (kind === undefined) return [];
  const everywhere = family === 4 ? '0.0.0.0/0' : '::/0';
  const origin = row.protocol === protocolNumber ? 'culvert' : row.protocol === 'kernel' ? 'kernel' : 'other';
  return [
    {
      destination: networkPrefix(parsePrefix(row.dst === 'default' ? everywhere : row.dst)),
      kind,
      interface: kind === 'unicast' ? (row.dev ?? null) : null,
      gateway: optionalAddress(row.gateway),
      source: optionalAddress(row.prefsrc),
      metric: row.metric ?? 0,
      origin,
    },
  ];
}

function optionalAddress(text: string | undefined): IpAddress | null {
  return text === undefined ? null : parseIpAddress(text);
}

function describe({ destination, kind, interface: name, gateway, source, metric }: HostRoute): string {
  const way = [
    ...(gateway === null ? [] : [`via ${checkAddress(gateway)}`]),
    ...(name === null ? [] : [`dev ${checkWord(name)}`]),
    ...(source === null ? [] : [`src ${checkAddress(source)}`]),
    ...(metric === 0 ? [] : [`metric ${checkMetric(metric)}`]),
  ];
  return [`${typeWords[kind]}${checkPrefix(destination)}`, ...way].join(' ');
}

function checkMetric(metric: number): number {
  if (Number.isInteger(metric) && metric >= 0 && metric <= 0xffffffff) return metric;
  throw new IpsecError('API_BAD_PARAMS', `metric ${metric} is not a 32-bit number`);
}

async function runRoute(line: string, { destination }: HostRoute): Promise<void> {
  try {
    await runBatch(line);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    const refusal = refusals.find(({ text }) => text.test(error.message));
    if (refusal === undefined) throw error;
    const message = refusalMessage(refusal.code, destination) ?? error.message;
    throw new IpsecError(refusal.code, message, { field: 'destination' }, error);
  }
}

function refusalMessage(code: ErrorCode, destination: IpPrefix): string | null {
  const { length } = prefixParts(destination);
  const shown = length === 0 ? `the default (${destination})` : destination;
  if (code === 'ROUTE_EXISTS') return `there is a route to ${shown} already`;
  return code === 'ROUTE_NOT_FOUND' ? `there is no such route to ${shown}` : null;
}
