/**
 * Compares a machine with what it should be, and gives the steps between the two (step.ts).
 * @module
 */
import { equalBytes } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { AssociationSpec, SecurityAssociation } from '#core/sad/security-association.ts';
import { selectorKey } from '#core/spd/selector.ts';
import type { PolicySpec, SecurityPolicy } from '#core/spd/security-policy.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import { selectAssociations } from '#core/tunnel/selected-associations.ts';
import { reqidOf } from '#core/tunnel/tunnel-setup.ts';
import { associationKey, type DesiredAssociation, type DesiredState, type HeldByProfiles } from './desired-state.ts';
import { interfaceSteps } from './interface-difference.ts';
import type { Step } from './step.ts';

/**
 * The steps. `held` is left alone.
 * @throws {IpsecError} `PLAN_HELD` where the files declare an interface that a profile holds.
 */
export function reconcile(databases: Databases, desired: DesiredState, held: HeldByProfiles): Step[] {
  for (const { name } of desired.interfaces) {
    if (held.interfaces.has(name))
      throw new IpsecError('PLAN_HELD', `${name} belongs to a profile that is up`, { name });
  }
  const associations = associationSteps(databases, desired, held);
  const policies = policySteps(databases, desired);
  const interfaces = interfaceSteps([...databases.ipsecif.list()], desired, held.interfaces);
  // What goes makes room first; associations come last, for their reqids may be those of new policies.
  return [
    ...associations.gone,
    ...policies.gone,
    ...interfaces.changed,
    ...policies.added,
    ...associations.added,
    ...interfaces.routes,
  ];
}

type Split = { readonly gone: Step[]; readonly added: Step[] };

function associationSteps({ sad, ipsecif }: Databases, desired: DesiredState, held: HeldByProfiles): Split {
  const interfaces = new Map([...ipsecif.list()].map((record) => [record.name, record]));
  const declared = new Map(desired.associations.map((entry) => [associationKey(entry.spec), entry]));
  const present = new Map([...sad.all()].map((association) => [associationKey(association), association]));
  const { associations: leaving } = desired.gone;
  const owned = ownedBy(desired, sad, interfaces);
  const gone = [...present].flatMap(([key, association]): Step[] => {
    const isReplaced = declared.has(key) && declared.get(key)?.spec.source !== association.source;
    const isLeaving = leaving === 'all' || leaving.has(key) || owned.has(association.id);
    const isKept = declared.has(key) || !isLeaving || held.associations.has(association.id);
    if (isKept && !isReplaced) return [];
    return [{ kind: 'removeAssociation', association, at: null }];
  });
  const added = [...declared].flatMap(([key, entry]): Step[] => {
    const old = present.get(key);
    if (old === undefined || old.source !== entry.spec.source) {
      return [{ kind: 'addAssociation', desired: entry, at: entry.at }];
    }
    return isSame(old, entry, interfaces) ? [] : [{ kind: 'updateAssociation', desired: entry, at: entry.at }];
  });
  return { gone, added };
}

/** What the interfaces that profiles declare use now: that is theirs to replace. */
function ownedBy(
  { associations }: DesiredState,
  sad: Databases['sad'],
  interfaces: ReadonlyMap<string, Interface>,
): Set<number> {
  const names = new Set(associations.flatMap(({ owner }) => (owner === null ? [] : [owner.interface])));
  return new Set(
    [...names].flatMap((name) => {
      const record = interfaces.get(name);
      if (record === undefined) return [];
      const { inbound, outbound } = selectAssociations(record, sad);
      return [...inbound, ...outbound].map(({ id }) => id);
    }),
  );
}

/** Whether nothing about an association would change: then it is not touched. */
function isSame(
  old: SecurityAssociation,
  { spec, owner }: DesiredAssociation,
  interfaces: ReadonlyMap<string, Interface>,
): boolean {
  const record = owner === null ? undefined : interfaces.get(owner.interface);
  const reqid = owner === null ? spec.reqid : record === undefined ? -1 : reqidOf(owner, record);
  return (
    old.reqid === reqid &&
    plainOf(old) === plainOf(spec) &&
    sameKey(old.encryptionKey, spec.encryptionKey) &&
    sameKey(old.integrityKey, spec.integrityKey)
  );
}

/** All of an association but its keys and its reqid, as text. */
function plainOf(spec: AssociationSpec): string {
  const { source, destination, protocol, ports, natOriginal, fragmentBytes, spi, mode, replayBytes, padding } = spec;
  const { isCyclic, hasEsn, encryption, integrity, lifetimes, selectors } = spec;
  const { soft, hard } = lifetimes;
  const limits = [soft, hard].map(({ addSeconds, useSeconds, bytes, packets }) => [
    addSeconds,
    useSeconds,
    bytes,
    packets,
  ]);
  return JSON.stringify([
    ...[source, destination, protocol, ports?.source ?? null, ports?.destination ?? null, natOriginal ?? null],
    ...[fragmentBytes ?? 0, spi, mode, replayBytes, padding, isCyclic, hasEsn, encryption, integrity, limits],
    selectors ?? null,
  ]);
}

function sameKey(left: KeyMaterial | null, right: KeyMaterial | null): boolean {
  const [one, other] = [left?.reveal() ?? new Uint8Array(0), right?.reveal() ?? new Uint8Array(0)];
  return equalBytes(one, other);
}

/** The SPD is ordered: what stands behind the first difference of a direction goes, and comes again in the right order. */
function policySteps({ spd }: Databases, { policies, gone: { policies: leaving } }: DesiredState): Split {
  const split: Split = { gone: [], added: [] };
  if (leaving === 'none') return split;
  const users = spd.list().filter(({ origin }) => origin === 'user');
  for (const direction of ['in', 'out'] as const) {
    const present = users.filter((policy) => policy.direction === direction);
    const wanted = policies.filter(({ spec }) => spec.direction === direction);
    let same = 0;
    while (same < present.length && same < wanted.length && isSamePolicy(present[same], wanted[same]?.spec)) same++;
    for (const policy of present.slice(same)) split.gone.push({ kind: 'removePolicy', policy, at: null });
    for (const desired of wanted.slice(same)) split.added.push({ kind: 'addPolicy', desired, at: desired.at });
  }
  return split;
}

/** A reqid that the system drew is as good as the one that another SPD would draw. */
function isSamePolicy(present: SecurityPolicy | undefined, wanted: PolicySpec | undefined): boolean {
  return present !== undefined && wanted !== undefined && policyPlain(present) === policyPlain(wanted);
}

function policyPlain({ selector, action, requests }: PolicySpec): string {
  const levels = requests.map(({ level, reqid }) => [level, reqid > lastManualReqid ? 0 : reqid]);
  return JSON.stringify([selectorKey(selector), action, levels]);
}

/** key.c: IPSEC_MANUAL_REQID_MAX. */
const lastManualReqid = 0x3fff;
