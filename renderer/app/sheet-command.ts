/**
 * The command line that prints what a sheet shows: every sheet has one, and it works as it stands.
 * @module
 */

const commands: readonly (readonly [RegExp, string])[] = [
  [/^\/tunnel\/([\w.-]+)/, 'culvert ifconfig $1'],
  [/^\/associations/, 'culvert setkey -D'],
  [/^\/policies/, 'culvert setkey -DP'],
  [/^\/events/, 'culvert setkey -x'],
  [/^\/settings/, 'culvert sysctl'],
];

/** The command of the sheet at `location`. */
export function commandOf(location: string): string {
  for (const [pattern, command] of commands) {
    const found = pattern.exec(location);
    if (found !== null) return command.replace('$1', found[1] ?? '');
  }
  return 'culvert status';
}
