/**
 * The command line that prints what a sheet shows: every sheet has one, and it works as it stands.
 * @module
 */
import { shellWord } from '#core/base/shell-word.ts';

const commands: readonly (readonly [RegExp, string])[] = [
  [/^\/import/, 'culvert import FILE'],
  [/^\/associations/, 'culvert setkey -D'],
  [/^\/policies/, 'culvert setkey -DP'],
  [/^\/events/, 'culvert setkey -x'],
  [/^\/settings/, 'culvert sysctl'],
];

/** The command of the sheet at `location`. */
export function commandOf(location: string): string {
  const tunnel = /^\/tunnel\/([^/]+)/.exec(location)?.[1];
  if (tunnel !== undefined) return commandOfTunnel(decode(tunnel));
  for (const [pattern, command] of commands) {
    if (pattern.test(location)) return command;
  }
  return 'culvert status';
}

/** An interface by its name, or a profile by its own, quoted for a shell where it has blanks. */
function commandOfTunnel(name: string): string {
  if (/^ipsec\d+$/.test(name)) return `culvert ifconfig ${name}`;
  return `culvert profile show ${shellWord(name)}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
