/**
 * From files to what the rules look at: setkey text, ifconfig text (/etc/ifconfig.ipsecN) and profiles as JSON. What the
 * parsers refuse, and what would be refused whatever there is already, become findings here.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { foreignText } from '#core/profile/import/foreign-text.ts';
import { interfaceOfFile, textKindOf, type NamedText } from '#core/profile/import/text-kind.ts';
import { finding } from './finding.ts';
import { emptyInput, type LintInput } from './lint-input.ts';
import { readIfconfigFile } from './read-ifconfig.ts';
import { readProfileFile } from './read-profile.ts';
import { readSetkeyFile } from './read-setkey.ts';

/** Read all files. Interfaces come first, whatever the order: associations refer to them. */
export function readFiles(files: readonly NamedText[]): LintInput {
  const input = emptyInput();
  const kinds = files.map((file) => ({ file, kind: textKindOf(file) }));
  for (const { file, kind } of kinds)
    if (kind === 'ifconfig') readIfconfigFile(file, interfaceOfFile(file.name), input);
  for (const { file, kind } of kinds) {
    if (kind === 'ifconfig' || kind === 'sysctl' || kind === 'route.conf') continue;
    if (kind === 'json' || kind === 'compact') attempt(file, input, () => readProfileFile(file, input));
    else if (kind === 'setkey') readSetkeyFile(file, input);
    else refuseKind(file, kind, input);
  }
  return input;
}

function attempt({ name }: NamedText, { findings }: LintInput, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    const { message, hint } = error;
    findings.push(finding('TEXT_REFUSED', { file: name, line: 1, column: 1 }, message, { fix: hint }));
  }
}

function refuseKind({ name, text }: NamedText, kind: string, { findings }: LintInput): void {
  const foreign = foreignText(text);
  if (foreign !== null) {
    const fix = 'Give a configuration of IPsec.';
    findings.push(finding('TEXT_REFUSED', { file: name, line: 1, column: 1 }, foreign, { fix }));
    return;
  }
  const message = `this looks like ${kind}, which check does not read`;
  const fix = 'Import it first (culvert import), and check what came of it.';
  findings.push(finding('TEXT_REFUSED', { file: name, line: 1, column: 1 }, message, { fix }));
}
