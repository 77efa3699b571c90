/**
 * The helper, kept in reach: connects to the control socket, says how that stands, hears events, and connects again when
 * the helper goes away. Electron's main process and `culvert ui` stand on it.
 * @module
 */
import { contractVersion, type Method, type Params, type Result } from '#core/api/contract.ts';
import type { ApiEvent } from '#core/api/event.ts';
import type { HelperLink } from '#core/api/relay.ts';
import { IpsecError } from '#core/base/error.ts';
import { connectHelper, type HelperClient } from './helper-client.ts';
import type { StatusMirror } from './status-mirror.ts';

/** What a keeper needs. `connect` is `connectHelper` unless a test says otherwise. */
export type LinkOptions = {
  readonly socketPath: string;
  /** What a person types where nothing else starts the helper (start-command.ts). */
  readonly startCommand: string;
  readonly onLink: (link: HelperLink) => void;
  readonly onEvent: (event: ApiEvent) => void;
  /** Kept up to date while there is a helper. */
  readonly mirror?: StatusMirror;
  readonly connect?: (path: string) => Promise<HelperClient>;
  /** Pause before the next attempt, in milliseconds. */
  readonly retryMs?: number;
  /** How long a helper may take to say who it is, in milliseconds. */
  readonly meetMs?: number;
};

/** The helper as long as it lasts, and after it has come back. */
export type LinkKeeper = {
  /** @throws {IpsecError} the helper's own, or what keeps us from it. */
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  link(): HelperLink;
  /** Do not wait for the next attempt. */
  retry(): void;
  close(): void;
};

const defaultRetryMs = 1000;
const defaultMeetMs = 10_000;

const connecting: HelperLink = {
  state: 'connecting',
  message: 'Looking for the helper.',
  hint: '',
  command: null,
};

const never = new Promise<never>(() => {});

/** Keep a connection to the helper at `socketPath`. */
export function keepLink(options: LinkOptions): LinkKeeper {
  const {
    socketPath,
    onLink,
    onEvent,
    mirror,
    connect = connectHelper,
    retryMs = defaultRetryMs,
    meetMs = defaultMeetMs,
    startCommand,
  } = options;
  let link = connecting;
  let client: HelperClient | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const say = (next: HelperLink): void => {
    const isNews = next.state !== link.state || next.message !== link.message;
    link = next;
    if (isNews) onLink(link);
  };

  const attempt = async (): Promise<void> => {
    const ended = new AbortController();
    try {
      client = await connect(socketPath);
      await meetWithin(client, mirror, meetMs);
      say({ state: 'connected', message: 'Connected.', hint: '', command: null });
      await Promise.race([client.watch(onEvent), mirror?.silence(ended.signal) ?? never]);
    } catch (error) {
      say(describeFailure(error, startCommand));
    } finally {
      ended.abort();
      mirror?.leave();
      client?.close();
      client = null;
      if (!isClosed) timer = setTimeout(() => void attempt(), retryMs);
    }
  };

  void attempt();
  return {
    link: () => link,
    async call(method, params) {
      if (client === null || link.state !== 'connected') throw refusal(link, socketPath);
      return client.call(method, params);
    },
    retry() {
      if (client !== null || isClosed) return;
      clearTimeout(timer);
      void attempt();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      client?.close();
    },
  };
}

/** A helper that hangs is said to, long before a call to it is given up. @throws {IpsecError} as `meet`, and `HELPER_UNREACHABLE`. */
async function meetWithin(client: HelperClient, mirror: StatusMirror | undefined, meetMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `the helper is there and does not answer: it has said nothing for ${meetMs / 1000} s`;
    timer = setTimeout(() => reject(new IpsecError('HELPER_UNREACHABLE', message)), meetMs);
  });
  try {
    await Promise.race([meet(client).then(() => mirror?.follow(client)), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws {IpsecError} `API_UNKNOWN_METHOD` when the helper speaks another contract, or one so old that it does not know the question. */
async function meet(client: HelperClient): Promise<void> {
  const { contractVersion: theirs, helperVersion } = await client.call('session.get', {});
  if (theirs !== contractVersion) {
    throw new IpsecError(
      'API_UNKNOWN_METHOD',
      `the helper ${helperVersion} speaks version ${theirs} of the contract, this window ${contractVersion}`,
    );
  }
}

function describeFailure(error: unknown, startCommand: string): HelperLink {
  if (!(error instanceof IpsecError)) {
    return { state: 'absent', message: 'The connection to the helper failed.', hint: '', command: startCommand };
  }
  const { code, message, hint } = error;
  if (code === 'HELPER_DENIED') return { state: 'denied', message, hint, command: null };
  if (code === 'API_UNKNOWN_METHOD') return { state: 'mismatch', message, hint, command: null };
  return { state: 'absent', message, hint, command: startCommand };
}

function refusal(link: HelperLink, path: string): IpsecError {
  const message = link.message === '' ? 'there is no connection to the helper' : link.message;
  return new IpsecError('HELPER_UNREACHABLE', message, { path });
}
