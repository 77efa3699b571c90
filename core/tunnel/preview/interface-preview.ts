/**
 * What a change of an interface's flags, tunnel or MTU would do: it is made in the databases, looked at, and taken back.
 * So policies and associations are told by the code that makes and selects them, refusals included. Neither the machine
 * nor the workers hear of it.
 * @module
 */
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { tunnelWords } from '#core/profile/commands.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import { toProblem, type Problem } from '#core/tunnel/problem.ts';
import { selectAssociations } from '#core/tunnel/selected-associations.ts';
import {
  compareAssociations,
  comparePolicies,
  type AssociationRow,
  type PolicyRow,
  type UsedAssociation,
} from './preview-row.ts';

/** What is to be changed; `tunnel: null` takes the outer addresses away. */
export type InterfaceChanges = {
  readonly flags: Partial<InterfaceFlags>;
  readonly mtu?: number;
  readonly tunnel?: OuterPair | null;
};

/** What a change would do. */
export type InterfacePreview = {
  policies: PolicyRow[];
  associations: AssociationRow[];
  /** Why it would be refused; then nothing would change. */
  problem: Problem | null;
  /** The equal commands. */
  commands: string[];
};

type Step = { readonly words: readonly string[]; readonly make: (databases: Databases) => void };

/** Preview. @throws {IpsecError} `INTERFACE_NAME`, `INTERFACE_NOT_FOUND`. */
export function previewInterface(name: string, changes: InterfaceChanges, databases: Databases): InterfacePreview {
  const before = databases.ipsecif.get(name);
  const used = usedBy(before, databases);
  const steps = stepsOf(name, changes);
  const commands = steps.map(({ words }) => `culvert ifconfig ${name} ${words.join(' ')}`);
  const mark = databases.mark();
  try {
    for (const { make } of steps) make(databases);
    const after = databases.ipsecif.get(name);
    const isDrawn = !databases.ipsecif.settings.usesFixedReqid;
    const policies = comparePolicies(before.policies, after.policies, isDrawn);
    return { policies, associations: compareAssociations(used, usedBy(after, databases)), problem: null, commands };
  } catch (error) {
    const problem = toProblem(error);
    const policies = comparePolicies(before.policies, before.policies, false);
    return { policies, associations: compareAssociations(used, used), problem, commands };
  } finally {
    mark.rollback();
  }
}

/** In an order that each step is allowed in: ports need link0, so it comes before them and goes after them. */
function stepsOf(name: string, { flags, mtu, tunnel }: InterfaceChanges): Step[] {
  const flagSteps = Object.entries(flags).map(([flag, isSet]) => flagStep(name, flag as keyof InterfaceFlags, isSet));
  const tunnelSteps = tunnel === undefined ? [] : [tunnelStep(name, tunnel)];
  const mtuSteps = mtu === undefined ? [] : [mtuStep(name, mtu)];
  return flags.link0 === false
    ? [...tunnelSteps, ...flagSteps, ...mtuSteps]
    : [...flagSteps, ...tunnelSteps, ...mtuSteps];
}

function flagStep(name: string, flag: keyof InterfaceFlags, isSet: boolean): Step {
  const word = flag === 'isUp' ? (isSet ? 'up' : 'down') : isSet ? flag : `-${flag}`;
  return { words: [word], make: ({ ipsecif }) => void ipsecif.setFlags(name, { [flag]: isSet }) };
}

function tunnelStep(name: string, tunnel: OuterPair | null): Step {
  if (tunnel === null) return { words: ['deletetunnel'], make: ({ ipsecif }) => void ipsecif.deleteTunnel(name) };
  return { words: ['tunnel', ...tunnelWords(tunnel)], make: ({ ipsecif }) => void ipsecif.setTunnel(name, tunnel) };
}

function mtuStep(name: string, mtu: number): Step {
  return { words: ['mtu', String(mtu)], make: ({ ipsecif }) => void ipsecif.setMtu(name, mtu) };
}

/** The associations that an interface uses, by direction. */
export function usedBy(record: Interface, { sad }: Databases): UsedAssociation[] {
  const { inbound, outbound } = selectAssociations(record, sad);
  return [
    ...inbound.map((association) => ({ direction: 'in' as const, association })),
    ...outbound.map((association) => ({ direction: 'out' as const, association })),
  ];
}
