/**
 * The relay between a window and the helper: one function that answers any method of the relay's contract, used by
 * Electron's main process and by `culvert ui` alike. Parameters are parsed here and again in the helper; whatever goes
 * wrong becomes an answer.
 * @module
 */
import { contract, type Method, type Params } from '#core/api/contract.ts';
import { parseParams, type RelayResult } from '#core/api/relay.ts';
import { shellContract, type ShellMethod } from '#core/api/shell-contract.ts';
import { IpsecError, toWireError, type WireError } from '#core/base/error.ts';
import type { z } from 'zod';
import type { LinkKeeper } from './helper-link.ts';
import type { WindowWatch } from './status-mirror.ts';

/** What the program around the window does itself. */
export type ShellHandlers = {
  readonly [M in ShellMethod]: (
    params: z.output<(typeof shellContract)[M]['params']>,
  ) => Promise<RelayResult<M>> | RelayResult<M>;
};

/** An answer of any method. */
export type RelayAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: WireError };

/** Calls of one window that may wait for their answers. */
export const mostCallsInFlight = 64;

/** What a relay stands on. */
export type RelayOptions = {
  readonly helper: Pick<LinkKeeper, 'call'>;
  readonly shell: ShellHandlers;
  /** What this window watches of the status, which the program around it has already. */
  readonly watch: WindowWatch;
  /** Told of errors that are ours: the window gets `INTERNAL`. */
  readonly onInternalError: (error: unknown) => void;
};

/** Answer `method`. The promise never rejects. */
export async function answerRelay(options: RelayOptions, method: string, params: unknown): Promise<RelayAnswer> {
  try {
    if (isShellMethod(method)) return { ok: true, value: await callShell(options.shell, method, params) };
    if (method === 'status.watch') return { ok: true, value: options.watch.start() };
    if (method === 'status.unwatch') {
      options.watch.stop();
      return { ok: true, value: {} };
    }
    if (isHelperMethod(method)) {
      const parsed = parseParams(method, contract[method].params, params) as Params<typeof method>;
      return { ok: true, value: await options.helper.call(method, parsed) };
    }
    throw new IpsecError('API_UNKNOWN_METHOD', `there is no method "${method.slice(0, 64)}"`, { field: 'method' });
  } catch (error) {
    if (!(error instanceof IpsecError)) options.onInternalError(error);
    return { ok: false, error: toWireError(error) };
  }
}

async function callShell<M extends ShellMethod>(
  shell: ShellHandlers,
  method: M,
  params: unknown,
): Promise<RelayResult<M>> {
  const handler: ShellHandlers[M] = shell[method];
  const parsed = parseParams(method, shellContract[method].params, params);
  return handler(parsed as z.output<(typeof shellContract)[M]['params']>);
}

function isShellMethod(method: string): method is ShellMethod {
  return Object.hasOwn(shellContract, method);
}

function isHelperMethod(method: string): method is Method {
  return Object.hasOwn(contract, method);
}
