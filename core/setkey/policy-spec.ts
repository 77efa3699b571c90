/**
 * From `spdadd`, `spdupdate` and `spddelete` to what the SPD takes. setkey's actions become RFC 4301's here and
 * nowhere else. What the grammar knows and Culvert does not carry is refused with a reason.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { hostPrefix } from '#core/ip/prefix.ts';
import type { PolicyAction, PolicyRequest, PolicySpec } from '#core/spd/security-policy.ts';
import { exactPort, type PortSelector, type Selector } from '#core/spd/selector.ts';
import type { PolicyRule, PolicyStatement, PolicyText } from './syntax.ts';

/** What the statement asks the SPD for. @throws {IpsecError} `POLICY_UNSUPPORTED`. */
export function toPolicySpec(statement: PolicyStatement): PolicySpec {
  const { policy, context } = statement;
  if (context !== null) refuse('a security context (-ctx) is not supported', 'context');
  if (policy.priority !== null)
    refuse('priorities are not supported: policies apply in the order they were added', 'priority');
  const selector = toSelector(statement);
  // Rules behind none and discard are read and mean nothing (key.c: key_msg2sp).
  const rules = policy.action === 'ipsec' ? policy.rules : [];
  return {
    selector,
    direction: toDirection(policy.direction),
    action: toAction(policy.action),
    requests: rules.map((rule) => toRequest(rule, policy, selector)),
  };
}

/** What the statement's policy applies to. @throws {IpsecError} `POLICY_UNSUPPORTED`. */
export function toSelector({ source, destination, upper }: PolicyStatement): Selector {
  if (upper.greKey !== null) refuse('a GRE key in a selector is not supported', 'upper');
  return {
    source: source.prefix,
    destination: destination.prefix,
    // In PF_KEY's address ports 0 means any. Who writes a type or a code of 0 means it.
    sourcePort: upper.message === null ? source.port : exactPort(upper.message.type),
    destinationPort: upper.message === null ? destination.port : codeSelector(upper.message.code),
    upperProtocol: upper.protocol,
  };
}

/** `spdadd tagged`. @throws {IpsecError} `POLICY_UNSUPPORTED`, always. */
export function refuseTag(): never {
  refuse('policies by packet filter tag are not supported', 'tag');
}

function codeSelector(code: number | null): PortSelector {
  return code === null ? 0 : exactPort(code);
}

/** NetBSD has no forward direction and reads `fwd` as in. */
export function toDirection(direction: PolicyText['direction']): PolicySpec['direction'] {
  return direction === 'fwd' ? 'in' : direction;
}

function toAction(action: PolicyText['action']): PolicyAction {
  switch (action) {
    case 'ipsec':
      return 'protect';
    case 'none':
      return 'bypass';
    case 'discard':
      return 'discard';
    case 'entrust':
    case 'bypass':
      return refuse(`"${action}" is for sockets, not for the SPD`, 'action');
    case null:
      return refuse('a policy needs an action', 'action');
  }
}

function toRequest(rule: PolicyRule, policy: PolicyText, selector: Selector): PolicyRequest {
  const at = { field: 'rule', line: rule.position.line, column: rule.position.column };
  if (rule.protocol !== 'esp') {
    throw new IpsecError('POLICY_UNSUPPORTED', `protocol ${rule.protocol} is not supported in a policy`, at);
  }
  if (rule.mode !== 'transport') {
    throw new IpsecError('POLICY_UNSUPPORTED', 'tunnel mode is not supported: an ipsecN interface is the tunnel', at);
  }
  if (policy.rules.length > 1) throw new IpsecError('POLICY_UNSUPPORTED', 'a policy has only one rule', at);
  if (!namesSelectorHosts(rule, selector)) {
    throw new IpsecError('POLICY_UNSUPPORTED', 'the endpoints of a transport rule are those of its selector', at);
  }
  return { protocol: 'esp', mode: 'transport', level: rule.level, reqid: rule.reqid ?? 0 };
}

/** Endpoints of a transport rule say nothing new, or something that cannot be done. */
function namesSelectorHosts({ endpoints }: PolicyRule, selector: Selector): boolean {
  if (endpoints === null) return true;
  if (typeof endpoints === 'string') return false;
  const { source, destination } = endpoints;
  if (source.port !== 0 || destination.port !== 0) return false;
  return hostPrefix(source.address) === selector.source && hostPrefix(destination.address) === selector.destination;
}

function refuse(message: string, field: string): never {
  throw new IpsecError('POLICY_UNSUPPORTED', message, { field });
}
