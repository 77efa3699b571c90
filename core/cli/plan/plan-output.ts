/**
 * How a plan reads on the command line: `+` for what is added, `-` for what is removed, `~` for what changes, and which
 * tunnels drop packets then. No key is in it.
 * @module
 */
import { counted } from '#core/base/counted.ts';
import type { PlanAnswer, PlanView } from '#core/api/configuration-contract.ts';

const marks = { added: '+', changed: '~', removed: '-' } as const;

/** Text of a plan; `title` says what it is about. */
export function formatPlan(plan: PlanView): string {
  const { interfaces, associations, policies, drops, unchanged, notes } = plan;
  const sections = [
    section('interfaces', interfaces.map(interfaceLines)),
    section('associations', associations.map(associationLines)),
    section('policies', policies.map(policyLines)),
    section('packets that are dropped then', drops.map(dropLine)),
    section(
      'notes',
      notes.map((note) => `  ${note}\n`),
    ),
  ].join('');
  const kept = [
    counted(unchanged.interfaces, 'interface'),
    counted(unchanged.associations, 'association'),
    counted(unchanged.policies, 'policy', 'policies'),
  ].join(', ');
  return isUnchanged(plan) ? `${sections}nothing changes (${kept})\n` : `${sections}unchanged: ${kept}\n`;
}

/** Whether a plan changes nothing. */
export function isUnchanged({ interfaces, associations, policies }: PlanView): boolean {
  return interfaces.length + associations.length + policies.length === 0;
}

/** Problems of files, a place each, as setkey's errors read. */
export function formatProblems(tool: string, problems: PlanAnswer['problems']): string {
  return problems
    .map(({ file, line, column, message, hint }) => {
      const place = file === '' ? '' : `${file}:${line}:${column}: `;
      return `${tool}: ${place}${message}\n  ${hint}\n`;
    })
    .join('');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.join('')}`;
}

function interfaceLines({ fate, name, changes }: PlanView['interfaces'][number]): string {
  const values = fate === 'removed' ? [] : changes.filter(({ what }) => fate === 'changed' || what !== 'options');
  return `  ${marks[fate]} ${name}\n${values.map(changeLine).join('')}`;
}

function associationLines({ fate, text, changes, keepsSequence }: PlanView['associations'][number]): string {
  const restart = fate === 'changed' && !keepsSequence ? '      sequence numbers begin again\n' : '';
  return `  ${marks[fate]} ${text}\n${changes.map(changeLine).join('')}${restart}`;
}

function policyLines({ fate, origin, direction, selector, before, after }: PlanView['policies'][number]): string {
  const does = [before, after].filter((text) => text !== null).join(' -> ');
  return `  ${marks[fate]} ${selector} ${direction} ${does}${origin === 'interface' ? ' (of an interface)' : ''}\n`;
}

function changeLine({ what, before, after }: PlanView['interfaces'][number]['changes'][number]): string {
  if (before === null && after === null) return `      ${what} differ\n`;
  if (before === null) return `      ${what} ${after ?? ''}\n`;
  return `      ${what} ${before} -> ${after ?? 'none'}\n`;
}

function dropLine({ why, isNew }: PlanView['drops'][number]): string {
  return `  ${why}${isNew ? '' : ' (as before)'}\n`;
}
