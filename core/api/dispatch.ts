/**
 * From a message of a client to a command of the gateway: access, parameters and addresses are checked here, and
 * whatever goes wrong becomes an `Answer`. Nothing that a client sends makes this throw.
 * @module
 */
import { IpsecError, toWireError } from '#core/base/error.ts';
import { given } from '#core/base/given.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { parseAddressRange } from '#core/ip/address-range.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import type { AddressSelector, Selector } from '#core/spd/selector.ts';
import type { Gateway } from '#core/tunnel/gateway.ts';
import type { z } from 'zod';
import { configurationHandlers } from './configuration-handlers.ts';
import { contract, contractVersion, type Answer, type Method, type Params, type Result } from './contract.ts';
import type { DesktopMethod } from './desktop-contract.ts';
import { desktopHandlers, isDesktopMethod, requireDesktop, type DesktopTarget } from './desktop-handlers.ts';
import { parseParams } from './relay.ts';
import type { ProfileMethod } from './profile-contract.ts';
import { isProfileMethod, profileHandlers, requireProfiles, type ProfileTarget } from './profile-handlers.ts';
import { routeHandlers } from './route-handlers.ts';
import type { WholeStatus } from '#core/api/watch/watch-contract.ts';

/** Who sends, as the socket's peer credentials say. */
export type Caller = {
  readonly uid: number;
  readonly pid: number;
  /** Root and the configured operator. */
  readonly canOperate: boolean;
  /** Send this connection every event from now on; absent where nothing can be sent. */
  readonly subscribe?: () => void;
  /** What this connection watches of the status; absent where nothing can be sent. */
  readonly watch?: StatusWatch;
};

/** A connection's watch over the status. */
export type StatusWatch = {
  start(everyMs: number): Omit<WholeStatus, 'canOperate'>;
  stop(): void;
  /** Resolves when what has changed is on its way. */
  flush(): Promise<void>;
};

/** What of a gateway the API drives. */
export type ApiTarget = Pick<
  Gateway,
  | 'helperVersion'
  | 'status'
  | 'createInterface'
  | 'destroyInterface'
  | 'setTunnel'
  | 'deleteTunnel'
  | 'addAddress'
  | 'removeAddress'
  | 'setMtu'
  | 'setFlags'
  | 'setOptions'
  | 'setSettings'
  | 'runIfconfig'
  | 'routes'
  | 'configuration'
  | 'runSetkey'
  | 'dumpSetkey'
  | 'getSpi'
  | 'flushAssociations'
  | 'addPolicy'
  | 'deletePolicy'
  | 'flushPolicies'
  | 'reportInternalError'
>;

type GatewayMethod = Exclude<Method, ProfileMethod | DesktopMethod>;

type Handlers = {
  readonly [M in GatewayMethod]: (
    target: ApiTarget,
    params: Params<M>,
    caller: Caller,
  ) => Promise<Result<M>> | Result<M>;
};

/** Answer one message. The promise never rejects. `profiles` is null where none are kept, `desktop` where nothing is watched. */
export async function dispatch(
  target: ApiTarget,
  method: string,
  params: unknown,
  caller: Caller,
  profiles: ProfileTarget | null = null,
  desktop: DesktopTarget | null = null,
): Promise<Answer<Method>> {
  try {
    if (!isMethod(method)) {
      throw new IpsecError('API_UNKNOWN_METHOD', `there is no method "${method.slice(0, 64)}"`, { field: 'method' });
    }
    if (contract[method].access === 'operate' && !caller.canOperate) {
      throw new IpsecError('API_DENIED', `user ${caller.uid} may not call ${method}`, { uid: caller.uid });
    }
    if (isProfileMethod(method))
      return { ok: true, value: await callProfiles(requireProfiles(profiles), method, params) };
    if (isDesktopMethod(method)) return { ok: true, value: await callDesktop(requireDesktop(desktop), method, params) };
    return { ok: true, value: await call(target, method, params, caller) };
  } catch (error) {
    if (!(error instanceof IpsecError)) target.reportInternalError(error);
    return { ok: false, error: toWireError(error) };
  }
}

