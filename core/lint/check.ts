/**
 * `culvert check`: every rule over every file. Pure; what only a running machine knows is an argument.
 * @module
 */
import { separateFiles, type NamedText } from '#core/profile/import/text-kind.ts';
import { algorithmRule } from './algorithm-rule.ts';
import { inOrder, type Finding } from './finding.ts';
import { keyRule } from './key-rule.ts';
import { lifetimeRule } from './lifetime-rule.ts';
import type { LintInput } from './lint-input.ts';
import { networkRule, type LocalNetwork } from './network-rule.ts';
import { pairRule } from './pair-rule.ts';
import { policyRule } from './policy-rule.ts';
import { readFiles } from './read-files.ts';

/** What a check found. */
export type CheckReport = {
  readonly findings: readonly Finding[];
  /** What could not be looked at, a sentence each. */
  readonly skipped: readonly string[];
};

/** Check files together: they describe one machine. `local` is null where no helper tells the machine's networks. */
export function checkFiles(files: readonly NamedText[], local: readonly LocalNetwork[] | null): CheckReport {
  const parts = separateFiles(files);
  const input = readFiles(parts);
  try {
    const findings = [
      ...input.findings,
      ...algorithmRule(input),
      ...pairRule(input),
      ...policyRule(input),
      ...keyRule(input),
      ...lifetimeRule(input),
      ...networkRule(input, local),
    ];
    const skipped = local === null && input.networks.length > 0 ? [networksSkipped] : [];
    return {
      findings: inOrder(
        findings,
        parts.map(({ name }) => name),
      ),
      skipped,
    };
  } finally {
    wipe(input);
  }
}

const networksSkipped = 'whether addresses overlap with a local network was not checked: culvertd was not asked';

function wipe({ associations }: LintInput): void {
  for (const { spec } of associations) {
    spec.encryptionKey.wipe();
    spec.integrityKey?.wipe();
  }
}
