/**
 * The errno names that ipsecif(4), PF_KEY and the host answer with, and their BSD texts (strerror(3)).
 * @module
 */

/** errno → the text that BSD's strerror(3) gives for it. */
export const errnoText = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EIO: 'Input/output error',
  ESRCH: 'No such process',
  ENXIO: 'Device not configured',
  EACCES: 'Permission denied',
  EEXIST: 'File exists',
  ENODEV: 'Operation not supported by device',
  EINVAL: 'Invalid argument',
  EBUSY: 'Device busy',
  ENOSPC: 'No space left on device',
  EAGAIN: 'Resource temporarily unavailable',
  EMSGSIZE: 'Message too long',
  EOPNOTSUPP: 'Operation not supported',
  EAFNOSUPPORT: 'Address family not supported by protocol family',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: "Can't assign requested address",
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  ENOBUFS: 'No buffer space available',
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
} as const;

/** One of the errno names in `errnoText`. */
export type Errno = keyof typeof errnoText;

/** Whether `name` is an errno that we have a text for. */
export function isErrno(name: string): name is Errno {
  return Object.hasOwn(errnoText, name);
}

/** Name of the errno that a system's error carries; `otherwise` when it carries none. */
export function errnoOf(error: unknown, otherwise = ''): string {
  return error instanceof Error && 'code' in error ? String(error.code) : otherwise;
}