const handlers: Handlers = {
  ...routeHandlers,
  ...configurationHandlers,
  'session.get': (target, _params, { canOperate }) => {
    return { contractVersion, helperVersion: target.helperVersion, canOperate };
  },
  'status.get': (target) => ({ contractVersion, ...target.status() }),
  'status.watch': (_target, { everyMs }, { canOperate, watch }) => ({
    canOperate,
    ...requireWatch(watch).start(everyMs),
  }),
  'status.unwatch': (_target, _params, { watch }) => {
    watch?.stop();
    return {};
  },
  'status.flush': (_target, _params, { watch }) => nothing(requireWatch(watch).flush()),
  'interface.create': (target, { name }) => nothing(target.createInterface(checkName(name))),
  'interface.destroy': (target, { name }) => nothing(target.destroyInterface(checkName(name))),
  'interface.setTunnel': (target, { name, local, peer, localPort, peerPort }) => {
    const outer = { local: parseField('local', local), peer: parseField('peer', peer), localPort, peerPort };
    return nothing(target.setTunnel(checkName(name), outer));
  },
  'interface.deleteTunnel': (target, { name }) => nothing(target.deleteTunnel(checkName(name))),
  'interface.addAddress': (target, { name, address, prefixLength, peer }) => {
    const parsedPeer = peer === null ? null : parseField('peer', peer);
    const inner = { address: parseField('address', address), prefixLength, peer: parsedPeer };
    return nothing(target.addAddress(checkName(name), inner));
  },
  'interface.removeAddress': (target, { name, address }) =>
    nothing(target.removeAddress(checkName(name), parseField('address', address))),
  'interface.setMtu': (target, { name, mtu }) => nothing(target.setMtu(checkName(name), mtu)),
  'interface.setFlags': (target, { name, ...flags }) => nothing(target.setFlags(checkName(name), given(flags))),
  'interface.setOptions': (target, { name, ...options }) => nothing(target.setOptions(checkName(name), given(options))),
  'ifconfig.run': (target, { name, text, semantics }) =>
    target.runIfconfig(text, semantics, name === null ? null : checkName(name)),
  'settings.set': (target, settings) => nothing(target.setSettings(given(settings))),
  'setkey.run': (target, { text, semantics }, { pid }) => target.runSetkey(text, semantics, pid),
  'setkey.dump': async (target, { what, withKeys, isVerbose }, { pid }) => ({
    text: await target.dumpSetkey(what, withKeys, isVerbose ?? false, pid),
  }),
  'association.getSpi': async (target, { source, destination, protocol, mode, reqid, min, max }, { pid }) => {
    const names = { source: parseField('source', source), destination: parseField('destination', destination) };
    const { spi } = await target.getSpi({ ...names, protocol, mode, reqid, range: { min, max } }, pid);
    return { spi };
  },
  'events.subscribe': (_target, _params, { subscribe }) => {
    if (subscribe === undefined) throw new IpsecError('API_UNKNOWN_METHOD', 'events cannot be sent here');
    subscribe();
    return {};
  },
  'association.flush': (target, _params, { pid }) => nothing(target.flushAssociations(pid)),
  'policy.add': async (target, { direction, action, request, ...selector }, { pid }) => {
    const requests = request === null ? [] : [{ protocol: 'esp', mode: 'transport', ...request } as const];
    const { spid } = await target.addPolicy({ direction, action, requests, selector: parseSelector(selector) }, pid);
    return { spid };
  },
  'policy.delete': (target, { direction, ...selector }, { pid }) =>
    nothing(target.deletePolicy(parseSelector(selector), direction, pid)),
  'policy.flush': (target, _params, { pid }) => nothing(target.flushPolicies(pid)),
  'policy.dump': async (target, { isVerbose }, { pid }) => ({
    text: await target.dumpSetkey('policies', false, isVerbose, pid),
  }),
};

async function call<M extends GatewayMethod>(
  target: ApiTarget,
  method: M,
  params: unknown,
  caller: Caller,
): Promise<Result<M>> {
  const handler: Handlers[M] = handlers[method];
  return handler(target, paramsOf(method, params), caller);
}

async function callProfiles<M extends ProfileMethod>(
  profiles: ProfileTarget,
  method: M,
  params: unknown,
): Promise<Result<M>> {
  const handler: (typeof profileHandlers)[M] = profileHandlers[method];
  return handler(profiles, paramsOf(method, params));
}

async function callDesktop<M extends DesktopMethod>(
  desktop: DesktopTarget,
  method: M,
  params: unknown,
): Promise<Result<M>> {
  const handler: (typeof desktopHandlers)[M] = desktopHandlers[method];
  return handler(desktop, paramsOf(method, params));
}

function paramsOf<M extends Method>(method: M, params: unknown): Params<M> {
  const schema: z.ZodType = contract[method].params;
  return parseParams(method, schema, params) as Params<M>;
}

function requireWatch(watch: StatusWatch | undefined): StatusWatch {
  if (watch !== undefined) return watch;
  throw new IpsecError('API_UNKNOWN_METHOD', 'a status cannot be watched here', { field: 'method' });
}

function checkName(name: string): string {
  parseInterfaceUnit(name);
  return name;
}

function parseSelector(selector: Omit<Params<'policy.delete'>, 'direction'>): Selector {
  const parse = (text: string): AddressSelector =>
    !text.includes('/') && text.includes('-') ? parseAddressRange(text) : parsePrefix(text);
  return {
    ...selector,
    source: parseField('source', selector.source, parse),
    destination: parseField('destination', selector.destination, parse),
  };
}

/** @throws {IpsecError} what `parse` throws, with the name of the field. */
function parseField(field: string, text: string): IpAddress;
function parseField<T>(field: string, text: string, parse: (text: string) => T): T;
function parseField(field: string, text: string, parse: (text: string) => unknown = parseIpAddress): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    throw new IpsecError(error.code, error.message, { ...error.details, field }, error);
  }
}

async function nothing(work: Promise<unknown>): Promise<Record<string, never>> {
  await work;
  return {};
}

/** Whether a request changes nothing: it only asks. */
export function isQuestion(method: string): boolean {
  return isMethod(method) && contract[method].access === 'read';
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(contract, method);
}
