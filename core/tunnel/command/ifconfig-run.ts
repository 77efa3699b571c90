/**
 * Runs a whole ifconfig text (core/ifconfig): all of it or nothing. What cannot be carried out whatever the machine says
 * is found before the first statement is: syntax errors, shell commands, `destroy`, lines that name no interface.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import type { IfconfigLine, IfconfigStatement, Position } from '#core/ifconfig/syntax.ts';
import { refusal, type SetkeyFailure } from '#core/setkey/run.ts';
import { changeInterface, type StepSurroundings } from './interface-steps.ts';

/** `check` carries nothing out on the machine. */
export type IfconfigSemantics = 'file' | 'check';

/** What a run did; a failure is told as setkey's are. */
export type IfconfigRun = {
  readonly errors: SetkeyFailure[];
  /** Statements carried out; 0 when there are errors. With `check`: those that would be. */
  readonly applied: number;
};

type Step = { readonly name: string; readonly statement: IfconfigStatement };

/** What a text means, before any of it is done. `name` is whose file it is, for lines that name no interface. */
export function planIfconfig(text: string, name: string | null): { steps: Step[]; errors: SetkeyFailure[] } {
  const { lines, errors } = parseIfconfig(text);
  if (errors.length > 0) {
    return { steps: [], errors: errors.map((error) => ({ ...placed(error, error), isSyntax: true })) };
  }
  const refused = lines.flatMap((line) => standingRefusals(line, name));
  if (refused.length > 0) return { steps: [], errors: refused };
  const steps = lines.flatMap((line) => {
    const owner = line.kind === 'statements' ? (line.name ?? name) : null;
    if (line.kind !== 'statements' || owner === null) return [];
    return line.statements.map((statement) => ({ name: owner, statement }));
  });
  return { steps, errors: [] };
}

/**
 * Carry out the steps in order.
 * @throws {IpsecError} what the first refused step throws, with its `line` and `column`.
 */
export async function runSteps(steps: readonly Step[], surroundings: StepSurroundings): Promise<void> {
  for (const { name, statement } of steps) {
    try {
      await changeInterface(name, statement, surroundings);
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      throw new IpsecError(error.code, error.message, { ...error.details, ...statement.position }, error);
    }
  }
}

function standingRefusals(line: IfconfigLine, name: string | null): SetkeyFailure[] {
  if (line.kind === 'blank') return [];
  if (line.kind === 'shell') {
    const error = new IpsecError('IFCONFIG_SHELL', 'culvertd runs no shell, so "!" lines are not carried out');
    return [placed(refusal(error), line.position)];
  }
  if (line.name === null && name === null) {
    const error = new IpsecError('IFCONFIG_TEXT', 'the line names no interface');
    return [placed(refusal(error), line.position)];
  }
  if (line.name !== null && name !== null && line.name !== name) {
    const error = new IpsecError('IFCONFIG_TEXT', `the line is about ${line.name}, and the file about ${name}`);
    return [placed(refusal(error), line.position)];
  }
  const destroying = line.statements.filter(({ kind }) => kind === 'destroy');
  return destroying.map(({ position }) => {
    const error = new IpsecError('IFCONFIG_TEXT', 'destroy cannot be undone, so it stands alone and never in a text');
    return placed(refusal(error), position);
  });
}

function placed(failure: Omit<SetkeyFailure, 'isSyntax'>, { line, column }: Position): SetkeyFailure {
  const { message, hint, errno } = failure;
  return { line, column, message, hint, isSyntax: false, ...(errno === undefined ? {} : { errno }) };
}
