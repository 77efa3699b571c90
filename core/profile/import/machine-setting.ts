/**
 * Settings of the machine in texts: lines of sysctl.conf(5), commands of sysctl(8), and what is written to /proc/sys. No profile
 * holds any, so each is told with its line: a tunnel that needs forwarding does not come to stand without it in silence.
 *
 * Of use_fixed_reqid nothing is told: the import matches associations by it.
 * @module
 */
import { shownText, type Unmapped } from './imported.ts';
import type { NamedText } from './text-kind.ts';

/** How settings stand in a text: as lines, as commands, or as commands in comments. */
export type SettingStyle = 'lines' | 'commands' | 'comments';

const assignment = String.raw`[A-Za-z_][\w.\-/%@]*\s*=\s*("[^"]*"|'[^']*'|[^\s;&|"']+)`;
const command = new RegExp(
  String.raw`^[^#]*?(?:^|[;&|!(\s])(?:culvert\s+|\/\S*\/)?sysctl\s+((?:-{1,2}[\w-]+\s+)*)(${assignment}(?:\s+${assignment})*)`,
);
const written = /\becho\s+(?:-n\s+)?["']?([\w.-]+)["']?\s*(?:>>?|\|\s*(?:sudo\s+)?tee)\s*\/proc\/sys\/([\w./-]+)/;
/** `-` before it: a failure is of no account (Linux); `?=`: only where it is there (NetBSD). */
const confLine = new RegExp(String.raw`^\s*-?([A-Za-z][\w.\-/%@]*)\s*\??=\s*(.*?)\s*(?:[#;].*)?$`);

/** Settings that a command line makes, each as `NAME=VALUE`; none where it makes none. */
export function settingsOfCommand(line: string): readonly string[] {
  const [, , assignments] = command.exec(line) ?? [];
  if (assignments !== undefined) {
    return [...assignments.matchAll(new RegExp(assignment, 'g'))].map(([text]) => text.replace(/\s*=\s*/, '='));
  }
  const [, value, path] = written.exec(line) ?? [];
  return value === undefined || path === undefined ? [] : [`${path.replaceAll('/', '.')}=${value}`];
}

/** Why a setting is not in the profile; null for one that the import goes by. */
export function whyNotTaken(setting: string): string | null {
  if (/^net\.ipsecif\.use_fixed_reqid=1$/.test(setting)) return null;
  const isOurs = /^net\.(ipsecif\.|inet\.ipsec\.|inet6\.ip6\.ipsecif|interfaces\.ipsec)/.test(setting);
  const remedy = isOurs ? 'culvert sysctl shows what there is of it here' : 'set it where the tunnel needs it';
  return `a setting of the machine is not taken over: ${remedy}`;
}

/** Tell every setting of one file. */
export function tellSettings({ name: file, text }: NamedText, style: SettingStyle, unmapped: Unmapped[]): void {
  for (const [index, source] of text.split('\n').entries()) {
    for (const setting of settingsOfLine(source, style)) {
      const why = whyNotTaken(setting);
      if (why !== null) unmapped.push({ file, line: index + 1, text: shownText(setting), why });
    }
  }
}

function settingsOfLine(source: string, style: SettingStyle): readonly string[] {
  switch (style) {
    case 'lines': {
      const [, name, value] = confLine.exec(source) ?? [];
      return name === undefined ? [] : [`${name}=${value}`];
    }
    case 'commands':
      return /^\s*#/.test(source) ? [] : settingsOfCommand(source);
    case 'comments': {
      const comment = /^#\s*((?:culvert\s+)?sysctl\s.*?)\r?$/.exec(source)?.[1];
      return comment === undefined ? [] : settingsOfCommand(comment);
    }
  }
}
