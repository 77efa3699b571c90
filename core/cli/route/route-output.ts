/**
 * Routes as NetBSD's route(8) prints them: the table of `show`, and the lines of `get`, with what the route means for
 * tunnels below. What the system does not count stands as `-`.
 * @module
 */
import type { InterfaceStatus } from '#core/api/contract.ts';
import type { RouteView } from '#core/api/route-contract.ts';

/** Bits and letters of a route's flags (net/route.h), in the order in which they print. */
const flagRows = [
  ['UP', 0x1, 'U'],
  ['GATEWAY', 0x2, 'G'],
  ['HOST', 0x4, 'H'],
  ['REJECT', 0x8, 'R'],
  ['DONE', 0x40, ''],
  ['CONNECTED', 0x100, 'C'],
  ['STATIC', 0x800, 'S'],
  ['BLACKHOLE', 0x1000, 'B'],
] as const;

type FlagName = (typeof flagRows)[number][0];

const destinationWidth = { 4: 18, 6: 39 } as const;
const gatewayWidth = { 4: 18, 6: 30 } as const;

/** Text of `route show`. */
export function formatRoutes(routes: readonly RouteView[], family: 4 | 6 | null): string {
  const families = family === null ? ([4, 6] as const) : [family];
  return `Routing tables\n${families.map((each) => formatFamily(routes, each)).join('')}`;
}

/** Text of `route get`. */
export function formatRoute(target: string, route: RouteView, interfaces: readonly InterfaceStatus[]): string {
  const { address, mask } = splitDestination(route.destination);
  const record = interfaces.find(({ name }) => name === route.interface);
  const local = route.source ?? localAddress(record, isIpv6(route));
  const names = flagsOf(route, true);
  const value = names.reduce((sum, name) => sum | (flagRows.find(([known]) => known === name)?.[1] ?? 0), 0);
  const lines = [
    ['route to', target],
    ['destination', address],
    ...(mask === null ? [] : [['mask', mask] as const]),
    ...(route.gateway === null ? [] : [['gateway', route.gateway] as const]),
    ...(local === null ? [] : [['local addr', local] as const]),
    ...(route.interface === null ? [] : [['interface', route.interface] as const]),
    ['flags', `0x${value.toString(16)}<${names.join(',')}>`],
    ['tunnel', explainRoute(route, interfaces)],
  ] as const;
  return lines.map(([name, text]) => `${name.padStart(11)}: ${text}\n`).join('');
}

/** Whether a packet goes into a tunnel, elsewhere, or nowhere. */
export function explainRoute(route: RouteView | null, interfaces: readonly InterfaceStatus[]): string {
  if (route === null) return 'none: there is no route, so nothing is sent';
  if (route.kind === 'blackhole') return 'none: dropped in silence';
  if (route.kind === 'reject') return 'none: refused as unreachable';
  const record = interfaces.find(({ name }) => name === route.interface);
  if (record === undefined) return `none: sent through ${route.interface ?? '?'} as it is`;
  if (record.tunnel === null) return `${record.name}, which has no tunnel: dropped`;
  if (!record.isUp) return `${record.name}, which is down: dropped`;
  return `${record.name}, from ${record.tunnel.local} to ${record.tunnel.peer}`;
}

/** The destination as it prints: `default`, `10/8`, `172.16.200.1`. */
export function formatDestination(destination: string): string {
  const [address = '', length = ''] = destination.split('/');
  if (length === '0') return 'default';
  if (address.includes(':')) return length === '128' ? address : destination;
  if (length === '32') return address;
  const parts = address.split('.');
  while (parts.length > 1 && parts.at(-1) === '0') parts.pop();
  return `${parts.join('.')}/${length}`;
}

function formatFamily(routes: readonly RouteView[], family: 4 | 6): string {
  const rows = routes.filter((route) => isIpv6(route) === (family === 6));
  if (rows.length === 0) return '';
  const title = family === 4 ? 'Internet:' : 'Internet6:';
  return [
    `\n${title}`,
    row(family, 'Destination', 'Gateway', 'Flags', ['Refs', 'Use', 'Mtu'], 'Interface'),
    ...rows.map((route) => formatRow(family, route)),
    '',
  ].join('\n');
}

function formatRow(family: 4 | 6, route: RouteView): string {
  const letters = flagsOf(route, false).map((name) => flagRows.find(([known]) => known === name)?.[2] ?? '');
  const gateway = route.gateway ?? route.source ?? route.interface ?? '-';
  return row(
    family,
    formatDestination(route.destination),
    gateway,
    letters.join(''),
    ['-', '-', '-'],
    route.interface ?? '-',
    ' ',
  );
}

/** NetBSD's columns; a row has one blank more before the interface than the heading. */
function row(
  family: 4 | 6,
  destination: string,
  gateway: string,
  flags: string,
  [refs, use, mtu]: readonly [string, string, string],
  name: string,
  gap = '',
): string {
  const ends = `${destination.padEnd(destinationWidth[family])} ${gateway.padEnd(gatewayWidth[family])}`;
  return `${ends} ${flags.padEnd(6)}  ${refs.padStart(5)} ${use.padStart(8)} ${mtu.padStart(6)} ${gap}${name}`;
}

function flagsOf(route: RouteView, isUsed: boolean): FlagName[] {
  const isOn: Record<FlagName, boolean> = {
    UP: true,
    GATEWAY: route.gateway !== null || (route.source !== null && route.origin !== 'kernel'),
    HOST: route.destination.endsWith(isIpv6(route) ? '/128' : '/32'),
    REJECT: route.kind === 'reject',
    DONE: isUsed,
    CONNECTED: route.origin === 'kernel',
    STATIC: route.origin !== 'kernel',
    BLACKHOLE: route.kind === 'blackhole',
  };
  return flagRows.map(([name]) => name).filter((name) => isOn[name]);
}

function splitDestination(destination: string): { readonly address: string; readonly mask: string | null } {
  const [address = '', lengthText = ''] = destination.split('/');
  const length = Number(lengthText);
  const isHost = length === (address.includes(':') ? 128 : 32);
  if (length === 0) return { address: 'default', mask: 'default' };
  if (isHost) return { address, mask: null };
  return { address, mask: address.includes(':') ? maskText6(length) : maskText4(length) };
}

function maskText4(length: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - start)))).join('.');
}

function maskText6(length: number): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => 65536 - 2 ** (16 - Math.min(16, Math.max(0, length - index * 16))),
  );
  const shown = groups.map((group) => group.toString(16)).join(':');
  return shown.replace(/(:0)+$/, '::');
}

function localAddress(record: InterfaceStatus | undefined, isWanted6: boolean): string | null {
  return record?.addresses.find(({ address }) => address.includes(':') === isWanted6)?.address ?? null;
}

function isIpv6({ destination }: RouteView): boolean {
  return destination.includes(':');
}
