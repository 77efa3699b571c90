/**
 * From the methods of the window's screens to what answers them: addresses and names are parsed here.
 * @module
 */
import { given } from '#core/base/given.ts';
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import type { HistorySpan } from '#core/tunnel/history/history-span.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { InterfaceChanges } from '#core/tunnel/preview/interface-preview.ts';
import type { TimelineEntry } from '#core/tunnel/timeline/timeline.ts';
import type { Params, Result } from './contract.ts';
import type { DesktopMethod } from './desktop-contract.ts';

/** What answers the screens. */
export type DesktopTarget = {
  history(name: string, span: HistorySpan): Result<'history.get'>;
  timeline(name: string | null, limit: number): TimelineEntry[];
  outlook(peer: string): Promise<Result<'host.outlook'>>;
  networks(): Promise<Result<'host.networks'>>;
  replayWindows(ids: readonly number[]): Promise<Result<'association.replayWindows'>['windows']>;
  previewInterface(name: string, changes: InterfaceChanges): Promise<Result<'interface.preview'>>;
  previewProfile(profile: Profile, id: string | null): Promise<Result<'profile.preview'>>;
  verify(name: string, target: IpAddress | null): Promise<Result<'tunnel.verify'>>;
};

type DesktopHandlers = {
  readonly [M in DesktopMethod]: (desktop: DesktopTarget, params: Params<M>) => Promise<Result<M>> | Result<M>;
};

/** One handler for each method. */
export const desktopHandlers: DesktopHandlers = {
  'history.get': (desktop, { name, span }) => {
    parseInterfaceUnit(name);
    return desktop.history(name, span);
  },
  'timeline.list': (desktop, { name, limit }) => ({
    events: desktop.timeline(name ?? null, limit).map((entry) => ({ ...entry, details: { ...entry.details } })),
  }),
  'host.outlook': (desktop, { peer }) => desktop.outlook(peer),
  'host.networks': (desktop) => desktop.networks(),
  'association.replayWindows': async (desktop, { ids }) => ({ windows: await desktop.replayWindows(ids) }),
  'interface.preview': (desktop, { name, changes }) => {
    parseInterfaceUnit(name);
    return desktop.previewInterface(name, parseChanges(changes));
  },
  'profile.preview': (desktop, { profile, id }) => desktop.previewProfile(profile, id),
  'tunnel.verify': (desktop, { name, target }) =>
    desktop.verify(name, target === null ? null : parseAddress('target', target)),
};

/** Whether there is one. */
export function isDesktopMethod(method: string): method is DesktopMethod {
  return Object.hasOwn(desktopHandlers, method);
}

/** @throws {IpsecError} `API_UNKNOWN_METHOD` where nothing answers them. */
export function requireDesktop(desktop: DesktopTarget | null): DesktopTarget {
  if (desktop !== null) return desktop;
  throw new IpsecError('API_UNKNOWN_METHOD', 'nothing is watched here', { field: 'method' });
}

function parseChanges({ tunnel, mtu, ...flags }: Params<'interface.preview'>['changes']): InterfaceChanges {
  return { flags: given(flags), ...(mtu === undefined ? {} : { mtu }), ...parseTunnel(tunnel) };
}

function parseTunnel(tunnel: Params<'interface.preview'>['changes']['tunnel']): Pick<InterfaceChanges, 'tunnel'> {
  if (tunnel === undefined) return {};
  if (tunnel === null) return { tunnel: null };
  const { local, peer, localPort, peerPort } = tunnel;
  const ends = { local: parseAddress('local', local), peer: parseAddress('peer', peer) };
  return { tunnel: { ...ends, localPort, peerPort } };
}

function parseAddress(field: string, text: string): IpAddress {
  try {
    return parseIpAddress(text);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    throw new IpsecError(error.code, error.message, { ...error.details, field }, error);
  }
}
