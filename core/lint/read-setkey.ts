/**
 * Setkey text for the rules: what would be refused and what deserves a warning anyway comes from setkey's own checks;
 * what stays is associations and policies in the order of the text, as `flush`, `delete` and the like of the
 * same file leave them.
 * @module
 */
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { toAssociationSpec } from '#core/setkey/association-spec.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { toPolicySpec, toSelector, toDirection } from '#core/setkey/policy-spec.ts';
import { checkStatement } from '#core/setkey/statement-check.ts';
import { statementWarnings, type StatementWarning } from '#core/setkey/statement-warning.ts';
import type { Position, Statement } from '#core/setkey/syntax.ts';
import { selectorKey } from '#core/spd/selector.ts';
import { finding, type Place } from './finding.ts';
import type { FindingCode } from './finding-registry.ts';
import type { LintAssociation, LintInput, LintPolicy } from './lint-input.ts';

/** Setkey's warnings as findings; a mode where none is needed is for setkey to say. */
const warningCodes: Readonly<Record<StatementWarning['code'], FindingCode | null>> = {
  SETKEY_COUNTER_KEY: 'KEY_COUNTER_BY_HAND',
  SETKEY_ESN_REPLAY: 'REPLAY_UNCHECKED_ESN',
  SETKEY_ODD_KEY: 'KEY_ODD_DIGITS',
  SETKEY_MODE_OBSOLETE: null,
};

/** Read one file. Its keys stay in `input` until that is forgotten. */
export function readSetkeyFile({ name, text }: NamedText, input: LintInput): void {
  const { statements, errors } = parseSetkey(text);
  const at = ({ line, column }: Position): Place => ({ file: name, line, column });
  for (const error of errors) {
    input.findings.push(finding('TEXT_SYNTAX', at(error), error.message, { fix: error.hint }));
  }
  for (const { code, position, message } of statementWarnings(statements)) {
    const known = warningCodes[code];
    if (known !== null) input.findings.push(finding(known, at(position), message));
  }
  const declared = new Declared();
  for (const statement of statements) {
    const refusal = checkStatement(statement);
    if (refusal === null) declared.take(statement, at(statement.position));
    else {
      const position = { line: Number(refusal.details['line']), column: Number(refusal.details['column']) };
      input.findings.push(finding('TEXT_REFUSED', at(position), refusal.message, { fix: refusal.hint }));
    }
  }
  const { associations, policies } = input;
  for (const association of declared.associations.list()) associations.push(association);
  for (const policy of declared.policies.list()) policies.push(policy);
}

/** What a text has declared so far, by what statements name: each of them costs what it names, not what there is. */
class Declared {
  readonly associations = new NamedSet<LintAssociation>();
  readonly policies = new NamedSet<LintPolicy>();

  take(statement: Statement, place: Place): void {
    switch (statement.kind) {
      case 'add':
      case 'update': {
        const spec = toAssociationSpec(statement);
        const names = [nameOf(spec.destination, spec.spi), pairOf(spec)];
        if (statement.kind === 'update') this.associations.remove(nameOf(spec.destination, spec.spi));
        return this.associations.add({ place, spec, owner: null, hasKeys: true }, names);
      }
      case 'flush':
        return this.associations.clear();
      case 'delete':
        return this.associations.remove(nameOf(statement.destination.address, statement.spi));
      case 'deleteall':
        return this.associations.remove(pairOf(statement));
      case 'spdadd':
      case 'spdupdate':
      case 'spddelete': {
        const key = `${toDirection(statement.policy.direction)} ${selectorKey(toSelector(statement))}`;
        if (statement.kind !== 'spdadd') this.policies.remove(key);
        if (statement.kind !== 'spddelete') this.policies.add({ place, spec: toPolicySpec(statement) }, [key]);
        return;
      }
      case 'spdflush':
        return this.policies.clear();
      case 'get':
      case 'dump':
      case 'spddump':
      case 'exit':
      case 'tagged':
      // Dumps and the end of the text change nothing; tagged policies were refused.
    }
  }
}

/** Entries in order, each under some names. */
class NamedSet<T> {
  readonly #entries = new Set<T>();
  readonly #byName = new Map<string, T[]>();

  add(entry: T, names: readonly string[]): void {
    this.#entries.add(entry);
    for (const name of names) {
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [entry]);
      else known.push(entry);
    }
  }

  remove(name: string): void {
    for (const entry of this.#byName.get(name) ?? []) this.#entries.delete(entry);
    this.#byName.delete(name);
  }

  clear(): void {
    this.#entries.clear();
    this.#byName.clear();
  }

  list(): Iterable<T> {
    return this.#entries;
  }
}

function nameOf(destination: string, spi: number): string {
  return `${destination} ${spi}`;
}

function pairOf({ source, destination }: { readonly source: string; readonly destination: string }): string {
  return `${source} to ${destination}`;
}
