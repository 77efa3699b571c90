/**
 * Serves core/api on the control socket: JSON-RPC 2.0 in the Language Server Protocol's frames (vscode-jsonrpc), one
 * connection a client, a few requests of it at a time, begun in their order. Every request goes through the dispatcher that parses it by the
 * contract; here are only the limits that keep a hostile client from costing the helper memory, descriptors or log.
 * @module
 */
import type { Server, Socket } from 'node:net';
import {
  createMessageConnection,
  Message,
  NullLogger,
  StreamMessageReader,
  type MessageReader,
} from 'vscode-jsonrpc/node';
import { isQuestion, type Caller, type StatusWatch } from '#core/api/dispatch.ts';
import { eventMethod, toApiEvent } from '#core/api/event.ts';
import { rememberedChanges, StatusFeed } from '#core/api/watch/status-feed.ts';
import { updateMethod, type Watched } from '#core/api/watch/watch-contract.ts';
import type { WireError } from '#core/base/error.ts';
import type { Clock, Log } from '#core/base/port.ts';
import type { GatewayEvent } from '#core/tunnel/event/gateway-event.ts';
import type { ProfileEvent } from '#core/tunnel/profile/profile-event.ts';
import type { TimelineEvent } from '#core/tunnel/timeline/timeline.ts';
import { AnswerTexts, createAnswerWriter } from '#core/helper/answering/answer-writer.ts';
import { ReaderPace } from '#core/helper/answering/reader-pace.ts';
import { SharedAnswer } from '#core/helper/answering/shared-answer.ts';
import { hasPlace } from './connection-places.ts';
import { EventQueue } from './event-queue.ts';
import { describeRequest, limitLog } from './log.ts';
import { createMessageGate, type MessageGate } from './message-gate.ts';

/** What the server needs of its surroundings. */
export type ApiServerOptions = {
  readonly server: Server;
  /** Who is there; null: do not serve. */
  readonly identify: (socket: Socket) => Caller | null;
  /** Carry out a request. Never rejects for what the client did. */
  readonly answer: (method: string, params: unknown, caller: Caller) => Promise<ApiAnswer>;
  /** Hear every event; gives what ends that. Absent where there are none. */
  readonly subscribe?: (listener: (event: HelperEvent) => void) => () => void;
  /** Everything that can be watched, as it is now. Absent where nothing can. */
  readonly read?: () => Watched;
  readonly clock: Clock;
  readonly log: Log;
};

/** Whatever the helper tells. */
export type HelperEvent = GatewayEvent | ProfileEvent | TimelineEvent;

/** An answer of any method, as far as the server looks at it. */
export type ApiAnswer = { readonly ok: true } | { readonly ok: false; readonly error: WireError };

/** The contract's longest text is 4 MiB; the rest is JSON's escapes and the frame. */
const operatorMessageBytes = 5 * 1024 * 1024;
const secondMs = 1000;
/** Who may only read has nothing long to say. */
const readerMessageBytes = 64 * 1024;

