/**
 * How an error reads on the command line: the line that the BSD tool would print, and one that helps.
 * @module
 */
import { errnoText, isErrno } from '#core/base/errno.ts';
import type { IpsecError } from '#core/base/error.ts';

/**
 * Two lines: `ifconfig: SIOCSLIFPHYADDR: Can't assign requested address`, then what happened and what to do.
 * `request` is the ioctl's name, or null where BSD names none; then the first line is the message itself.
 */
export function formatComplaint(tool: string, request: string | null, error: IpsecError): string {
  const text = request === null ? null : bsdText(error);
  if (text === null) return `${tool}: ${error.message}\n  ${error.hint}\n`;
  return `${tool}: ${request}: ${text}\n  ${sentence(error.message)} ${error.hint}\n`;
}

/** strerror(3)'s text for an error; null where BSD has none. */
function bsdText(error: IpsecError): string | null {
  const { errno } = error;
  return errno !== null && isErrno(errno) && error.code !== 'HELPER_UNREACHABLE' ? errnoText[errno] : null;
}

/** `text` with a capital at its start where that is no name, and a full stop at its end. */
export function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
