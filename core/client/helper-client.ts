/**
 * The helper as a client sees it: one typed call per method of the contract, over JSON-RPC on the control socket.
 * Every result is validated by the contract's schema; every refusal is thrown as the `IpsecError` that it was.
 * @module
 */
import { createConnection, type Socket } from 'node:net';
import {
  createMessageConnection,
  ErrorCodes,
  NullLogger,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { parseAnswer } from '#core/api/answer.ts';
import { eventMethod, eventSchema, type ApiEvent } from '#core/api/event.ts';
import type { Method, Params, Result } from '#core/api/contract.ts';
import { updateMethod, updateSchema, type StatusUpdate } from '#core/api/watch/watch-contract.ts';
import { errnoOf } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';

/** How long a call may take unless told otherwise; a thousand tunnels in one text take some seconds. */
const defaultTimeoutMs = 60_000;

const hungUp = 'culvertd closed the connection: it is stopping, or serves too many clients';

/** A connection to the helper. */
export type HelperClient = {
  /** Ask for one method. @throws {IpsecError} the helper's own, `HELPER_UNREACHABLE`, or `INTERNAL` for an answer outside the contract. */
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Hear every event until the connection is lost. @throws {IpsecError} `HELPER_UNREACHABLE` then. */
  watch(listener: (event: ApiEvent) => void): Promise<never>;
  /** Hear what changes of a status that is watched; null for what is no such update. */
  hearUpdates(listener: (update: StatusUpdate | null) => void): void;
  close(): void;
};

/**
 * Connect to the socket at `path`; a call without an answer after `timeoutMs` fails.
 * @throws {IpsecError} `HELPER_UNREACHABLE` or `HELPER_DENIED`, naming the path.
 */
export async function connectHelper(path: string, timeoutMs = defaultTimeoutMs): Promise<HelperClient> {
  const socket = await openSocket(path);
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
    NullLogger,
  );
  const lost = new Promise<never>((_resolve, reject) => {
    socket.once('close', () => reject(unreachable(path, hungUp)));
  });
  // The loss of a connection matters only to a call that waits.
  lost.catch(() => {});
  socket.on('error', () => socket.destroy());
  connection.onError(() => socket.destroy());
  connection.listen();
  const call: HelperClient['call'] = async (method, params) => {
    const asked = Promise.race([request(connection, path, method, params), lost]);
    return parseAnswer(method, await withTimeout(asked, path, method, timeoutMs));
  };
  return {
    call,
    async watch(listener) {
      connection.onNotification(eventMethod, (params: unknown) => {
        const event = eventSchema.safeParse(params);
        if (event.success) listener(event.data);
      });
      await call('events.subscribe', {});
      return lost;
    },
    hearUpdates(listener) {
      connection.onNotification(updateMethod, (params: unknown) => {
        const update = updateSchema.safeParse(params);
        listener(update.success ? update.data : null);
      });
    },
    close() {
      connection.dispose();
      socket.destroy();
    },
  };
}

function openSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => reject(explainFailure(path, error)));
  });
}

function explainFailure(path: string, error: Error): IpsecError {
  const errno = errnoOf(error);
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new IpsecError('HELPER_DENIED', `this user may not open ${path}`, { path, errno: 'EACCES' }, error);
  }
  if (errno === 'ENOENT') return unreachable(path, `no helper: ${path} does not exist`, 'ENOENT', error);
  if (errno === 'ECONNREFUSED') return unreachable(path, `no helper listens on ${path}`, errno, error);
  return unreachable(path, `cannot connect to ${path}${errno === '' ? '' : ` (${errno})`}`, errno, error);
}

function unreachable(path: string, message: string, errno = 'ECONNREFUSED', cause?: unknown): IpsecError {
  return new IpsecError('HELPER_UNREACHABLE', message, { path, errno }, cause);
}

async function withTimeout<T>(asked: Promise<T>, path: string, method: Method, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `culvertd did not answer ${method} within ${timeoutMs / 1000} s; it may still carry it out`;
    timer = setTimeout(() => reject(unreachable(path, message, 'ETIMEDOUT')), timeoutMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the library gave up on the stream: its own text (EPIPE, say) tells what happened to it, not why. */
function isHangUp(error: unknown): boolean {
  const codes: readonly number[] = [ErrorCodes.MessageWriteError, ErrorCodes.PendingResponseRejected];
  return error instanceof ResponseError && codes.includes(error.code);
}

async function request(connection: MessageConnection, path: string, method: Method, params: object): Promise<unknown> {
  try {
    return await connection.sendRequest<unknown>(method, params);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const message = isHangUp(error) ? hungUp : `culvertd did not answer ${method}: ${text}`;
    throw unreachable(path, message, 'ECONNREFUSED', error);
  }
}
