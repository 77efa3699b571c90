/**
 * From the methods about routes to the routes of the machine: addresses and prefixes are parsed here.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';
import type { RouteControl } from '#core/tunnel/command/route-control.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import type { Params, Result } from './contract.ts';
import type { routeContract, RouteView } from './route-contract.ts';

/** What of the routes the API drives. */
export type RouteTarget = {
  readonly routes: Pick<RouteControl, 'list' | 'find' | 'add' | 'replace' | 'delete' | 'flush'>;
};

/** A method about routes. */
export type RouteMethod = keyof typeof routeContract;

type RouteHandlers = { readonly [M in RouteMethod]: (target: RouteTarget, params: Params<M>) => Promise<Result<M>> };

/** One handler for each method. */
export const routeHandlers: RouteHandlers = {
  'route.list': async ({ routes }) => ({ routes: (await routes.list()).map(toView) }),
  'route.get': async ({ routes }, { destination }) => {
    const route = await routes.find(parse('destination', destination, parseIpAddress));
    return { route: route === null ? null : toView(route) };
  },
  'route.add': async ({ routes }, params) => ({ route: toView(await routes.add(parseRequest(params))) }),
  'route.change': async ({ routes }, params) => ({ route: toView(await routes.replace(parseRequest(params))) }),
  'route.delete': async ({ routes }, params) => ({ route: toView(await routes.delete(parseChoice(params))) }),
  'route.flush': async ({ routes }) => ({ routes: (await routes.flush()).map(toView) }),
};

type Request = Parameters<RouteControl['add']>[0];
type Choice = Parameters<RouteControl['delete']>[0];

function parseRequest(params: Params<'route.add'>): Request {
  const { kind, interface: name, isFailClosed } = params;
  return { ...parseEnds(params), kind, interface: name, source: parseOptional('source', params.source), isFailClosed };
}

function parseChoice(params: Params<'route.delete'>): Choice {
  return { ...parseEnds(params), kind: params.kind, interface: params.interface };
}

function parseEnds(params: Pick<Params<'route.add'>, 'destination' | 'gateway'>): {
  destination: IpPrefix;
  gateway: IpAddress | null;
} {
  return {
    destination: parse('destination', params.destination, parsePrefix),
    gateway: parseOptional('gateway', params.gateway),
  };
}

function parseOptional(field: string, text: string | null): IpAddress | null {
  return text === null ? null : parse(field, text, parseIpAddress);
}

function parse<T>(field: string, text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    throw new IpsecError(error.code, error.message, { ...error.details, field }, error);
  }
}

function toView({ destination, kind, interface: name, gateway, source, metric, origin }: HostRoute): RouteView {
  return { destination, kind, interface: name, gateway, source, metric, origin };
}
