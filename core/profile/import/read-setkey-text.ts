/**
 * Setkey text of any system: associations from its statements, and interfaces from the commands that stand in its comments,
 * as `culvert export --format setkey` and people write them (`# ifconfig ipsec0 tunnel …`).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { toAssociationSpec } from '#core/setkey/association-spec.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { checkStatement } from '#core/setkey/statement-check.ts';
import type { Statement } from '#core/setkey/syntax.ts';
import type { BsdInterfaces } from './bsd-interfaces.ts';
import type { Findings } from './imported.ts';
import { withoutPlaceholders } from './placeholder.ts';
import type { NamedText } from './text-kind.ts';

/** Read one file. */
export function readSetkeyText(file: NamedText, interfaces: BsdInterfaces, findings: Findings): void {
  const { name } = file;
  readComments(file, interfaces);
  const { text, hadPlaceholders } = withoutPlaceholders(file.text);
  const { statements, errors } = parseSetkey(text);
  for (const { line, message } of errors) findings.unmapped.push({ file: name, line, text: '', why: message });
  for (const statement of statements) readStatement(statement, name, !hadPlaceholders, findings);
}

function readComments({ name: file, text }: NamedText, interfaces: BsdInterfaces): void {
  for (const [index, source] of text.split('\n').entries()) {
    const command = /^#\s*((?:ifconfig\s+ipsec[0-9]+|route\s+add)\s.*?)\r?$/.exec(source)?.[1];
    if (command === undefined) continue;
    const at = { file, line: index + 1, owner: null, text: command };
    if (command.startsWith('ifconfig')) interfaces.ifconfig(at);
    else interfaces.command(at);
  }
}

function readStatement(statement: Statement, file: string, hasKeys: boolean, findings: Findings): void {
  const { line } = statement.position;
  const tell = (why: string): void => void findings.unmapped.push({ file, line, text: statement.kind, why });
  switch (statement.kind) {
    case 'add':
    case 'update': {
      const refusal = checkStatement(statement);
      if (refusal !== null) return tell(refusal.message);
      try {
        findings.associations.push({ file, line, hasKeys, interfaceId: null, spec: toAssociationSpec(statement) });
      } catch (error) {
        if (!(error instanceof IpsecError)) throw error;
        tell(error.message);
      }
      return;
    }
    case 'flush':
    case 'spdflush':
    case 'dump':
    case 'spddump':
    case 'exit':
      return;
    case 'get':
    case 'delete':
    case 'deleteall':
    case 'spdadd':
    case 'spdupdate':
    case 'spddelete':
    case 'tagged':
      return tell('a profile has no place for it: an interface makes its policies itself');
  }
}
