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
import { innerPrefix, type LintInput } from './lint-input.ts';

/** Read one file; `owner` is the interface that its name says, for lines that name none. */
export function readIfconfigFile({ name: file, text }: NamedText, owner: string | null, input: LintInput): void {
  const { lines, errors } = parseIfconfig(text);
  for (const { line, column, message, hint } of errors) {
    input.findings.push(finding('TEXT_SYNTAX', { file, line, column }, message, { fix: hint }));
  }
  for (const line of lines) readLine(line, file, owner, input);
}

function readLine(line: IfconfigLine, file: string, owner: string | null, input: LintInput): void {
  if (line.kind === 'blank') return;
  const place = { file, ...line.position };
  if (line.kind === 'shell') {
    input.findings.push(finding('TEXT_IGNORED', place, 'culvertd runs no shell, so a "!" line is not carried out'));
    return;
  }
  const name = line.name ?? owner;
  if (name === null) {
    const fix = 'Name the file ifconfig.ipsecN, or begin the line with ifconfig ipsecN.';
    input.findings.push(finding('TEXT_REFUSED', place, 'the line names no interface', { fix }));
    return;
  }
  for (const statement of line.statements) carryOut(name, statement, file, input);
}

function carryOut(name: string, statement: IfconfigStatement, file: string, input: LintInput): void {
  const place: Place = { file, ...statement.position };
  const { ipsecif, interfacePlaces, networks, findings } = input;
  try {
    applyChange(ipsecif, name, statement);
    if (statement.kind === 'tunnel' || !interfacePlaces.has(name)) interfacePlaces.set(name, place);
    if (statement.kind === 'address') networks.push({ place, interface: name, prefix: innerPrefix(statement) });
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    findings.push(finding('TEXT_REFUSED', place, error.message, { fix: error.hint }));
  }
}
