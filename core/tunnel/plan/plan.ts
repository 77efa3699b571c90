/**
 * A plan: what becomes of interfaces, associations and policies when a machine goes from one state to another, and which
 * tunnels drop packets then. Pure, and no key is in it.
 * @module
 */
import { flagNames } from '#core/ipsecif/flags.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { tunnelWords } from '#core/profile/commands.ts';
import { isSameSuite } from '#core/sad/sad.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import { selectorText } from '#core/setkey/dump.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import { associationText, policyText } from '#core/tunnel/preview/preview-row.ts';
import { associationChanges } from './association-change.ts';
import { associationKey } from './desired-state.ts';
import type { DropForecast } from './drop-forecast.ts';
import type { MachineState } from './machine-state.ts';
import type { PlanFate } from './plan-word.ts';

/** One value that changes; null where there is none. */
export type ValueChange = { what: string; before: string | null; after: string | null };

/** A plan. */
export type Plan = {
  interfaces: { fate: PlanFate; name: string; changes: ValueChange[] }[];
  associations: {
    fate: PlanFate;
    /** Destination and SPI. */
    key: string;
    /** `192.0.2.1 192.0.2.2 esp 0x00001000`. */
    text: string;
    spi: number;
    changes: ValueChange[];
    /** Whether it goes on with its sequence numbers and IVs. */
    keepsSequence: boolean;
  }[];
  policies: {
    fate: PlanFate;
    origin: 'user' | 'interface';
    direction: 'in' | 'out';
    selector: string;
    before: string | null;
    after: string | null;
  }[];
  /** Tunnels that drop packets afterwards; `isNew` unless they do so already. */
  drops: (DropForecast & { isNew: boolean })[];
  /** How much stays as it is. */
  unchanged: { interfaces: number; associations: number; policies: number };
  /** What files say that is not carried out, a sentence each. */
  notes: string[];
};

/** Compare two states. */
export function comparePlan(before: MachineState, after: MachineState, notes: readonly string[] = []): Plan {
  const interfaces = interfaceRows(before, after);
  const associations = associationRows(before, after);
  const policies = policyRows(before, after);
  const count = (rows: readonly { fate: PlanFate }[], all: ReadonlyMap<string, unknown>): number =>
    all.size - rows.filter(({ fate }) => fate !== 'added').length;
  return {
    ...{ interfaces, associations, policies, drops: dropRows(before, after) },
    unchanged: {
      interfaces: count(interfaces, before.interfaces),
      associations: count(associations, before.associations),
      policies: count(policies, before.policies),
    },
    notes: [...notes],
  };
}

/** Names of both sides, those that go first. */
function pairUp<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): [T | null, T | null][] {
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, value]): [T, null] => [value, null]);
  return [...gone, ...[...after].map(([key, value]): [T | null, T] => [before.get(key) ?? null, value])];
}

function fateOf(before: unknown, after: unknown): PlanFate {
  return before === null ? 'added' : after === null ? 'removed' : 'changed';
}

function interfaceRows(before: MachineState, after: MachineState): Plan['interfaces'] {
  return pairUp(before.interfaces, after.interfaces).flatMap(([old, next]) => {
    const changes = valueChanges(old === null ? {} : interfaceValues(old), next === null ? {} : interfaceValues(next));
    const name = next?.name ?? old?.name ?? '';
    return changes.length === 0 ? [] : [{ fate: fateOf(old, next), name, changes }];
  });
}

function interfaceValues({ flags, mtu, outer, addresses, options }: Interface): Record<string, string> {
  return {
    flags: flagNames(flags, false).join(' ') || 'none',
    mtu: String(mtu),
    ...(outer === null ? {} : { tunnel: tunnelWords(outer).join(' ') }),
    ...(addresses.length === 0
      ? {}
      : {
          addresses: addresses
            .map(({ address, prefixLength, peer }) => `${address}/${prefixLength}${peer === null ? '' : ` ${peer}`}`)
            .join(', '),
        }),
    options: JSON.stringify(options),
  };
}

function valueChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): ValueChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((what) => before[what] !== after[what])
    .map((what) => ({ what, before: before[what] ?? null, after: after[what] ?? null }));
}

function associationRows(before: MachineState, after: MachineState): Plan['associations'] {
  return pairUp(before.associations, after.associations).flatMap(([old, next]) => {
    const shown = next ?? old;
    if (shown === null) return [];
    const changes = old === null || next === null ? [] : associationChanges(old, next);
    if (old !== null && next !== null && changes.length === 0) return [];
    return [{ ...rowOf(shown), fate: fateOf(old, next), changes, keepsSequence: keepsSequence(old, next) }];
  });
}

function rowOf(association: SecurityAssociation): Pick<Plan['associations'][number], 'key' | 'text' | 'spi'> {
  return { key: associationKey(association), text: associationText(association), spi: association.spi };
}

function keepsSequence(old: SecurityAssociation | null, next: SecurityAssociation | null): boolean {
  return old !== null && next !== null && old.source === next.source && isSameSuite(old, next);
}

function policyRows(before: MachineState, after: MachineState): Plan['policies'] {
  return pairUp(before.policies, after.policies).flatMap(([old, next]) => {
    const shown = next ?? old;
    if (shown === null) return [];
    const texts = { before: textOf(old), after: textOf(next) };
    if (texts.before === texts.after) return [];
    const { direction, selector, origin } = shown;
    const owner = origin === 'user' ? ('user' as const) : ('interface' as const);
    return [{ fate: fateOf(old, next), origin: owner, direction, selector: selectorText(selector), ...texts }];
  });
}

function textOf(policy: SecurityPolicy | null): string | null {
  return policy === null ? null : policyText(policy);
}

function dropRows(before: MachineState, after: MachineState): Plan['drops'] {
  const known = new Set(before.drops.map(dropKey));
  const lasting = after.drops.map((drop) => ({ ...drop, isNew: !known.has(dropKey(drop)) }));
  return [...removedRows(before, after), ...otherEndRows(before, after), ...lasting];
}

function dropKey({ interface: name, cause, direction, family }: DropForecast): string {
  return [name, cause, direction, family].join(' ');
}

function removedRows(before: MachineState, after: MachineState): Plan['drops'] {
  return [...before.interfaces.keys()]
    .filter((name) => !after.interfaces.has(name))
    .map((name) => ({
      ...{ interface: name, cause: 'removed', direction: 'both', family: null, isNew: true },
      why: `${name} is removed: what is routed into it has no way.`,
    }));
}

/** Another key, SPI or pair is of use only when the other end has it, too. */
function otherEndRows(before: MachineState, after: MachineState): Plan['drops'] {
  return [...after.interfaces.values()].flatMap((record): Plan['drops'] => {
    const { name, outer, flags } = record;
    const old = before.interfaces.get(name);
    if (outer === null || old?.outer == null || !flags.isUp) return [];
    const isMoved = old.outer.local !== outer.local || old.outer.peer !== outer.peer;
    const own = (state: MachineState): SecurityAssociation[] =>
      [...state.associations.values()].filter(
        ({ source, destination }) =>
          (source === outer.local && destination === outer.peer) ||
          (source === outer.peer && destination === outer.local),
      );
    const next = new Map(own(after).map((each) => [associationKey(each), each]));
    const isRekeyed = own(before).some((each) => !keepsSequence(each, next.get(associationKey(each)) ?? null));
    if (!isMoved && !isRekeyed) return [];
    const what = isMoved ? 'outer addresses' : 'associations';
    const why = `${name} has other ${what}: until the other end has them, too, packets are dropped.`;
    return [{ interface: name, cause: 'other-end', direction: 'both', family: null, why, isNew: true }];
  });
}
