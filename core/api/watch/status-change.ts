/**
 * What has changed between two readings of a status, and a reading with such changes applied. Pure, and each the
 * reverse of the other: the helper sends the first, whoever listens does the second.
 *
 * What did not change keeps its identity in the new reading, so that who draws it need not look into it.
 * @module
 */
import { given } from '#core/base/given.ts';
import { IpsecError } from '#core/base/error.ts';
import { isSameValue } from '#core/base/same-value.ts';
import type { z } from 'zod';
import { profileViewSchema } from '#core/api/profile-contract.ts';
import { associationSchema, interfaceSchema, policySchema } from './status-schema.ts';
import type { StatusChanges, StatusUpdate, Watched } from './watch-contract.ts';

type Listed = 'interfaces' | 'associations' | 'policies' | 'profiles';
const whole = ['settings', 'larvals', 'drops', 'setAside'] as const;

type Key = string | number;
type List<Item> = { readonly items: readonly Partial<Item>[]; readonly order: readonly Key[] | null };

/** What identifies an item, and how a new one is read: what came for it must be all of it. */
const lists = {
  interfaces: { key: 'name', item: interfaceSchema },
  associations: { key: 'id', item: associationSchema },
  policies: { key: 'spid', item: policySchema },
  profiles: { key: 'id', item: profileViewSchema },
} as const satisfies Record<Listed, { readonly key: string; readonly item: z.ZodType }>;
const listNames = Object.keys(lists) as Listed[];

/** What `now` has that `before` had not; null for nothing but the time. */
export function changesBetween(before: Watched, now: Watched): StatusChanges | null {
  const changes: Record<string, unknown> = {};
  for (const name of whole) if (!isSameValue(before[name], now[name])) changes[name] = now[name];
  for (const name of listNames) {
    const list = listChanges<object>(before[name], now[name], lists[name].key);
    if (list !== null) changes[name] = list;
  }
  return Object.keys(changes).length === 0 ? null : changes;
}

/** Whether an interface has counted something. */
export function hasTraffic({ interfaces }: StatusChanges): boolean {
  return interfaces?.items.some(({ counters }) => counters !== undefined) === true;
}

/**
 * `before` with what an update says.
 * @throws {IpsecError} `API_BAD_PARAMS` where it does not fit: it was not made for this one.
 */
export function applyUpdate(before: Watched, { changes, nowMs }: Pick<StatusUpdate, 'changes' | 'nowMs'>): Watched {
  const next: Record<string, unknown> = { ...before, nowMs };
  for (const name of whole) if (changes[name] !== undefined) next[name] = changes[name];
  for (const name of listNames) {
    const list = changes[name];
    if (list !== undefined) next[name] = applyList<object>(before[name], list, lists[name]);
  }
  return next as Watched;
}

function keyOf(item: object, key: string): Key {
  return (item as Readonly<Record<string, Key>>)[key] ?? '';
}

function listChanges<Item extends object>(
  before: readonly Item[],
  now: readonly Item[],
  key: string,
): List<Item> | null {
  const known = new Map(before.map((item) => [keyOf(item, key), item]));
  const items: Partial<Item>[] = [];
  for (const item of now) {
    const old = known.get(keyOf(item, key));
    const change = old === undefined ? item : itemChanges(old, item, key);
    if (change !== null) items.push(change);
  }
  const isReordered =
    before.length !== now.length || now.some((item, index) => keyOf(item, key) !== keyOf(before[index] ?? {}, key));
  if (items.length === 0 && !isReordered) return null;
  return { items, order: isReordered ? now.map((item) => keyOf(item, key)) : null };
}

/** The key with the fields that differ; null where none does. */
function itemChanges<Item extends object>(before: Item, now: Item, key: string): Partial<Item> | null {
  if (isSameValue(before, now)) return null;
  const old = before as Readonly<Record<string, unknown>>;
  const changed = Object.entries(now).filter(([name, value]) => !isSameValue(value, old[name]));
  return changed.length === 0 ? null : ({ [key]: keyOf(now, key), ...Object.fromEntries(changed) } as Partial<Item>);
}

function applyList<Item extends object>(
  before: readonly Item[],
  { items, order }: List<Item>,
  { key, item: schema }: { readonly key: string; readonly item: z.ZodType },
): Item[] {
  const known = new Map(before.map((item) => [keyOf(item, key), item]));
  for (const change of items) {
    const name = keyOf(change, key);
    const old = known.get(name);
    known.set(name, old === undefined ? (readItem(schema, change) as Item) : { ...old, ...given(change) });
  }
  return (order ?? before.map((item) => keyOf(item, key))).map((name) => known.get(name) ?? misfit());
}

function readItem(schema: z.ZodType, item: object): unknown {
  const read = schema.safeParse(item);
  return read.success ? read.data : misfit();
}

function misfit(): never {
  throw new IpsecError('API_BAD_PARAMS', 'an update of the status does not fit what is known', { field: 'changes' });
}
