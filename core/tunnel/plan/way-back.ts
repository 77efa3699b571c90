/**
 * The way back from a change: what the change touched, as it was before. Everything else, and whatever comes to be in
 * between, is left alone. Keys are copies, for the SAD wipes its own.
 * @module
 */
import { KeyMaterial } from '#core/crypto/key-material.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { AssociationUsage, SecurityAssociation } from '#core/sad/security-association.ts';
import {
  type DesiredAssociation,
  type DesiredInterface,
  type DesiredState,
  type HeldByProfiles,
} from './desired-state.ts';
import { reqidsOf } from './interface-difference.ts';
import type { MachineState } from './machine-state.ts';
import type { Plan } from './plan.ts';

/** More than an association sends between the moment its number is read and the moment the workers let go of it. */
const sequenceMargin = 65_536;
/** More than one sends within the hour that a change may wait, at some thousand packets a second. */
const unknownMargin = 16_777_216;
const lastSequence = 0xffffffff;
const nowhere = { file: '', line: 1, column: 1 };

/** What leads back to `before` after `plan` was carried out. */
export function wayBack(before: MachineState, plan: Plan, usageOf: (slot: number) => AssociationUsage): DesiredState {
  const names = plan.interfaces.map(({ name }) => name);
  const touched = plan.associations.map(({ key }) => key);
  const locals = new Set([...before.interfaces.values()].map(({ outer }) => outer?.local));
  const interfaces = names.flatMap((name) => before.interfaces.get(name) ?? []).map(toInterface);
  const associations = touched
    .flatMap((key) => before.associations.get(key) ?? [])
    .map((each) => toAssociation(each, resumption(each, usageOf(each.slot), locals.has(each.source))));
  const hasPolicies = plan.policies.some(({ origin }) => origin === 'user');
  const users = [...before.policies.values()].filter(({ origin }) => origin === 'user');
  return {
    ...{ interfaces, associations, notes: [] },
    policies: hasPolicies ? users.map((spec) => ({ spec, at: nowhere })) : [],
    gone: {
      interfaces: new Set(names.filter((name) => !before.interfaces.has(name))),
      associations: new Set(touched.filter((key) => !before.associations.has(key))),
      policies: hasPolicies ? 'all' : 'none',
    },
  };
}

/**
 * All of `before` but what profiles hold, for a machine that has forgotten it. Sequence numbers go on further behind:
 * nobody knows how far an association has come since.
 */
export function wholeWayBack(
  before: MachineState,
  held: HeldByProfiles,
  usageOf: (slot: number) => AssociationUsage,
): DesiredState {
  const records = [...before.interfaces.values()];
  const locals = new Set(records.map(({ outer }) => outer?.local));
  const users = [...before.policies.values()].filter(({ origin }) => origin === 'user');
  return {
    interfaces: records.filter(({ name }) => !held.interfaces.has(name)).map(toInterface),
    associations: [...before.associations.values()]
      .filter(({ id, state }) => !held.associations.has(id) && state !== 'larval' && state !== 'dead')
      .map((each) => {
        const usage = usageOf(each.slot);
        return toAssociation(each, resumption(each, usage, locals.has(each.source), unknownMargin));
      }),
    policies: users.map((spec) => ({ spec, at: nowhere })),
    gone: { interfaces: new Set(), associations: new Set(), policies: 'all' },
    notes: [],
  };
}

/** Without what profiles hold by now. */
export function withoutHeld(desired: DesiredState, held: HeldByProfiles): DesiredState {
  return { ...desired, interfaces: desired.interfaces.filter(({ name }) => !held.interfaces.has(name)) };
}

/** Overwrite the keys of a state that is no longer needed. */
export function forgetKeys({ associations }: DesiredState): void {
  for (const { spec } of associations) {
    spec.encryptionKey.wipe();
    spec.integrityKey?.wipe();
  }
}

function toInterface({ name, flags, options, mtu, outer, addresses, policies }: Interface): DesiredInterface {
  return { name, flags, options, mtu, outer, addresses, routes: [], reqids: reqidsOf(policies), at: nowhere };
}

function toAssociation(association: SecurityAssociation, resumeAt: number): DesiredAssociation {
  const { encryptionKey, integrityKey } = association;
  const spec = {
    ...association,
    encryptionKey: new KeyMaterial(encryptionKey.reveal()),
    integrityKey: integrityKey === null ? null : new KeyMaterial(integrityKey.reveal()),
  };
  return { spec, owner: null, resumeAt, at: nowhere };
}

/** Receiving goes on at the highest number that came; sending well behind the last one that went. */
function resumption(
  { hasEsn }: SecurityAssociation,
  { sequence }: AssociationUsage,
  isOutbound: boolean,
  margin = sequenceMargin,
): number {
  if (!isOutbound || sequence === 0) return sequence;
  if (hasEsn) return sequence + margin;
  // Half of what is left, where that is less: an association that is used up carries nothing at all.
  const half = Math.ceil((lastSequence - sequence) / 2);
  return Math.min(sequence + Math.min(margin, Math.max(sequenceMargin, half)), lastSequence);
}
