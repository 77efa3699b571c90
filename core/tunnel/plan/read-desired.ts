/**
 * From files to a desired state: each is carried out on databases of its own, by the code that carries it out on a machine,
 * so what it means here is what it means there. All problems are told at once; with one, there is no state.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { initialSettings, type SystemSettings } from '#core/ipsecif/interface-options.ts';
import { foreignText } from '#core/profile/import/foreign-text.ts';
import { interfaceOfFile, separateFiles, textKindOf, type NamedText } from '#core/profile/import/text-kind.ts';
import { Databases } from '#core/tunnel/databases.ts';
import type { DesiredState } from './desired-state.ts';
import { problemOf, type FileProblem } from './file-problem.ts';
import { readIfconfigFiles, type IfconfigFile } from './read-interfaces.ts';
import { readProfiles } from './read-profiles.ts';
import { readStatements } from './read-statements.ts';

/** What files ask for, or what is wrong with them. */
export type ReadOutcome =
  | { readonly problems: readonly []; readonly desired: DesiredState }
  | { readonly problems: readonly FileProblem[]; readonly desired: null };

/** More than any machine has. */
const mostAssociations = 200_000;

/** Databases that files can be carried out on. Weak algorithms pass: whether they are allowed is the machine's to say. */
export function scratchDatabases(settings: SystemSettings = initialSettings): Databases {
  return new Databases({ limit: mostAssociations, allowWeak: true }, settings);
}

/** Read files together. */
export async function readDesired(
  files: readonly NamedText[],
  settings: SystemSettings = initialSettings,
): Promise<ReadOutcome> {
  const parts = separateFiles(files).map((file) => ({ ...file, kind: textKindOf(file) }));
  const problems: FileProblem[] = [];
  const notes: string[] = [];
  const of = (...kinds: readonly string[]): typeof parts => parts.filter(({ kind }) => kinds.includes(kind));
  const databases = scratchDatabases(settings);
  const around = { databases, problems, notes };
  const ifconfig: IfconfigFile[] = of('ifconfig').map((file) => ({ ...file, owner: interfaceOfFile(file.name) }));
  const declared = await readIfconfigFiles(ifconfig, around);
  const setkey = of('setkey');
  const statements = readStatements(setkey, around);
  const profiles = readProfiles(of('json', 'compact'), around);
  for (const { name, kind } of of('rc.conf', 'xfrm', 'swanctl')) {
    problems.push(problemOf(importFirst(kind), { file: name, line: 1, column: 1 }));
  }
  for (const { name, text } of of('foreign')) {
    const refusal = new IpsecError('PLAN_FORMAT', foreignText(text) ?? 'it is no configuration of IPsec');
    problems.push(problemOf(refusal, { file: name, line: 1, column: 1 }));
  }
  for (const { name } of of('sysctl', 'route.conf')) notes.push(`${name}: it is not part of a plan.`);
  if (problems.length > 0) return { problems, desired: null };
  const desired: DesiredState = {
    interfaces: [...declared, ...profiles.interfaces],
    associations: [...statements.associations, ...profiles.associations],
    policies: statements.policies,
    gone: {
      interfaces: ifconfig.length > 0 ? 'all' : new Set(),
      associations: setkey.length > 0 ? 'all' : new Set(),
      policies: setkey.length > 0 ? 'all' : 'none',
    },
    notes,
  };
  return { problems: [], desired };
}

function importFirst(kind: string): IpsecError {
  return new IpsecError('PLAN_FORMAT', `this looks like ${kind}, which becomes a profile first`);
}
