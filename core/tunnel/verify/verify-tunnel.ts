/**
 * The ladder of checks of one tunnel, from its configuration to the largest packet that passes. All are made, in order:
 * the first that failed is where to look, and those behind it say what follows from it.
 * @module
 */
import { checkIds, checkTitles, type CheckId } from './check-registry.ts';
import { skipped, type CheckResult, type Finding } from './check-result.ts';
import { checkAuthentic, checkHeard, checkInnerRoute, checkPathMtu, checkPing, checkSent } from './traffic-checks.ts';
import type { VerifyFacts } from './verify-facts.ts';
import { checkConfig, checkInterface, checkKeys, checkSource, checkWay } from './way-checks.ts';

const checks: Readonly<Record<CheckId, (facts: VerifyFacts) => Finding>> = {
  config: checkConfig,
  'interface-up': checkInterface,
  'source-address': checkSource,
  'route-to-peer': checkWay,
  keys: checkKeys,
  sent: checkSent,
  heard: checkHeard,
  authentic: checkAuthentic,
  'inner-route': checkInnerRoute,
  ping: checkPing,
  'path-mtu': checkPathMtu,
};

/** What has to have passed before a check tells anything. */
const needed: Readonly<Partial<Record<CheckId, readonly CheckId[]>>> = {
  sent: ['config', 'interface-up', 'keys'],
  heard: ['config', 'interface-up', 'keys', 'sent'],
  authentic: ['config', 'heard'],
  ping: ['config', 'interface-up', 'keys', 'sent', 'heard', 'authentic'],
};

/** Judge what was found out. */
export function judge(facts: VerifyFacts): CheckResult[] {
  const broken = new Set<CheckId>();
  return checkIds.map((id) => {
    const blocker = (needed[id] ?? []).find((other) => broken.has(other));
    const finding = blocker === undefined ? checks[id](facts) : skipped(`"${checkTitles[blocker]}" failed.`);
    if (finding.state === 'failed') broken.add(id);
    return { id, title: checkTitles[id], ...finding };
  });
}
