/**
 * The steps between interfaces as they are and as they should be.
 * @module
 */
import { initialFlags } from '#core/ipsecif/flags.ts';
import type { GeneratedPolicies, GeneratedReqids } from '#core/ipsecif/generated-policy.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import { initialOptions, type InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { defaultMtu } from '#core/ipsecif/mtu.ts';
import { isSamePair, pairKey } from '#core/ipsecif/outer-pair.ts';
import { policyReqid } from '#core/tunnel/interface-plan.ts';
import type { DesiredInterface, DesiredState } from './desired-state.ts';
import type { Step, StepAction } from './step.ts';

/** Steps that change interfaces, and steps that add routes, for when the interfaces are done. */
export function interfaceSteps(
  present: readonly Interface[],
  desired: DesiredState,
  held: ReadonlySet<string>,
): { readonly changed: Step[]; readonly routes: Step[] } {
  const wanted = new Set(desired.interfaces.map(({ name }) => name));
  const byName = new Map(present.map((record) => [record.name, record]));
  const { interfaces: leaving } = desired.gone;
  const gone = present
    .filter(({ name }) => !wanted.has(name) && !held.has(name) && (leaving === 'all' || leaving.has(name)))
    .map(({ name }) => remove(name));
  const freed = desired.interfaces.flatMap((each) => freeTunnel(each, byName));
  const changed = desired.interfaces.flatMap((each) => changeInterface(byName.get(each.name) ?? null, each));
  const routes = desired.interfaces.flatMap(({ name, routes: destinations, at }) =>
    destinations.map((destination): Step => ({ kind: 'addRoute', name, destination, at })),
  );
  return { changed: [...gone, ...freed, ...changed], routes };
}

function remove(name: string): Step {
  return { kind: 'removeInterface', name, at: null };
}

/** Whether its policies are to be made anew. */
function isRemade(record: Interface, { outer, flags, reqids }: DesiredInterface): boolean {
  if (record.outer === null || outer === null) return record.outer !== outer;
  const keepsFlags = record.flags.link0 === flags.link0 && record.flags.link2 === flags.link2;
  const keepsReqids = reqids === null || isSameReqids(record.policies, reqids);
  return pairKey(record.outer) !== pairKey(outer) || !keepsFlags || !keepsReqids;
}

/** First of all, so that two interfaces may change places: none is in the way of another. */
function freeTunnel(desired: DesiredInterface, byName: ReadonlyMap<string, Interface>): Step[] {
  const record = byName.get(desired.name);
  const isFreed = record !== undefined && record.outer !== null && isRemade(record, desired);
  return isFreed ? [{ kind: 'deleteTunnel', name: desired.name, at: desired.at }] : [];
}

/** Ports need link0, so flags come before the tunnel; without one, no flag is refused. Up and down come last. */
function changeInterface(record: Interface | null, desired: DesiredInterface): Step[] {
  const { name, flags, mtu, outer, reqids, at } = desired;
  const { addresses } = desired;
  const before = record ?? fresh;
  const actions: StepAction[] = record === null ? [{ kind: 'createInterface', name }] : [];
  const isFreed = record !== null && isRemade(record, desired);
  const goneAddresses = before.addresses.filter((each) => !addresses.some((other) => isSameAddress(each, other)));
  for (const inner of goneAddresses) actions.push({ kind: 'removeAddress', name, inner });
  const { isUp, ...kept } = flags;
  const { isUp: wasUp, ...keptBefore } = before.flags;
  const setFlags: StepAction[] = isEqual(kept, keptBefore) ? [] : [{ kind: 'setFlags', name, flags: kept }];
  const isSameOuter = outer !== null && before.outer !== null && !isFreed && isSamePair(before.outer, outer);
  const setTunnel: StepAction[] = outer === null || isSameOuter ? [] : [{ kind: 'setTunnel', name, outer, reqids }];
  actions.push(...setFlags, ...optionSteps(before.options, desired), ...setTunnel);
  if (mtu !== before.mtu) actions.push({ kind: 'setMtu', name, mtu });
  const newAddresses = addresses.filter((each) => !before.addresses.some((other) => isSameAddress(each, other)));
  for (const inner of newAddresses) actions.push({ kind: 'addAddress', name, inner });
  const isUpNow = newAddresses.length > 0 || wasUp;
  if (isUp !== isUpNow) actions.push({ kind: 'setFlags', name, flags: { isUp } });
  return actions.map((action) => ({ ...action, at }));
}

const fresh = {
  ...{ flags: initialFlags, options: initialOptions, mtu: defaultMtu },
  ...{ outer: null, addresses: [] as readonly InnerAddress[] },
};

function optionSteps(before: InterfaceOptions, { name, options }: DesiredInterface): StepAction[] {
  return options === null || isEqual(options, before) ? [] : [{ kind: 'setOptions', name, options }];
}

function isSameAddress(left: InnerAddress, right: InnerAddress): boolean {
  return left.address === right.address && left.prefixLength === right.prefixLength && left.peer === right.peer;
}

function isEqual<T extends object>(left: T, right: T): boolean {
  return (Object.keys(left) as (keyof T)[]).every((key) => left[key] === right[key]);
}

/** The reqids of an interface's policies; null while it has none. */
export function reqidsOf(policies: GeneratedPolicies | null): GeneratedReqids | null {
  if (policies === null) return null;
  const { in4, out4, in6, out6 } = policies;
  return { in4: policyReqid(in4), out4: policyReqid(out4), in6: policyReqid(in6), out6: policyReqid(out6) };
}

function isSameReqids(policies: GeneratedPolicies | null, wanted: GeneratedReqids): boolean {
  const present = reqidsOf(policies);
  return present !== null && isEqual(present, wanted);
}
