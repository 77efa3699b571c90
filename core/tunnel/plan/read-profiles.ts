/**
 * Profiles to interfaces and associations as they should be. Names are not looked up for a plan: a profile has to say
 * addresses, and its keys.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { innerAddresses, interfaceOptions, literalPair, prefixesOf } from '#core/profile/profile-check.ts';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import type { DeclaredAt, DesiredAssociation, DesiredInterface } from './desired-state.ts';
import { problemOf } from './file-problem.ts';
import type { ReadSurroundings } from './read-interfaces.ts';

/** What profiles declare. */
export type DeclaredTunnels = {
  readonly interfaces: DesiredInterface[];
  readonly associations: DesiredAssociation[];
};

/** Read them. */
export function readProfiles(files: readonly NamedText[], { problems }: ReadSurroundings): DeclaredTunnels {
  const declared: DeclaredTunnels = { interfaces: [], associations: [] };
  for (const { name: file, text } of files) {
    const at = { file, line: 1, column: 1 };
    try {
      readOne(text, at, declared);
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      problems.push(problemOf(error, at));
    }
  }
  return declared;
}

function readOne(text: string, at: DeclaredAt, { interfaces, associations }: DeclaredTunnels): void {
  const { profile, secrets } = readProfileText(text);
  const outer = literalPair(profile);
  if (outer === null) {
    throw new IpsecError('PLAN_FORMAT', 'the profile names its ends by name: bring it up with culvert up instead');
  }
  if (secrets === null) throw new IpsecError('PLAN_FORMAT', 'the keys of the profile are left out');
  const { interface: name, mtu } = profile;
  interfaces.push({
    ...{ name, mtu, outer, reqids: null, at },
    flags: { ...profile.flags, isUp: true },
    options: interfaceOptions(profile),
    addresses: innerAddresses(profile),
    routes: prefixesOf(profile, 'routes'),
  });
  for (const { direction, carries, spec } of manualAssociations(profile, secrets, outer)) {
    associations.push({ spec, owner: { interface: name, direction, carries }, resumeAt: 0, at });
  }
}
