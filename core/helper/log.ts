/**
 * The log of culvertd: one JSON object a line, by pino. What may be logged of a request is decided by a table over the
 * contract's methods, so a method whose parameters hold keys never gets there by an oversight; bytes and unknown errors
 * are reduced to what cannot hold a key.
 * @module
 */
import { destination, pino, type DestinationStream } from 'pino';
import { contract, type Method } from '#core/api/contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Clock, Log } from '#core/base/port.ts';

/** Levels of `--log-level`. */
export const logLevels = ['error', 'warn', 'info', 'silent'] as const;
/** One of `logLevels`. */
export type LogLevel = (typeof logLevels)[number];

/** Whether a method's parameters may be logged. Never for text that can hold keys: then its error messages may not either. */
const isLoggable = {
  'session.get': true,
  // Texts of files hold keys.
  'configuration.plan': false,
  'configuration.apply': false,
  'configuration.confirm': true,
  'configuration.revert': true,
  'configuration.pending': true,
  'status.get': true,
  'status.watch': true,
  'status.unwatch': true,
  'status.flush': true,
  'interface.create': true,
  'interface.destroy': true,
  'interface.setTunnel': true,
  'interface.deleteTunnel': true,
  'interface.addAddress': true,
  'interface.removeAddress': true,
  'interface.setMtu': true,
  'interface.setFlags': true,
  'interface.setOptions': true,
  'ifconfig.run': false,
  'route.list': true,
  'route.get': true,
  'route.add': true,
  'route.change': true,
  'route.delete': true,
  'route.flush': true,
  'settings.set': true,
  'setkey.run': false,
  'setkey.dump': false,
  'association.getSpi': true,
  'events.subscribe': true,
  'association.flush': true,
  'policy.add': true,
  'policy.delete': true,
  'policy.flush': true,
  'policy.dump': true,
  'profile.list': true,
  'profile.show': true,
  'profile.create': false,
  'profile.edit': false,
  'interface.change': false,
  'profile.rename': true,
  'profile.delete': true,
  'profile.export': true,
  'profile.import': false,
  'profile.saveImport': false,
  'profile.up': true,
  'profile.down': true,
  'history.get': true,
  'timeline.list': true,
  'host.outlook': true,
  'host.networks': true,
  'association.replayWindows': true,
  'interface.preview': true,
  'profile.preview': false,
  'tunnel.verify': true,
} as const satisfies Record<Method, boolean>;

/**
 * A log to `file` (made with mode 0600, appended to), or to stderr when null. Lines are written at once.
 * @throws {IpsecError} `FILE_UNWRITABLE` when the file cannot be opened.
 */
export function openLog(level: LogLevel, file: string | null): Log {
  const logger = pino({ level, base: null }, openTarget(file));
  return {
    info: (message, fields = {}) => logger.info(scrubFields(fields), message),
    warn: (message, fields = {}) => logger.warn(scrubFields(fields), message),
    error: (message, fields = {}) => logger.error(scrubFields(fields), message),
  };
}

function openTarget(file: string | null): DestinationStream {
  try {
    const target = destination({ dest: file ?? 2, sync: true, append: true, mode: 0o600 });
    // A full disk, or nobody who reads standard error any more, must not end the tunnels.
    return target.on('error', () => undefined);
  } catch (error) {
    throw new IpsecError(
      'FILE_UNWRITABLE',
      `the log file ${file ?? ''} cannot be opened`,
      { field: 'log-file' },
      error,
    );
  }
}

/** `log` for what anybody on the machine can cause: at most `linesPerMinute`, then one line that counts the rest. */
export function limitLog(log: Log, clock: Clock, linesPerMinute: number): Log {
  let minute = -1;
  let lines = 0;
  const limited = (write: Log['info']): Log['info'] => {
    return (message, fields) => {
      const now = Math.floor(clock.now() / 60_000);
      if (now !== minute) {
        if (lines > linesPerMinute) log.warn('log lines left out', { lines: lines - linesPerMinute });
        minute = now;
        lines = 0;
      }
      lines++;
      if (lines <= linesPerMinute) write(message, fields);
    };
  };
  return { info: limited(log.info), warn: limited(log.warn), error: limited(log.error) };
}

/**
 * What of a request and its failure may stand in the log: parameters only of loggable methods, and only as the contract
 * has them; of a request with a stray field its method and the error's code.
 */
export function describeRequest(method: string, params: unknown, error: unknown = null): Record<string, unknown> {
  if (!isMethod(method)) return { method: method.slice(0, 64) };
  const code = error === null ? {} : { error: codeOf(error) };
  if (!isLoggable[method]) return { method, params: '[redacted]', ...code };
  const parsed = contract[method].params.safeParse(params ?? {});
  // What refuses a stray field names it, and it can be anything: a key in the wrong place, too.
  if (!parsed.success) return { method, params: '[malformed]', ...code };
  return { method, params: parsed.data, ...(error === null ? {} : { error }) };
}

function isMethod(method: string): method is Method {
  return Object.hasOwn(isLoggable, method);
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'INTERNAL';
}

function scrubFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, scrub(value)]));
}

function scrub(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (value instanceof IpsecError) return { code: value.code, message: value.message, details: value.details };
  if (value instanceof Error) return describeUnknownError(value);
  return value;
}

/** Name and call stack of an unexpected error, without its message: that may quote what it choked on. */
function describeUnknownError(error: Error): { readonly name: string; readonly stack: readonly string[] } {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  return { name: error.name, stack: frames.map((line) => line.trim()) };
}
