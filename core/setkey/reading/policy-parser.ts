/**
 * Reads the statements about policies: spdadd, spdupdate, spddelete, with the text after `-P`
 * (setkey(8); ipsec_set_policy(3) has the rules' form).
 * @module
 */
import { readLookup, readSecurityContext, readSelectorEnd, tryAddress } from './endpoint-parser.ts';
import { greProtocol, messageProtocols, parseUpperProtocol, protocolWords } from '#core/setkey/protocol-name.ts';
import { policyActions, policyDirections, ruleLevels, ruleModes, ruleProtocols } from '#core/setkey/syntax.ts';
import type {
  Marks,
  PolicyRule,
  PolicyStatement,
  PolicyText,
  Position,
  TaggedPolicyStatement,
  UpperLayer,
} from '#core/setkey/syntax.ts';
import { readRuleEndpoints } from './rule-endpoints.ts';
import type { TokenReader } from './token-reader.ts';

/** What follows `spdadd` or `spdupdate`. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readPolicyAdd(
  reader: TokenReader,
  kind: 'spdadd' | 'spdupdate',
  position: Position,
): PolicyStatement | TaggedPolicyStatement {
  if (!reader.isAtWord('tagged')) return readPolicy(reader, kind, position);
  reader.next();
  const token = reader.peek();
  if (token.kind !== 'string' && token.kind !== 'word') reader.fail('the name of a tag');
  const tag = reader.position();
  reader.next();
  const { policy, marks } = readPolicyText(reader, false);
  return { kind: 'tagged', verb: kind, position, marks: { tag, ...marks }, tag: token.text, policy };
}

/** What follows any of the three. @throws {IpsecError} `SETKEY_SYNTAX`. */
export function readPolicy(reader: TokenReader, kind: PolicyStatement['kind'], position: Position): PolicyStatement {
  const lookup = readLookup(reader);
  const source = readSelectorEnd(reader, lookup, 'a source address');
  const destination = readSelectorEnd(reader, lookup, 'a destination address');
  const upperAt = reader.position();
  const upper = readUpperLayer(reader, source.port !== 0 || destination.port !== 0);
  let context: PolicyStatement['context'] = null;
  if (reader.isAtWord('-ctx')) {
    reader.next();
    context = readSecurityContext(reader);
  }
  const text = readPolicyText(reader, kind === 'spddelete');
  const marks = { upper: upperAt, ...text.marks };
  return { kind, position, marks, lookup, source, destination, upper, context, policy: text.policy };
}

function readUpperLayer(reader: TokenReader, hasPorts: boolean): UpperLayer {
  const token = reader.peek();
  const protocol = token.kind === 'word' ? parseUpperProtocol(token.text) : null;
  if (protocol === null) reader.fail('an upper protocol (any, tcp, udp, ip4, ipv6, icmp6, 0 to 255 …)', protocolWords);
  reader.next();
  const isBare = reader.isAtWord('-P', '-ctx');
  if (isBare) return { protocol, message: null, greKey: null };
  if (hasPorts) reader.fail('-P (ports and a type exclude each other)', ['-P']);
  if (messageProtocols.includes(protocol)) return { protocol, message: readMessage(reader), greKey: null };
  if (protocol === greProtocol) return { protocol, message: null, greKey: readGreKey(reader) };
  reader.fail('-P and the policy', ['-P', '-ctx']);
}

function readMessage(reader: TokenReader): { readonly type: number; readonly code: number | null } {
  const type = reader.decimal('a message type from 0 to 255', 255);
  return { type, code: reader.takeMark(',') ? reader.decimal('a message code from 0 to 255', 255) : null };
}

function readGreKey(reader: TokenReader): number {
  const { text } = reader.peek();
  const dotted = tryAddress(text);
  if (dotted === null || dotted.includes(':')) return reader.decimal('a GRE key, decimal or dotted', 0xffffffff);
  reader.next();
  return dotted.split('.').reduce((key, part) => key * 256 + Number(part), 0);
}

function readPolicyText(
  reader: TokenReader,
  mayBeShort: boolean,
): { readonly policy: PolicyText; readonly marks: Marks } {
  if (!reader.isAtWord('-P')) reader.fail('-P and the policy', ['-P']);
  reader.next();
  const direction = reader.choose(policyDirections, 'a direction (in, out, fwd)');
  if (mayBeShort && reader.isAtMark(';'))
    return { policy: { direction, priority: null, action: null, rules: [] }, marks: {} };
  const priorityAt = reader.isAtWord('priority', 'prio') ? reader.position() : null;
  const priority = priorityAt === null ? null : readPriority(reader);
  const marks = { action: reader.position(), ...(priorityAt === null ? {} : { priority: priorityAt }) };
  const action = reader.choose(policyActions, `an action (${policyActions.join(', ')})`);
  const rules = readRules(reader, action, mayBeShort);
  return { policy: { direction, priority, action, rules }, marks };
}

/** Rules may follow any action, and mean something to `ipsec` only (policy_parse.y). */
function readRules(reader: TokenReader, action: PolicyText['action'], mayBeShort: boolean): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  if (action !== 'ipsec') while (isAtRule(reader)) rules.push(readRule(reader));
  else if (!mayBeShort || !reader.isAtMark(';'))
    do rules.push(readRule(reader));
    while (!reader.isAtMark(';') && reader.peek().kind === 'word');
  return rules;
}

function isAtRule(reader: TokenReader): boolean {
  const { kind, text } = reader.peek();
  return kind === 'word' && ruleProtocols.some((protocol) => protocol === text);
}

/** Linux's `priority {N | low | def | high} [+ N]`, kept as text: Culvert's SPD, as NetBSD's, has no priorities. */
function readPriority(reader: TokenReader): string {
  reader.next();
  const words: string[] = [];
  const pattern = /^(low|def|high)?[-+]?[0-9]{0,10}$/;
  while (words.length < 3 && reader.peek().kind === 'word' && pattern.test(reader.peek().text))
    words.push(reader.next().text);
  if (words.length === 0) reader.fail('a priority: a number, low, def or high');
  return words.join(' ');
}

function readRule(reader: TokenReader): PolicyRule {
  const position = reader.position();
  const protocol = reader.choose(ruleProtocols, 'a rule such as esp/transport//unique');
  reader.expectMark('/', '"/" and a mode (transport, tunnel)');
  const mode = reader.choose(ruleModes, 'a mode (transport, tunnel)');
  const base = { protocol, mode, position } as const;
  if (!reader.takeMark('/')) return { ...base, endpoints: null, level: 'default', reqid: null };
  const endpoints = reader.peek().kind === 'word' && !isAtRule(reader) ? readRuleEndpoints(reader) : null;
  const isEnded = !reader.takeMark('/') || (endpoints !== null && (reader.isAtMark(';') || isAtRule(reader)));
  if (isEnded) return { ...base, endpoints, level: 'default', reqid: null };
  return { ...base, endpoints, ...readLevel(reader) };
}

function readLevel(reader: TokenReader): { readonly level: PolicyRule['level']; readonly reqid: number | null } {
  const unique = reader.peek().kind === 'word' ? /^unique:([0-9]{1,5})$/.exec(reader.peek().text) : null;
  if (unique === null)
    return { level: reader.choose(ruleLevels, 'a level (default, use, require, unique, unique:N)'), reqid: null };
  const reqid = Number(unique[1]);
  if (reqid < 1 || reqid > 65535) reader.fail('unique:N with N from 1 to 65535');
  reader.next();
  return { level: 'unique', reqid };
}
