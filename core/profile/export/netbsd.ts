/**
 * `netbsd`: what a NetBSD 10 system reads when it starts: /etc/ifconfig.ipsecN (ifconfig.if(5)), /etc/ipsec.conf
 * (rc.d/ipsec gives it to setkey(8)), and the lines for /etc/rc.conf, /etc/route.conf (route.conf(5)) and /etc/sysctl.conf.
 * @module
 */
import { profileToStatements } from '#core/profile/commands.ts';
import type { Profile } from '#core/profile/profile.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { fixedReqidSetting, ifconfigLines, netbsdRouteCommands, usesReqids } from './bsd-commands.ts';
import {
  headerLines,
  keyPresence,
  keysOrZeros,
  requireOuter,
  spellSuite,
  toText,
  unsupported,
  type ExportedFile,
  type Exporter,
} from './export-source.ts';
import { netbsdReqids } from './fixed-reqid.ts';

const system = 'NetBSD';

/** Three to five files below /etc. */
export const exportNetbsd: Exporter = (source) => {
  const { profile, secrets } = source;
  const outer = requireOuter(source, system);
  if (profile.keys.hasEsn) throw unsupported('keys.hasEsn', `${system} has no extended sequence numbers`);
  const { interface: name } = profile;
  // The registry's own names are NetBSD's: what matters is that it has them.
  spellSuite(profile, 'netbsd', system);
  const statements = profileToStatements(profile, keysOrZeros(source), outer, netbsdReqids(profile));
  const words = ifconfigLines(profile, outer).map((line) => line.slice(name.length + 1));
  const files: ExportedFile[] = [
    file(`etc/ifconfig.${name}`, [
      ...headerLines(
        { ...source, notes: [...source.notes, ...encapsulationNotes(profile)] },
        `/etc/ifconfig.${name}`,
        'none',
      ),
      ...words,
    ]),
    {
      name: 'etc/ipsec.conf',
      text:
        toText(headerLines({ ...source, notes: [] }, '/etc/ipsec.conf', keyPresence(source))) +
        printStatements(statements, { withKeys: secrets !== null }),
      holdsKeys: secrets !== null,
    },
    file('etc/rc.conf', ['# Lines for /etc/rc.conf', 'ipsec=YES']),
  ];
  // rc.d/staticroute puts "route add -" before each line.
  const routes = netbsdRouteCommands(profile).map((command) => command.replace(/^route add -/, ''));
  if (routes.length > 0) files.push(file('etc/route.conf', ['# Lines for /etc/route.conf', ...routes]));
  if (usesReqids(profile)) {
    files.push(
      file('etc/sysctl.conf', ['# Lines for /etc/sysctl.conf: what -u in ipsec.conf relies on', fixedReqidSetting]),
    );
  }
  return files;
};

/** NetBSD takes ESP out of UDP only on a socket that asks for it (UDP_ENCAP), which an IKE daemon has open. */
function encapsulationNotes({ flags }: Profile): string[] {
  return flags.link0 ? ['NetBSD takes ESP out of UDP only where an IKE daemon (racoon) has the port open.'] : [];
}

function file(name: string, lines: readonly string[]): ExportedFile {
  return { name, text: toText(lines), holdsKeys: false };
}
