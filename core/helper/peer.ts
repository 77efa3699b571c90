/**
 * Who is at the other end of a connection, and what they may do: SO_PEERCRED (unix(7)), asked once at accept.
 *
 * The kernel's word is the only one that counts: nothing here reads /proc, where a process id may have been given out
 * again, and no client says who it is.
 * @module
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Caller } from '#core/api/dispatch.ts';
import { IpsecError } from '#core/base/error.ts';

/** What SO_PEERCRED says. */
export type PeerCredentials = { readonly uid: number; readonly gid: number; readonly pid: number };

/** Asks the kernel about a connected descriptor; the native package's `peerCredentials`. */
export type AskCredentials = (descriptor: number) => PeerCredentials;

/** Who may change things besides root: one user, or the members of a group. */
export type Operators = {
  readonly uid: number | null;
  readonly isMember: ((peer: PeerCredentials) => boolean) | null;
};

/**
 * The caller behind an accepted connection; null when the kernel does not say (the client is gone), and then it must
 * not be served. Root, the user that culvertd itself runs as (who could trace it anyway) and the configured operators
 * may change things.
 */
export function identifyPeer(socket: Socket, ask: AskCredentials, operators: Operators): Caller | null {
  const descriptor = descriptorOf(socket);
  if (descriptor === null) return null;
  try {
    const peer = ask(descriptor);
    const { uid, pid } = peer;
    const isOwn = uid === 0 || uid === process.geteuid?.() || uid === operators.uid;
    return { uid, pid, canOperate: isOwn || operators.isMember?.(peer) === true };
  } catch {
    return null;
  }
}

/** A connected Unix socket's descriptor. Node has no public way to ask for it; the handle has had this field since 0.x. */
function descriptorOf(socket: Socket): number | null {
  const handle: unknown = '_handle' in socket ? socket._handle : null;
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return null;
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : null;
}

/**
 * The uid that `--operator USER|UID` means; names are looked up in /etc/passwd.
 * @throws {IpsecError} `API_BAD_PARAMS` when there is no such user.
 */
export function parseOperator(text: string, passwd = () => readFileSync('/etc/passwd', 'utf8')): number {
  if (/^(0|[1-9][0-9]{0,9})$/.test(text) && Number(text) < 2 ** 32 - 1) return Number(text);
  for (const line of passwd().split('\n')) {
    const [name, , uid] = line.split(':');
    if (name === text && uid !== undefined && /^[0-9]+$/.test(uid)) return Number(uid);
  }
  throw new IpsecError('API_BAD_PARAMS', `--operator ${text}: no such user`, { field: 'operator' });
}
