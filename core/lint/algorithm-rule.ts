/**
 * Weak and mixed algorithms: RFC 8221's verdicts, as the registry has them.
 * @module
 */
import { encryptionRow, integrityRow, type AlgorithmStatus } from '#core/crypto/algorithms.ts';
import { hasIntegrity } from '#core/sad/association-check.ts';
import { finding, type Finding } from './finding.ts';
import type { LintAssociation, LintInput } from './lint-input.ts';

/** Find them. */
export function algorithmRule({ associations }: LintInput): Finding[] {
  return [...associations.flatMap(judgeOne), ...mixedPairs(associations)];
}

function judgeOne({ place, spec }: LintAssociation): Finding[] {
  const { encryption, integrity } = spec;
  const rows = [
    { name: encryption as string, row: encryptionRow(encryption) },
    ...(integrity === null ? [] : [{ name: integrity as string, row: integrityRow(integrity) }]),
  ];
  const findings = rows.flatMap(({ name, row }): Finding[] => {
    if (isForbidden(row.status)) {
      const reason = row.weakness === undefined ? {} : { reason: `${row.weakness} (RFC 8221: ${row.status})` };
      return [finding('ALGORITHM_FORBIDDEN', place, `${name} is weak`, reason)];
    }
    return row.status === 'MUST-' ? [finding('ALGORITHM_DATED', place, `${name} is on its way out`)] : [];
  });
  if (!hasIntegrity(spec)) findings.push(finding('INTEGRITY_MISSING', place, `${encryption} without integrity`));
  return findings;
}

function isForbidden(status: AlgorithmStatus): boolean {
  return status === 'SHOULD NOT' || status === 'MUST NOT';
}

/** Once for each pair of directions, at the first association that the other direction has no like of. */
function mixedPairs(associations: readonly LintAssociation[]): Finding[] {
  const suites = new Map<string, Set<string>>();
  for (const { spec } of associations) {
    const key = `${spec.source} ${spec.destination}`;
    suites.set(key, (suites.get(key) ?? new Set()).add(suiteOf(spec)));
  }
  const told = new Set<string>();
  return associations.flatMap(({ place, spec }): Finding[] => {
    const back = suites.get(`${spec.destination} ${spec.source}`);
    const pair = [spec.source, spec.destination].sort().join(' ');
    if (back === undefined || back.has(suiteOf(spec)) || told.has(pair)) return [];
    told.add(pair);
    const message = `${suiteOf(spec)} one way, ${[...back].join('; ')} the other`;
    return [finding('ALGORITHM_MIXED', place, message)];
  });
}

function suiteOf({ encryption, encryptionKey, integrity }: LintAssociation['spec']): string {
  const bits = encryptionRow(encryption).keyBits.length > 1 ? ` with ${encryptionKey.length * 8}-bit keys` : '';
  return `${encryption}${integrity === null ? '' : ` and ${integrity}`}${bits}`;
}
