/**
 * Rows of a preview: what becomes of policies and associations when a change is made, in setkey's words.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { actionWords, requestText, selectorText } from '#core/setkey/dump.ts';
import { deletionOrder, type GeneratedPolicies } from '#core/ipsecif/generated-policy.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import type { PolicySpec, SecurityPolicy } from '#core/spd/security-policy.ts';
import { selectorKey } from '#core/spd/selector.ts';
import type { Fate } from './preview-words.ts';

/** A policy: `before` and `after` are what it does, null where there is none. */
export type PolicyRow = {
  fate: Fate;
  direction: 'in' | 'out';
  selector: string;
  before: string | null;
  after: string | null;
};

/** An association and whether the interface uses it. */
export type AssociationRow = { fate: Fate; direction: 'in' | 'out'; spi: number; text: string };

/** An association of one direction that an interface uses. */
export type UsedAssociation = {
  readonly direction: 'in' | 'out';
  readonly association: AssociationSpec & { readonly id: number };
};

/** What a policy does: `esp/transport//unique#16385`, `none` or `discard`. */
export function policyText({ action, requests }: Pick<PolicySpec, 'action' | 'requests'>): string {
  const [request] = requests;
  return request === undefined ? actionWords[action] : requestText(request);
}

/** Who an association is to setkey: `192.0.2.1 192.0.2.2 esp 0x00001000`. */
export function associationText({ source, destination, protocol, spi }: AssociationSpec): string {
  return `${source} ${destination} ${protocol} ${formatSpi(spi)}`;
}

/** `isDrawn`: reqids of new policies are drawn when they are made, so that no number can be told yet. */
export function comparePolicies(
  before: GeneratedPolicies | null,
  after: GeneratedPolicies | null,
  isDrawn: boolean,
): PolicyRow[] {
  const old = new Map(listOf(before).map((policy) => [keyOf(policy), policy]));
  const gone = new Map(old);
  const rows = listOf(after).map((policy) => {
    const former = old.get(keyOf(policy));
    gone.delete(keyOf(policy));
    return toRow(policy, former ?? null, policy, isDrawn);
  });
  return [...[...gone.values()].map((policy) => toRow(policy, policy, null, isDrawn)), ...rows];
}

/** A row for each association that is used before or after. */
export function compareAssociations(
  before: readonly UsedAssociation[],
  after: readonly UsedAssociation[],
): AssociationRow[] {
  const former = new Set(before.map(({ association }) => association.id));
  const next = new Set(after.map(({ association }) => association.id));
  const rowOf = ({ direction, association }: UsedAssociation, fate: Fate): AssociationRow => ({
    ...{ fate, direction, spi: association.spi },
    text: associationText(association),
  });
  return [
    ...before.map((used) => rowOf(used, next.has(used.association.id) ? 'stays' : 'goes')),
    ...after.filter(({ association }) => !former.has(association.id)).map((used) => rowOf(used, 'appears')),
  ];
}

/** A policy that is only planned. */
export function plannedRow(policy: PolicySpec): PolicyRow {
  const { direction, selector } = policy;
  return { fate: 'appears', direction, selector: selectorText(selector), before: null, after: policyText(policy) };
}

function toRow(
  { direction, selector }: PolicySpec,
  before: SecurityPolicy | null,
  after: SecurityPolicy | null,
  isDrawn: boolean,
): PolicyRow {
  const fate = before === null ? 'appears' : after === null ? 'goes' : before.spid === after.spid ? 'stays' : 'changes';
  const shown = after === null || fate === 'stays' || !isDrawn ? after : withoutReqid(after);
  return {
    ...{ fate, direction, selector: selectorText(selector) },
    before: before === null ? null : policyText(before),
    after: shown === null ? null : policyText(shown),
  };
}

function withoutReqid(policy: SecurityPolicy): SecurityPolicy {
  return { ...policy, requests: policy.requests.map((request) => ({ ...request, reqid: 0 })) };
}

function keyOf({ direction, selector }: PolicySpec): string {
  return `${direction} ${selectorKey(selector)}`;
}

function listOf(policies: GeneratedPolicies | null): SecurityPolicy[] {
  return policies === null ? [] : deletionOrder(policies);
}
