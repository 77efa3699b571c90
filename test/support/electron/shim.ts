/**
 * What Electron 22 lacks of the Electron that the sources are written for: `protocol.handle`, `Response` in main, and
 * what its old engine has not of the language. For tests alone; no release has it.
 * @module
 */
import 'core-js/actual';
import electron from 'electron';

type Handler = (request: { readonly method: string; readonly url: string }) => Response | Promise<Response>;
type BufferAnswer = (answer: object) => void;
type OldProtocol = {
  registerBufferProtocol(
    scheme: string,
    handler: (request: { url: string; method: string }, answer: BufferAnswer) => void,
  ): boolean;
};

/** As much of a Response as main makes and the protocol reads. */
class ShimResponse {
  readonly body: Uint8Array;
  readonly status: number;
  readonly headers: Map<string, string>;

  constructor(body: Uint8Array | string, init: { status?: number; headers?: Record<string, string> } = {}) {
    this.body = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    this.status = init.status ?? 200;
    this.headers = new Map(Object.entries(init.headers ?? {}));
  }
}

function handle(this: OldProtocol, scheme: string, handler: Handler): void {
  this.registerBufferProtocol(scheme, ({ url, method }, answer) => {
    void Promise.resolve(handler({ url, method })).then(
      (response) => {
        const { body, status, headers } = response as unknown as ShimResponse;
        answer({ statusCode: status, headers: Object.fromEntries(headers), data: Buffer.from(body) });
      },
      () => answer({ error: -9 }),
    );
  });
}

const globals = globalThis as Record<string, unknown>;
globals['Response'] ??= ShimResponse;
Object.assign(electron.protocol, { handle: handle.bind(electron.protocol as unknown as OldProtocol) });
