/**
 * Ifconfig text for the rules: it is carried out on interfaces that exist only here, so what `ifconfig` would refuse is
 * found by the code that refuses it.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { applyChange } from '#core/ifconfig/apply.ts';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import type { IfconfigLine, IfconfigStatement } from '#core/ifconfig/syntax.ts';
import type { NamedText } from '#core/profile/import/text-kind.ts';
import { finding, type Place } from './finding.ts';
import { innerPrefix, type LintInput, type LintNetwork } from './lint-input.ts';

/** Networks that a file leaves behind, by interface and address. */
type Networks = Map<string, Map<string, LintNetwork>>;

/** Read one file; `owner` is the interface that its name says, for lines that name none. */
export function readIfconfigFile({ name: file, text }: NamedText, owner: string | null, input: LintInput): void {
  const { lines, errors } = parseIfconfig(text);
  for (const { line, column, message, hint } of errors) {
    input.findings.push(finding('TEXT_SYNTAX', { file, line, column }, message, { fix: hint }));
  }
  const networks: Networks = new Map();
  let isNameless = false;
  for (const line of lines) {
    const name = lineName(line, owner);
    if (name !== null) readLine(line, name, file, input, networks);
    // Once is enough: the name that is missing is the file's.
    else if (!isNameless) isNameless = refuseNameless({ file, ...line.position }, input);
  }
  for (const each of networks.values()) for (const network of each.values()) input.networks.push(network);
}

/** The interface that a line is about; null where neither line nor file says it. */
function lineName(line: IfconfigLine, owner: string | null): string | null {
  return line.kind === 'statements' ? (line.name ?? owner) : '';
}

function refuseNameless(place: Place, { findings }: LintInput): true {
  const fix = 'Name the file ifconfig.ipsecN, or begin each line with ifconfig ipsecN.';
  findings.push(finding('TEXT_REFUSED', place, 'the line names no interface', { fix }));
  return true;
}

function readLine(line: IfconfigLine, name: string, file: string, input: LintInput, networks: Networks): void {
  if (line.kind === 'blank') return;
  const place = { file, ...line.position };
  if (line.kind === 'shell') {
    input.findings.push(finding('TEXT_IGNORED', place, 'culvertd runs no shell, so a "!" line is not carried out'));
    return;
  }
  for (const statement of line.statements) carryOut(name, statement, { file, ...statement.position }, input, networks);
}

function carryOut(
  name: string,
  statement: IfconfigStatement,
  place: Place,
  { ipsecif, interfacePlaces, findings }: LintInput,
  networks: Networks,
): void {
  try {
    applyChange(ipsecif, name, statement);
    if (statement.kind === 'tunnel' || !interfacePlaces.has(name)) interfacePlaces.set(name, place);
    keepNetwork(name, statement, place, networks);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    findings.push(finding('TEXT_REFUSED', place, error.message, { fix: error.hint }));
  }
}

/** An address that a later statement takes away, alone or with its interface, claims no network. */
function keepNetwork(name: string, statement: IfconfigStatement, place: Place, networks: Networks): void {
  if (statement.kind === 'destroy') networks.delete(name);
  if (statement.kind === 'delete') networks.get(name)?.delete(statement.address);
  if (statement.kind !== 'address') return;
  const own = networks.get(name) ?? new Map<string, LintNetwork>();
  networks.set(name, own.set(statement.address, { place, interface: name, prefix: innerPrefix(statement) }));
}
