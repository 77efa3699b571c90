/**
 * The native package behind the ports that the datapath and the control plane declare. Thin on purpose: rows and arenas
 * go through as they are; only errors are put into our words.
 * @module
 */
import { createRequire } from 'node:module';
import { IpsecError, type ErrorCode } from '#core/base/error.ts';
import { errnoOf, isErrno } from '#core/base/errno.ts';
import type { TransformPort, TransformSpec } from '#core/crypto/transform.ts';
import type { TunPort, WirePort } from '#core/datapath/ports.ts';
import type { OwnThread, ThreadTimes } from './bulk-turns.ts';

/** What the package exports; its index.d.ts is generated from the Rust sources. */
export type NativePackage = typeof import('tun-tap');

/** Hears of each read: the token and what it gave, a count or a negative errno. */
export type ReportRead = (token: number, result: number) => void;

/** Layout of rows, arguments and exports that this side was written for: LAYOUT_VERSION in core/tun-tap/src/binding.rs. */
const nativeLayout = 11;

/** Load the package. @throws {IpsecError} `HOST_NO_NATIVE` when it is not built for this machine, or from other sources. */
export function loadNative(): NativePackage {
  return checkLayout(requireNative());
}

/**
 * The package, unless it was built from sources with another layout: its rows would be read wrongly, and in silence.
 * @throws {IpsecError} `HOST_NO_NATIVE`.
 */
export function checkLayout<Package extends { readonly layoutVersion?: () => number }>(native: Package): Package {
  const layout = native.layoutVersion?.() ?? 0;
  if (layout === nativeLayout) return native;
  const message = `the native package tun-tap is built from other sources (layout ${layout}, not ${nativeLayout}): build it anew`;
  throw new IpsecError('HOST_NO_NATIVE', message, { layout, needed: nativeLayout });
}

function requireNative(): NativePackage {
  try {
    return createRequire(import.meta.url)('tun-tap') as NativePackage;
  } catch (error) {
    throw new IpsecError('HOST_NO_NATIVE', 'the native package tun-tap cannot be loaded', {}, error);
  }
}

/** TUN devices by the native package. */
export class NativeTun implements TunPort {
  readonly takesJoined = true;
  readonly #native: NativePackage;
  readonly #report: ReportRead;

  constructor(native: NativePackage, report: ReportRead) {
    this.#native = native;
    this.#report = report;
  }

  read(tun: number, arena: Uint8Array, rows: Int32Array, maxPackets: number): number {
    const result = this.#native.readTun(tun, arena, rows, maxPackets);
    this.#report(tun, result);
    return result;
  }

  write(rows: Int32Array, count: number, arena: Uint8Array): void {
    this.#native.writeTun(rows, count, arena);
  }
}

/** ESP and UDP sockets by the native package. */
export class NativeWire implements WirePort {
  readonly #native: NativePackage;
  readonly #report: ReportRead;

  constructor(native: NativePackage, report: ReportRead) {
    this.#native = native;
    this.#report = report;
  }

  receive(socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array, maxMessages: number): number {
    const result = this.#native.receive(socket, arena, rows, senders, maxMessages);
    this.#report(socket, result);
    return result;
  }

  send(rows: Int32Array, count: number, arena: Uint8Array, addresses: Uint8Array): void {
    this.#native.send(rows, count, arena, addresses);
  }

  pathMtu(socket: number, addresses: Uint8Array, address: number): number {
    return this.#native.pathMtu(socket, addresses, address);
  }
}

/** Transforms by the native package. Handles belong to the process: one thread creates, all may use them. */
export class NativeTransform implements TransformPort {
  readonly #native: NativePackage;

  constructor(native: NativePackage) {
    this.#native = native;
  }

  create(spec: TransformSpec): number {
    const { encryptionId, integrityId, key, salt, integrityKey, padding } = spec;
    try {
      return this.#native.createTransform(encryptionId, integrityId, key, salt, integrityKey, padding);
    } catch (error) {
      throw transformError(spec, error);
    }
  }

  free(handle: number): void {
    this.#native.freeTransform(handle);
  }

  seal(rows: Int32Array, count: number, source: Uint8Array, destination: Uint8Array): void {
    this.#native.sealBatch(rows, count, source, destination);
  }

  open(rows: Int32Array, count: number, arena: Uint8Array): void {
    this.#native.openBatch(rows, count, arena);
  }
}

/** The calling thread by the native package. */
export class NativeThread implements OwnThread {
  readonly #native: NativePackage;

  constructor(native: NativePackage) {
    this.#native = native;
  }

  times(): ThreadTimes | null {
    const [ranMs, waitedMs, turns] = this.#native.threadTimes();
    return ranMs === undefined || waitedMs === undefined || turns === undefined ? null : { ranMs, waitedMs, turns };
  }

  setBatch(isBatch: boolean): boolean {
    try {
      return this.#native.setBatchThread(isBatch);
    } catch {
      return false; // A sandbox forbids it: it is no reason to fail.
    }
  }
}

/** The native package's refusal as an `IpsecError`; `codes` says which errno means what, all others are `HOST_FAILED`. */
export function hostError(doing: string, error: unknown, codes: Readonly<Record<string, ErrorCode>> = {}): IpsecError {
  const errno = errnoOf(error);
  const said = error instanceof Error ? error.message : String(error);
  const isDenied = errno === 'EPERM' || errno === 'EACCES';
  const code = codes[errno] ?? (isDenied ? 'HOST_DENIED' : 'HOST_FAILED');
  return new IpsecError(code, `${doing}: ${said}`, isErrno(errno) ? { errno } : {}, error);
}

/** EINVAL says that a length does not fit, anything else that the package lacks the algorithm. Says no key byte. */
function transformError({ encryptionId, integrityId, key }: TransformSpec, error: unknown): IpsecError {
  const details = { encryptionId, integrityId };
  if (errnoOf(error) === 'EINVAL') {
    return new IpsecError('KEY_LENGTH', `the engine refuses a key of ${key.length} bytes`, details);
  }
  return new IpsecError(
    'ALGORITHM_UNKNOWN',
    `the engine lacks encryption ${encryptionId}, integrity ${integrityId}`,
    details,
  );
}
