/**
 * How an error reads on the command line: the line that the BSD tool would print, and one that helps.
 * @module
 */
import { errnoText, isErrno } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Terminal } from './terminal.ts';

/**
 * Two lines: `ifconfig: SIOCSLIFPHYADDR: Can't assign requested address`, then what happened and what to do.
 * `request` is the ioctl's name, or null where BSD names none; then the first line is the message itself.
 */
export function formatComplaint(tool: string, request: string | null, error: IpsecError): string {
  const text = request === null ? null : bsdText(error);
  if (text === null) return `${tool}: ${error.message}\n  ${error.hint}\n`;
  return `${tool}: ${request}: ${text}\n  ${sentence(error.message)} ${error.hint}\n`;
}

/** The exit status that `work` gives; 1 for what was refused, which is told in the name of `tool`. @throws what is our own fault. */
export async function exitStatusOf(
  tool: string,
  terminal: Pick<Terminal, 'complain'>,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    terminal.complain(formatComplaint(tool, null, error));
    return 1;
  }
}

/** strerror(3)'s text for an error; null where BSD has none. */
function bsdText(error: IpsecError): string | null {
  const { errno } = error;
  return errno !== null && isErrno(errno) && error.code !== 'HELPER_UNREACHABLE' ? errnoText[errno] : null;
}

/** `text` with a full stop at its end. */
export function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
