/**
 * The window's way to the program that shows it. The only file that knows whether that is Electron's main process,
 * through the preload's functions, or `culvert ui`, through a WebSocket; everyone else has a `Bridge`.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseRelayAnswer } from '#core/api/answer.ts';
import { pushSchema, type Push, type RelayInput, type RelayMethod, type RelayResult } from '#core/api/relay.ts';
import { openSocketBridge } from './bridge/socket-bridge.ts';

/** What carries calls and pushes, whatever they say. */
export type Carrier = {
  /** The answer to one call, unread. Rejects when the shell is lost. */
  ask(method: RelayMethod, params: unknown): Promise<unknown>;
  /** Hear every push; gives what ends that. */
  listen(listener: (push: unknown) => void): () => void;
};

/** The program around the window, with the helper behind it. */
export type Bridge = {
  /** Call one method. @throws {IpsecError} whatever refused it, with code, message, hint and details. */
  call<M extends RelayMethod>(method: M, params: RelayInput<M>): Promise<RelayResult<M>>;
  /** Hear links, events and requests to go somewhere; gives what ends that. */
  listen(listener: (push: Push) => void): () => void;
};

declare global {
  interface Window {
    /** What Electron's preload exposes; absent in a browser. */
    readonly culvert?: Carrier;
  }
}

/** The bridge of this page. */
export function connectBridge(): Bridge {
  return createBridge(window.culvert ?? openSocketBridge(window.location));
}

/** A bridge over `carrier`: answers and pushes are read by the contract's schemas. */
function createBridge(carrier: Carrier): Bridge {
  return {
    async call(method, params) {
      return parseRelayAnswer(method, await askOrLose(carrier, method, params));
    },
    listen(listener) {
      return carrier.listen((push) => {
        const read = pushSchema.safeParse(push);
        if (read.success) listener(read.data);
      });
    },
  };
}

async function askOrLose(carrier: Carrier, method: RelayMethod, params: unknown): Promise<unknown> {
  try {
    return await carrier.ask(method, params);
  } catch (error) {
    if (error instanceof IpsecError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new IpsecError('HELPER_UNREACHABLE', `Culvert did not answer ${method}: ${why}`, { method }, error);
  }
}
