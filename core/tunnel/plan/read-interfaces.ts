/**
 * Files of interfaces (/etc/ifconfig.ipsecN, or lines `ifconfig ipsecN …`) to interfaces as they should be. `!route add`
 * lines become routes; what else is for the shell is told.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import type { IfconfigLine, IfconfigStatement } from '#core/ifconfig/syntax.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import { readRouteCommand } from '#core/profile/import/route-command.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { changeInterface, drySteps } from '#core/tunnel/command/interface-steps.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import { Transaction } from '#core/tunnel/transaction.ts';
import type { DeclaredAt, DesiredInterface } from './desired-state.ts';
import { problemOf, type FileProblem } from './file-problem.ts';

/** A file; `owner` is the interface that its name says. */
export type IfconfigFile = NamedText & { readonly owner: string | null };

/** Where files are carried out, and where what is wrong is told. */
export type ReadSurroundings = {
  readonly databases: Databases;
  readonly problems: FileProblem[];
  readonly notes: string[];
};

type Declared = { readonly places: Map<string, DeclaredAt>; readonly routes: Map<string, IpPrefix[]> };

/** Read them, in order. */
export async function readIfconfigFiles(
  files: readonly IfconfigFile[],
  around: ReadSurroundings,
): Promise<DesiredInterface[]> {
  const declared: Declared = { places: new Map(), routes: new Map() };
  for (const file of files) {
    const { lines, errors } = parseIfconfig(file.text);
    for (const { line, column, message, hint } of errors) {
      around.problems.push({ file: file.name, line, column, message, hint });
    }
    for (const line of lines) await readLine(line, file, declared, around);
  }
  return [...around.databases.ipsecif.list()].map((record) => ({
    ...{ name: record.name, flags: record.flags, options: null, mtu: record.mtu, outer: record.outer, reqids: null },
    addresses: record.addresses,
    routes: declared.routes.get(record.name) ?? [],
    at: declared.places.get(record.name) ?? { file: '', line: 1, column: 1 },
  }));
}

async function readLine(
  line: IfconfigLine,
  { name: file, owner }: IfconfigFile,
  declared: Declared,
  around: ReadSurroundings,
): Promise<void> {
  if (line.kind === 'blank') return;
  const at = { file, ...line.position };
  if (line.kind === 'shell') return readShell(line.command, at, owner, declared, around);
  const name = line.name ?? owner;
  if (name === null) {
    const error = new IpsecError('IFCONFIG_TEXT', 'the line names no interface');
    return void around.problems.push(problemOf(error, at));
  }
  for (const statement of line.statements) {
    const place = { file, ...statement.position };
    if (!declared.places.has(name)) declared.places.set(name, place);
    try {
      await carryOut(name, statement, around.databases);
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      around.problems.push(problemOf(error, place));
    }
  }
}

/** An interface that no line creates is as good as created: a file may rely on one that is there. */
async function carryOut(name: string, statement: IfconfigStatement, { ipsecif }: Databases): Promise<void> {
  const isKnown = [...ipsecif.list()].some((record) => record.name === name);
  if (!isKnown && statement.kind !== 'create') ipsecif.create(name);
  if (statement.kind === 'destroy') ipsecif.destroy(name);
  else await changeInterface(name, statement, drySteps(ipsecif, new Transaction()));
}

function readShell(
  command: string,
  at: DeclaredAt,
  owner: string | null,
  { routes }: Declared,
  { notes }: ReadSurroundings,
): void {
  const route = readRouteCommand(command);
  if (route === null || owner === null) {
    notes.push(`${at.file}:${at.line}: culvertd runs no shell, so this "!" line is not carried out.`);
    return;
  }
  routes.set(owner, [...(routes.get(owner) ?? []), route.destination]);
}
