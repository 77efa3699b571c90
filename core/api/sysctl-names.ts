/**
 * NetBSD's sysctl names for ipsecif(4), and what each stands for in the contract (if_ipsec.c, in6_proto.c, ipsec.c).
 * @module
 */
import type { InterfaceStatus, Params, Status } from './contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { DontFragment } from '#core/ipsecif/interface-options.ts';
import { nearestWord } from '#core/setkey/nearest-word.ts';

/** What a change asks the helper for. */
export type SysctlChange =
  | { readonly method: 'settings.set'; readonly params: Params<'settings.set'> }
  | { readonly method: 'interface.setOptions'; readonly params: Params<'interface.setOptions'> };

/** One node: how it reads, and what writing a number to it asks for. */
export type SysctlNode = {
  readonly name: string;
  readonly value: number;
  readonly change: (value: number) => SysctlChange;
};

/** Numbers of net.inet.ipsec.dfbit. */
const dfBits = ['clear', 'set', 'copy'] as const satisfies readonly DontFragment[];

/** All nodes of a machine, in order of name. */
export function sysctlNodes({ settings, interfaces }: Status): SysctlNode[] {
  const { pmtu, hopLimit, dontFragment, usesFixedReqid, reqidBase, logsEcn, auditsDrops } = settings;
  const { acceptsIcmpTooBig, acceptsIcmpUnreachable, acceptsIcmpTimeExceeded, acceptsIcmpParameterProblem } = settings;
  const nodes: SysctlNode[] = [
    node('net.inet.ipsec.dfbit', dfBits.indexOf(dontFragment), (value) => ({ dontFragment: pick(dfBits, value) })),
    node('net.inet6.ip6.ipsecifhlim', hopLimit, (value) => ({ hopLimit: value })),
    node('net.inet6.ip6.ipsecifpmtu', pmtu, (value) => ({ pmtu: pick([0, 1] as const, value) })),
    node('net.ipsecif.audit', auditsDrops ? 1 : 0, (value) => ({ auditsDrops: pick([0, 1] as const, value) === 1 })),
    node('net.ipsecif.icmp_paramprob', Number(acceptsIcmpParameterProblem), (value) => ({
      acceptsIcmpParameterProblem: pickSwitch(value),
    })),
    node('net.ipsecif.icmp_timxceed', Number(acceptsIcmpTimeExceeded), (value) => ({
      acceptsIcmpTimeExceeded: pickSwitch(value),
    })),
    node('net.ipsecif.icmp_toobig', Number(acceptsIcmpTooBig), (value) => ({ acceptsIcmpTooBig: pickSwitch(value) })),
    node('net.ipsecif.icmp_unreach', Number(acceptsIcmpUnreachable), (value) => ({
      acceptsIcmpUnreachable: pickSwitch(value),
    })),
    node('net.ipsecif.pmtu_expires', settings.pathMtuSeconds, (value) => ({ pathMtuSeconds: value })),
    node('net.ipsecif.pmtu_least', settings.leastPathMtu, (value) => ({ leastPathMtu: value })),
    node('net.ipsecif.log_ecn', logsEcn ? 1 : 0, (value) => ({ logsEcn: pick([0, 1] as const, value) === 1 })),
    node('net.ipsecif.reqid_base', reqidBase, (value) => ({ reqidBase: value })),
    node('net.ipsecif.use_fixed_reqid', usesFixedReqid ? 1 : 0, (value) => ({
      usesFixedReqid: pick([0, 1] as const, value) === 1,
    })),
    ...interfaces.flatMap(interfaceNodes),
  ];
  return nodes.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/**
 * Nodes of one interface: NetBSD's pmtu, and ours for NAT-T (RFC 7296 §2.23, RFC 3948 §4) and for traffic flow
 * confidentiality (RFC 4303 §2.6, §2.7).
 */
function interfaceNodes({ name, options }: InterfaceStatus): SysctlNode[] {
  return Object.entries(optionNodes).map(([option, { leaf, toOptions }]) => ({
    name: `net.interfaces.${name}.${leaf}`,
    value: Number(options[option as keyof typeof optionNodes]),
    change: (next) => ({ method: 'interface.setOptions', params: { name, ...toOptions(next) } }),
  }));
}

type Options = Omit<Params<'interface.setOptions'>, 'name'>;

const optionNodes = {
  answersRefused: { leaf: 'answer_refused', toOptions: (value) => ({ answersRefused: pickSwitch(value) }) },
  dummiesPerSecond: { leaf: 'dummy_rate', toOptions: (value) => ({ dummiesPerSecond: value }) },
  followsPeer: { leaf: 'follow_peer', toOptions: (value) => ({ followsPeer: pickSwitch(value) }) },
  keepalives: { leaf: 'keepalive', toOptions: (value) => ({ keepalives: pickSwitch(value) }) },
  pmtu: { leaf: 'pmtu', toOptions: (value) => ({ pmtu: pick([-1, 0, 1] as const, value) }) },
  tfcMultiple: { leaf: 'tfc_pad', toOptions: (value) => ({ tfcMultiple: value }) },
} as const satisfies Partial<
  Record<keyof Options, { readonly leaf: string; readonly toOptions: (value: number) => Options }>
>;

/** Commands that set options of an interface; those that no node stands for are comments. */
export function optionCommands(name: string, options: Options): string[] {
  return Object.entries(options).map(([option, value]) =>
    Object.hasOwn(optionNodes, option)
      ? `culvert sysctl net.interfaces.${name}.${optionNodes[option as keyof typeof optionNodes].leaf}=${Number(value)}`
      : `# ${option}: ${value ?? 'as set for all'}`,
  );
}

/** The node with this name. @throws {IpsecError} `SYSCTL_NAME`. */
export function findNode(nodes: readonly SysctlNode[], name: string): SysctlNode {
  const found = nodes.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const nearest = nearestWord(
    name,
    nodes.map((candidate) => candidate.name),
  );
  const suggestion = nearest === null ? '' : `; did you mean "${nearest}"?`;
  throw new IpsecError('SYSCTL_NAME', `there is no "${name.slice(0, 64)}"${suggestion}`, { field: 'name' });
}

function node(name: string, value: number, toParams: (value: number) => Params<'settings.set'>): SysctlNode {
  return { name, value, change: (next) => ({ method: 'settings.set', params: toParams(next) }) };
}

/** 0 or 1. */
function pickSwitch(value: number): boolean {
  return pick([0, 1] as const, value) === 1;
}

function pick<T extends string | number>(values: readonly T[], value: number): T {
  const picked = typeof values[0] === 'string' ? values[value] : values.find((candidate) => candidate === value);
  if (picked !== undefined) return picked;
  const allowed = typeof values[0] === 'string' ? [...values.keys()].join(', ') : values.join(', ');
  throw new IpsecError('INTERFACE_OPTION', `${value} is none of ${allowed}`, { field: 'value' });
}
