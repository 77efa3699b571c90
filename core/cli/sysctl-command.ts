/**
 * `culvert sysctl`: shows and sets what NetBSD has sysctl(8) for, under the same names and in the same form.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { exitStatusOf } from './complaint.ts';
import { withHelper, type HelperSurroundings } from './helper-session.ts';
import { findNode, sysctlNodes, type SysctlNode } from '#core/api/sysctl-names.ts';

/** Text of `culvert sysctl --help`. */
export const sysctlHelp = `
Forms:
  culvert sysctl [-n] [-a]                       show all; -n their values alone
  culvert sysctl [-n] NAME …                     show these, or all below a name such as net.ipsecif
  culvert sysctl [-w] NAME=VALUE …               set these

Names:
  net.ipsecif.use_fixed_reqid    0 or 1: reqids of new policies are computed from the unit
  net.ipsecif.reqid_base         where those start, 8192 to 16383
  net.ipsecif.audit              0 or 1: suspicious drops are told one by one, within a rate; not in NetBSD
  net.ipsecif.log_ecn            0 or 1: suspicious ECN marks are logged; not in NetBSD
  net.ipsecif.icmp_toobig        0 or 1: ICMP may narrow the path of an association; not in NetBSD
  net.ipsecif.icmp_unreach       0 or 1: ICMP "unreachable" about our packets is logged; not in NetBSD
  net.ipsecif.icmp_timxceed      the same for "time exceeded"
  net.ipsecif.icmp_paramprob     the same for "parameter problem"
  net.ipsecif.pmtu_least         the least path MTU that ICMP can bring about over IPv4, 68 to 1500; not in NetBSD
  net.ipsecif.pmtu_expires       seconds until a path that ICMP narrowed is tried again, 300 to 86400; not in NetBSD
  net.inet6.ip6.ipsecifhlim      hop limit of outer IPv6 headers
  net.inet6.ip6.ipsecifpmtu      0 or 1: outer IPv6 packets follow the path MTU
  net.interfaces.ipsecN.pmtu     the same for one interface, -1 for what is set for all
  net.interfaces.ipsecN.answer_refused
                                 0 or 1: inner senders hear by ICMP of packets that are kept back; not in NetBSD
  net.interfaces.ipsecN.follow_peer
                                 0 or 1: with link0, answer where the last authentic packet came from; not in NetBSD
  net.interfaces.ipsecN.keepalive
                                 0 or 1: with link0, a keepalive after 20 seconds of silence; not in NetBSD
  net.interfaces.ipsecN.tfc_pad  inner packets are padded to a multiple of so many bytes; 0: not; not in NetBSD
  net.interfaces.ipsecN.dummy_rate
                                 dummy packets in each second; not in NetBSD
  net.inet.ipsec.dfbit           DF of outer IPv4 headers: 0 clear, 1 set, 2 copied
`;

/** -a is what happens without a name, -w what a value says; -n is for scripts. */
const flags: readonly string[] = ['-a', '-w', '-n'];

type Word = { readonly name: string; readonly value: number | null };

/** Run `sysctl` with `words`. Returns the exit status. */
export function runSysctl(words: readonly string[], around: HelperSurroundings): Promise<number> {
  const { terminal } = around;
  return exitStatusOf('sysctl', terminal, async () => {
    const wanted = words.filter((word) => !flags.includes(word)).map(parseWord);
    const format = words.includes('-n') ? ({ value }: SysctlNode) => `${value}\n` : formatNode;
    await withHelper(around, async (client) => {
      if (wanted.length === 0) terminal.print((await readNodes(client)).map(format).join(''));
      for (const word of wanted) terminal.print(await carryOut(word, client, format));
    });
    return 0;
  });
}

async function carryOut(
  { name, value }: Word,
  client: HelperClient,
  format: (node: SysctlNode) => string,
): Promise<string> {
  const nodes = await readNodes(client);
  const below = value === null ? nodes.filter((node) => node.name.startsWith(`${name}.`)) : [];
  if (below.length > 0) return below.map(format).join('');
  const node = findNode(nodes, name);
  if (value === null) return format(node);
  const change = node.change(value);
  // Each with its own parameters: the compiler follows a union no further.
  if (change.method === 'settings.set') await client.call(change.method, change.params);
  else await client.call(change.method, change.params);
  return `${name}: ${node.value} -> ${value}\n`;
}

async function readNodes(client: HelperClient): Promise<SysctlNode[]> {
  return sysctlNodes(await client.call('status.get', {}));
}

function formatNode({ name, value }: SysctlNode): string {
  return `${name} = ${value}\n`;
}

function parseWord(word: string): Word {
  if (word.startsWith('-')) throw new IpsecError('SYSCTL_NAME', `unknown option "${word.slice(0, 40)}"`, { word });
  const [name = '', text, ...rest] = word.split('=');
  if (text === undefined) return { name, value: null };
  if (rest.length > 0 || !/^-?[0-9]{1,9}$/.test(text)) {
    throw new IpsecError('INTERFACE_OPTION', `${name}: "${text.slice(0, 40)}" is not a number`, { field: 'value' });
  }
  return { name, value: Number(text) };
}
