/**
 * `setkey`: associations in setkey(8)'s language, with the commands that make the interface around them as comments:
 * `# ` is the prompt of root and begins a comment, so the file may be pasted, or given to `setkey -f`, as it is.
 * @module
 */
import { profileToStatements } from '#core/profile/commands.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { fixedReqidSetting, ifconfigLines, netbsdRouteCommands, usesReqids } from './bsd-commands.ts';
import { headerLines, keyPresence, keysOrZeros, requireOuter, stemOf, toText, type Exporter } from './export-source.ts';
import { netbsdReqids } from './fixed-reqid.ts';

/** One file: `NAME.conf`. */
export const exportSetkey: Exporter = (source) => {
  const { profile, secrets } = source;
  const outer = requireOuter(source, 'setkey');
  const name = `${stemOf(profile)}.conf`;
  const commands = [
    ...(usesReqids(profile) ? [`sysctl -w ${fixedReqidSetting}`] : []),
    ...ifconfigLines(profile, outer).map((words) => `ifconfig ${words}`),
    `setkey -f ${name}`,
    ...netbsdRouteCommands(profile),
  ];
  const statements = profileToStatements(profile, keysOrZeros(source), outer, netbsdReqids(profile));
  const text = toText([
    ...headerLines(source, 'an ipsecif(4) tunnel in setkey(8)’s and ifconfig(8)’s words.', keyPresence(source)),
    '#',
    ...commands.map((command) => `# ${command}`),
    '',
  ]);
  return [
    { name, text: text + printStatements(statements, { withKeys: secrets !== null }), holdsKeys: secrets !== null },
  ];
};
