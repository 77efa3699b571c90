/**
 * Carries out one statement on SAD and SPD, by PF_KEY's verbs only. What goes wrong is an `IpsecError` whose details
 * hold `line` and `column` of the word at fault.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { assertNever } from '#core/base/invariant.ts';
import type { AssociationKey, Sad } from '#core/sad/sad.ts';
import type { AssociationUsage } from '#core/sad/security-association.ts';
import { parseSpi } from '#core/sad/spi.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import { selectorKey } from '#core/spd/selector.ts';
import type { Spd } from '#core/spd/spd.ts';
import { toAssociationProtocol, toAssociationSpec } from './association-spec.ts';
import { associationChange, associationDeleted, policyChange, type ChangeListener } from './database-change.ts';
import { dumpAssociations, dumpPolicies } from './dump.ts';
import { refuseTag, toDirection, toPolicySpec, toSelector } from './policy-spec.ts';
import { locateRefusal } from './refusal-place.ts';
import type { NameStatement, PolicyStatement, Statement, WholeStatement } from './syntax.ts';
import type { TimeFormatter } from './time-stamp.ts';

/** What statements work on. */
export type SetkeyContext = {
  readonly sad: Sad;
  readonly spd: Spd;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Process that asks; associations and policies keep it. */
  readonly pid: number;
  /** Use of the association with this counter slot. */
  readonly usageOf: (slot: number) => AssociationUsage;
  /** Whether `get` and `dump` show keys; default true, as setkey does. */
  readonly withKeys?: boolean;
  /** For dumps; default UTC. */
  readonly formatTime?: TimeFormatter;
  /** Told of each change that was carried out. */
  readonly onChange?: ChangeListener;
};

/**
 * Carry out `statement` whole or not at all. Returns what setkey prints for it: the text of `get`, `dump` and
 * `spddump`, and nothing for the others.
 * @throws {IpsecError} with `line` and `column`.
 */
export function execute(statement: Statement, context: SetkeyContext): string {
  try {
    return carryOut(statement, context);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    throw locateRefusal(statement, error);
  }
}

function carryOut(statement: Statement, context: SetkeyContext): string {
  const { sad, spd, now, pid } = context;
  const tell: ChangeListener = (change) => context.onChange?.(change);
  switch (statement.kind) {
    case 'add':
      tell(associationChange('add', sad.add(toAssociationSpec(statement), now, pid)));
      return '';
    case 'update':
      tell(associationChange('update', sad.update(toAssociationSpec(statement), now, pid)));
      return '';
    case 'get':
      return dumpAssociations([sad.get(toKey(statement))], dumpOptions(context));
    case 'delete': {
      const key = toKey(statement);
      sad.delete(key);
      tell(associationDeleted(key, key.spi));
      return '';
    }
    case 'deleteall': {
      const protocol = toAssociationProtocol(statement.protocol);
      if (protocol === null) return '';
      const pair = { source: statement.source, destination: statement.destination, protocol };
      sad.deleteAll(pair);
      tell(associationDeleted(pair, null));
      return '';
    }
    case 'flush':
      if (!coversEsp(statement)) return '';
      sad.flush();
      tell({ kind: 'flush', what: 'associations' });
      return '';
    case 'dump':
      if (!coversEsp(statement)) return dumpAssociations([], dumpOptions(context));
      return dumpAssociations(sad.list(), { ...dumpOptions(context), larvals: sad.larvals() });
    case 'spdadd':
      tell(policyChange('add', spd.add(toPolicySpec(statement), 'user', pid)));
      return '';
    case 'spdupdate':
      tell(policyChange('update', updatePolicy(statement, context)));
      return '';
    case 'spddelete':
      tell(policyChange('delete', spd.delete(toSelector(statement), toDirection(statement.policy.direction))));
      return '';
    case 'tagged':
      return refuseTag();
    case 'spdflush':
      spd.flush();
      tell({ kind: 'flush', what: 'policies' });
      return '';
    case 'spddump':
      return dumpPolicies(spd.list(), { pid });
    case 'exit':
      return '';
    default:
      return assertNever(statement);
  }
}

/** Put a policy in the place of the one with the same selector and direction, or add it (SADB_X_SPDUPDATE). */
function updatePolicy(statement: PolicyStatement, { spd, pid }: SetkeyContext): SecurityPolicy {
  const spec = toPolicySpec(statement);
  const key = selectorKey(spec.selector);
  const hasOld = spd
    .list()
    .some(({ direction, selector }) => direction === spec.direction && selectorKey(selector) === key);
  const mark = spd.mark();
  try {
    if (hasOld) spd.delete(spec.selector, spec.direction);
    const policy = spd.add(spec, 'user', pid);
    spd.commit(mark);
    return policy;
  } catch (error) {
    spd.rollback(mark);
    throw error;
  }
}

function toKey(statement: NameStatement): AssociationKey {
  const { source, destination, protocol: word, spi } = statement;
  const protocol = toAssociationProtocol(word);
  if (protocol === null)
    throw new IpsecError('SA_NOT_FOUND', `there are no ${word} associations`, { field: 'protocol' });
  return { source: source.address, destination: destination.address, protocol, spi: parseSpi(spi) };
}

/** `esp` and `esp-udp` are one PF_KEY type; of the others there are none. */
function coversEsp({ protocol }: WholeStatement): boolean {
  return protocol === null || toAssociationProtocol(protocol) !== null;
}

function dumpOptions(context: SetkeyContext): Parameters<typeof dumpAssociations>[1] {
  const { now, usageOf, pid, withKeys = true, formatTime } = context;
  return { now, usageOf, pid, withKeys, ...(formatTime === undefined ? {} : { formatTime }) };
}
