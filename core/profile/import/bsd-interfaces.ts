/**
 * Interfaces and routes from the texts of BSD systems: /etc/ifconfig.ipsecN and `ifconfig` commands, commands that stand as
 * comments in setkey text (`# ifconfig …`), and rc.conf(5) of FreeBSD and NetBSD. All of them end as lines of ifconfig's
 * language, which are carried out on interfaces that exist here only.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { applyChange } from '#core/ifconfig/apply.ts';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import { fixedReqid } from '#core/ipsecif/generated-policy.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { Spd } from '#core/spd/spd.ts';
import type { Findings, ImportedTunnel, Unmapped } from './imported.ts';
import { shownText } from './imported.ts';
import { settingsOfCommand, whyNotTaken } from './machine-setting.ts';
import { readRouteCommand, type RouteCommand } from './route-command.ts';

/** A command of a text. */
export type BsdCommand = {
  readonly file: string;
  readonly line: number;
  /** The interface that the text is about, for words without a name; null where each line names its own. */
  readonly owner: string | null;
  readonly text: string;
};

/** Collects commands, and gives the tunnels that they make. */
export class BsdInterfaces {
  readonly #ipsecif = new Ipsecif(new Spd());
  readonly #files = new Map<string, string>();
  readonly #routes: (RouteCommand & { readonly owner: string | null; readonly command: BsdCommand })[] = [];
  /** FreeBSD's if_ipsec(4) has one reqid for the interface. */
  readonly #sharedReqids = new Map<string, number>();
  readonly #unmapped: Unmapped[];

  constructor({ unmapped }: Findings) {
    this.#unmapped = unmapped;
  }

  /** Carry out one line of ifconfig's language. */
  ifconfig(command: BsdCommand): void {
    if (this.#tellSettings(command)) return;
    const { owner, text } = command;
    const name = owner ?? /\b(ipsec[0-9]+)\b/.exec(text)?.[1] ?? null;
    const { rest, reqid } = takeReqid(text);
    if (name !== null && reqid !== null) this.#sharedReqids.set(name, reqid);
    const { lines, errors } = parseIfconfig(rest);
    for (const { message } of errors) this.#tell(command, message);
    for (const line of lines) {
      if (line.kind === 'shell') this.command({ ...command, text: line.command });
      if (line.kind !== 'statements') continue;
      const target = line.name ?? owner;
      if (target === null) this.#tell(command, 'it names no interface');
      else for (const statement of line.statements) this.#apply(target, statement, command);
    }
  }

  /** A command of the shell: `route add …` is read, everything else is told. */
  command(command: BsdCommand): void {
    const route = readRouteCommand(command.text);
    if (route === null) this.#tell(command, 'it is no route that leads into a tunnel');
    else this.route(route, command.owner, command);
  }

  /** A route. */
  route(route: RouteCommand, owner: string | null, command: BsdCommand): void {
    this.#routes.push({ ...route, owner, command });
  }

  /** The tunnels; interfaces without outer addresses are told. `nameOf` gives what a person called a file. */
  tunnels(nameOf: (file: string) => string | null): ImportedTunnel[] {
    const records = [...this.#ipsecif.list()];
    const owners = this.#routes.map((route) => ({ route, name: ownerOf(route, records) }));
    for (const { route, name } of owners) {
      if (name === null) this.#tell(route.command, 'it leads through no interface of these files');
    }
    return records.flatMap((record): ImportedTunnel[] => {
      const { name, outer, flags, mtu, addresses } = record;
      const file = this.#files.get(name) ?? '';
      if (outer === null) {
        this.#unmapped.push({ file, line: 0, text: name, why: 'it has no outer addresses' });
        return [];
      }
      const { unnumbered, link0, link1, link2 } = flags;
      const shared = this.#sharedReqids.get(name) ?? null;
      return [
        {
          ...{
            name: nameOf(file),
            interface: name,
            file,
            outer,
            flags: { unnumbered, link0, link1, link2 },
            mtu,
            addresses,
          },
          routes: owners.filter((each) => each.name === name).map(({ route }) => route.destination),
          familyOf: (direction, reqid) => (shared === null ? familyOfReqid(record, direction, reqid) : null),
          takes: (reqid) => shared === null || reqid === shared,
        },
      ];
    });
  }

  #apply(name: string, statement: Parameters<typeof applyChange>[2], command: BsdCommand): void {
    try {
      applyChange(this.#ipsecif, name, statement);
      if (!this.#files.has(name)) this.#files.set(name, command.file);
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      this.#tell(command, error.message);
    }
  }

  /** Whether it sets something of the machine; no profile holds that. */
  #tellSettings(command: BsdCommand): boolean {
    const settings = settingsOfCommand(command.text);
    for (const setting of settings) {
      const why = whyNotTaken(setting);
      if (why !== null) this.#tell({ ...command, text: setting }, why);
    }
    return settings.length > 0;
  }

  #tell({ file, line, text }: BsdCommand, why: string): void {
    this.#unmapped.push({ file, line, text: shownText(text), why });
  }
}

/** `reqid N` of FreeBSD is no word of NetBSD's. */
function takeReqid(text: string): { readonly rest: string; readonly reqid: number | null } {
  const match = /\breqid\s+([0-9]{1,10})\b/.exec(text);
  return { rest: text.replace(/\breqid\s+[0-9]{1,10}\b/, ''), reqid: match === null ? null : Number(match[1]) };
}

function ownerOf(
  { through, owner }: RouteCommand & { readonly owner: string | null },
  records: readonly Interface[],
): string | null {
  const byWay = records.find(
    ({ name, addresses }) =>
      name === through || addresses.some(({ address, peer }) => address === through || peer === through),
  );
  return byWay?.name ?? (through === null || records.length === 1 ? (owner ?? records[0]?.name ?? null) : null);
}

/** Reqids drawn on a machine that has just started, or the fixed ones of the unit. */
function familyOfReqid({ policies, unit }: Interface, direction: 'in' | 'out', reqid: number): 'ipv4' | 'ipv6' | null {
  const own = direction === 'in' ? [policies?.in4, policies?.in6] : [policies?.out4, policies?.out6];
  for (const [index, family] of (['ipv4', 'ipv6'] as const).entries()) {
    const isDrawn = reqid !== 0 && own[index]?.requests[0]?.reqid === reqid;
    if (isDrawn || fixedOf(unit, family) === reqid) return family;
  }
  return null;
}

function fixedOf(unit: number, family: 'ipv4' | 'ipv6'): number | null {
  try {
    return fixedReqid(initialSettings.reqidBase, unit, family === 'ipv4' ? 'v4' : 'v6');
  } catch (error) {
    if (error instanceof IpsecError) return null;
    throw error;
  }
}