/** A running API server. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #log: Log;
  readonly #publicLog: Log;
  readonly #connections = new Map<Socket, Caller>();
  readonly #feeds = new Set<StatusFeed>();
  readonly #compare = rememberedChanges();
  /** What the last tick read. */
  #lastRead: Watched | null = null;
  readonly #pace = new ReaderPace();
  readonly #texts = new AnswerTexts();
  /** The one question that costs much, is the same for all, and is asked by programs again and again. */
  readonly #status = new SharedAnswer<ApiAnswer>();

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#publicLog = limitLog(options.log, options.clock, 60);
    options.server.on('connection', (socket) => this.#accept(socket));
    options.server.on('error', (error) => this.#log.error('control socket failed', { error }));
  }

  /** Tell whoever watches what has changed: once a second, or after a rest of `restedMs` in which nothing did. */
  tick(restedMs = 0): void {
    const { read } = this.#options;
    const feeds = [...this.#feeds].filter(({ isOn }) => isOn);
    const before = this.#lastRead;
    this.#lastRead = read === undefined || feeds.length === 0 ? null : read();
    const now = this.#lastRead;
    if (now === null) return;
    if (before !== null && restedMs > 0) {
      // What ends a rest has come in its last second: rates are told over that.
      const rested = { ...before, nowMs: Math.max(before.nowMs, now.nowMs - secondMs) };
      for (const feed of feeds) feed.confirm(before, rested);
    }
    for (const feed of feeds) feed.offer(now);
  }

  /** End every connection. The listening socket is its owner's to close. */
  close(): void {
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  #accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    const caller = this.#options.identify(socket);
    if (caller === null) {
      this.#publicLog.warn('connection refused: the kernel does not say who it is');
      socket.destroy();
      return;
    }
    if (!hasPlace(caller, this.#connections.values())) {
      this.#publicLog.warn('connection refused: too many', { uid: caller.uid, pid: caller.pid });
      socket.destroy();
      return;
    }
    this.#connections.set(socket, caller);
    socket.on('close', () => this.#connections.delete(socket));
    this.#serve(socket, caller);
  }

  #serve(socket: Socket, caller: Caller): void {
    const gate = createMessageGate(caller.canOperate ? operatorMessageBytes : readerMessageBytes);
    const end = (error: unknown): void => {
      if (!socket.destroyed) this.#publicLog.warn('connection ended', { uid: caller.uid, pid: caller.pid, error });
      socket.destroy();
    };
    gate.stream.on('error', end);
    const connection = createMessageConnection(
      readThrough(gate),
      createAnswerWriter(socket, this.#texts, () => gate.open()),
      NullLogger,
    );
    connection.onError(([error]) => end(error));
    connection.onClose(() => socket.destroy());
    const events = new EventQueue<HelperEvent>((event, dropped) =>
      connection.sendNotification(eventMethod, toApiEvent(event, dropped)),
    );
    let unsubscribe: (() => void) | null = null;
    const { subscribe, read } = this.#options;
    const feed = new StatusFeed({
      send: (update) => connection.sendNotification(updateMethod, update),
      compare: this.#compare,
    });
    this.#feeds.add(feed);
    const subscriber: Caller = {
      ...caller,
      ...(subscribe && { subscribe: () => void (unsubscribe ??= subscribe((event) => events.offer(event))) }),
      ...(read && { watch: watchBy(feed, read) }),
    };
    connection.onRequest((method, params) => this.#answer(method, params, subscriber));
    socket.on('close', () => {
      unsubscribe?.();
      events.close();
      feed.stop();
      this.#feeds.delete(feed);
      gate.stream.destroy();
      connection.dispose();
    });
    connection.listen();
    socket.pipe(gate.stream);
  }

  async #answer(method: string, params: unknown, caller: Caller): Promise<ApiAnswer> {
    const { uid, pid } = caller;
    const make = (): Promise<ApiAnswer> => this.#options.answer(method, params ?? {}, caller);
    const ask = method === 'status.get' && isEmpty(params) ? () => this.#status.ask(make) : make;
    const answer = await (caller.canOperate ? ask() : this.#pace.run(uid, ask));
    if (answer.ok) {
      if (!isQuestion(method)) this.#log.info('request', { uid, pid, ...describeRequest(method, params) });
    } else {
      const log = caller.canOperate ? this.#log : this.#publicLog;
      log.warn('request refused', { uid, pid, ...describeRequest(method, params, answer.error) });
    }
    return answer;
  }
}

function watchBy(feed: StatusFeed, read: () => Watched): StatusWatch {
  return {
    start: (everyMs) => feed.start(read(), everyMs),
    stop: () => feed.stop(),
    flush: () => feed.flush(read),
  };
}

/** A reader behind the gate. Whatever is no request gets no answer, so the gate opens at once. */
function readThrough(gate: MessageGate): MessageReader {
  const reader = new StreamMessageReader(gate.stream);
  return {
    onError: reader.onError,
    onClose: reader.onClose,
    onPartialMessage: reader.onPartialMessage,
    dispose: () => reader.dispose(),
    listen: (callback) =>
      reader.listen((message) => {
        if (!Message.isRequest(message)) gate.open();
        callback(message);
      }),
  };
}

/** Whether there are no parameters; what is malformed is for the dispatcher to refuse. */
function isEmpty(params: unknown): boolean {
  if (params === undefined || params === null) return true;
  return typeof params === 'object' && Object.keys(params).length === 0;
}
