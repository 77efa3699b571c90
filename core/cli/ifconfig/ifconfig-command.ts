/**
 * `culvert ifconfig`: BSD's ifconfig(8) for ipsecN interfaces.
 * @module
 */
import type { InterfaceStatus } from '#core/api/contract.ts';
import { IpsecError, type ErrorCode } from '#core/base/error.ts';
import type { InterfaceChange } from '#core/ifconfig/syntax.ts';
import { addressFamily } from '#core/ip/address.ts';
import { sourceExcerpts } from '#core/setkey/source-excerpt.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { exitStatusOf, formatComplaint } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import { parseIfconfigRequest, type IfconfigFilter, type IfconfigRequest } from './ifconfig-flags.ts';
import { formatInterface } from './ifconfig-output.ts';
import type { Terminal } from '#core/cli/terminal.ts';

/** Text of `culvert ifconfig --help`. */
export const ifconfigHelp = `
Forms:
  culvert ifconfig [-a] [-u | -d] [-s]           show every interface; only those up, down, with a tunnel
  culvert ifconfig -l [-u | -d] [-s]             list their names
  culvert ifconfig -C                            list what create can make
  culvert ifconfig ipsecN                        show one
  culvert ifconfig ipsecN create | destroy
  culvert ifconfig ipsecN tunnel LOCAL[,port] PEER[,port]
  culvert ifconfig ipsecN deletetunnel
  culvert ifconfig ipsecN inet A[/len] [PEER]    add an inner address (inet6 likewise)
  culvert ifconfig ipsecN delete A               remove it
  culvert ifconfig ipsecN mtu N                  1280 to 8192
  culvert ifconfig ipsecN up | down
  culvert ifconfig ipsecN link0 | -link0         NAT-Traversal (UDP 4500)
  culvert ifconfig ipsecN link1 | -link1         ECN friendly mode
  culvert ifconfig ipsecN link2 | -link2         forward inner IPv6 (on by default)
  culvert ifconfig ipsecN unnumbered | -unnumbered
  culvert ifconfig -s ipsecN                     exit status 0 if it has a tunnel, 1 if not
  culvert ifconfig [-n] ipsecN -f FILE           carry out /etc/ifconfig.ipsecN, all of it or nothing; -n: only check
  culvert ifconfig [-n] -f FILE                  the same where each line says "ifconfig ipsecN …"; - is standard input
Several words in one line are carried out from left to right, up to the first that is refused. A tunnel that is refused
is a warning, as on NetBSD: the exit status stays 0.

Example:
  culvert ifconfig ipsec0 create
  culvert ifconfig ipsec0 tunnel 192.0.2.1 198.51.100.1
  culvert ifconfig ipsec0 inet 172.16.100.1/32 172.16.200.1
`;

/** Run `ifconfig` with `words`. Returns the exit status. */
export function runIfconfig(words: readonly string[], around: HelperSurroundings): Promise<number> {
  return exitStatusOf('ifconfig', around.terminal, () => carryOut(parseIfconfigRequest(words), around));
}

async function carryOut(request: IfconfigRequest, around: HelperSurroundings): Promise<number> {
  const { terminal } = around;
  // There is one kind of interface, whoever asks.
  if (request.kind === 'cloners') {
    terminal.print('ipsec\n');
    return 0;
  }
  const text = request.kind === 'file' ? await readText(request.file, terminal) : '';
  return withHelper(around, (client) => ask(request, text, client, terminal));
}

async function ask(
  request: Exclude<IfconfigRequest, { kind: 'cloners' }>,
  text: string,
  client: HelperClient,
  terminal: Terminal,
): Promise<number> {
  switch (request.kind) {
    case 'change':
      return await carryOutChanges(request.name, request.changes, client, terminal);
    case 'file':
      return await runText(request, text, client, terminal);
    case 'connected':
      return (await findInterface(request.name, client)).isRunning ? 0 : 1;
    case 'show':
      terminal.print(formatInterface(await findInterface(request.name, client)));
      return 0;
    case 'all':
    case 'names': {
      const { interfaces } = await client.call('status.get', {});
      const shown = interfaces.filter((row) => passes(row, request.filter));
      const names = shown.map(({ name }) => name).join(' ');
      terminal.print(request.kind === 'names' ? `${names}\n` : shown.map(formatInterface).join(''));
      return 0;
    }
  }
}

function readText(file: string | null, terminal: Terminal): Promise<string> {
  return file === null ? terminal.readInput() : terminal.readFile(file);
}

async function runText(
  { name, file, semantics }: IfconfigRequest & { kind: 'file' },
  text: string,
  client: HelperClient,
  terminal: Terminal,
): Promise<number> {
  const { errors } = await client.call('ifconfig.run', { name, text, semantics });
  const excerptAt = sourceExcerpts(text);
  for (const error of errors) {
    const place = `${file ?? 'standard input'}:${error.line}:${error.column}`;
    const excerpt = excerptAt(error.line, error.column).replace(/^/gm, '    ');
    terminal.complain(`ifconfig: ${place}: ${error.message}\n${excerpt}\n  ${error.hint}\n`);
  }
  if (errors.length > 0) terminal.complain('ifconfig: nothing was changed\n');
  return errors.length > 0 ? 1 : 0;
}

async function findInterface(name: string, client: HelperClient): Promise<InterfaceStatus> {
  const { interfaces } = await client.call('status.get', {});
  const found = interfaces.find((row) => row.name === name);
  if (found !== undefined) return found;
  throw new IpsecError('INTERFACE_NOT_FOUND', `interface ${name} does not exist`, { field: 'name' });
}

function passes({ isUp, isRunning }: InterfaceStatus, { state, isConnected }: IfconfigFilter): boolean {
  return (state === null || isUp === (state === 'up')) && (!isConnected || isRunning);
}

/** Left to right up to the first that is refused; but a refused tunnel is only a warning, as in NetBSD's tunnel.c. */
async function carryOutChanges(
  name: string,
  changes: readonly InterfaceChange[],
  client: HelperClient,
  terminal: Terminal,
): Promise<number> {
  for (const change of changes) {
    try {
      await callFor(name, change, client);
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      terminal.complain(formatComplaint('ifconfig', ioctlOf(change), error));
      if (change.kind !== 'tunnel' || unreached.includes(error.code)) return 1;
    }
  }
  return 0;
}

/** What no driver says: nothing was asked of it. */
const unreached: readonly ErrorCode[] = ['HELPER_UNREACHABLE', 'HELPER_DENIED', 'API_DENIED'];

/** The ioctl that BSD's ifconfig would have named. */
function ioctlOf(action: InterfaceChange): string {
  return (
    {
      create: 'SIOCIFCREATE',
      destroy: 'SIOCIFDESTROY',
      tunnel: 'SIOCSLIFPHYADDR',
      deletetunnel: 'SIOCDIFPHYADDR',
      address: 'SIOCAIFADDR',
      delete: 'SIOCDIFADDR',
      mtu: 'SIOCSIFMTU',
      up: 'SIOCSIFFLAGS',
      flag: 'SIOCSIFFLAGS',
    }[action.kind] + (action.kind === 'address' && addressFamily(action.address) === 6 ? '_IN6' : '')
  );
}

async function callFor(name: string, action: InterfaceChange, client: HelperClient): Promise<void> {
  switch (action.kind) {
    case 'create':
      return void (await client.call('interface.create', { name }));
    case 'destroy':
      return void (await client.call('interface.destroy', { name }));
    case 'tunnel': {
      const { local, peer, localPort, peerPort } = action;
      return void (await client.call('interface.setTunnel', { name, local, peer, localPort, peerPort }));
    }
    case 'deletetunnel':
      return void (await client.call('interface.deleteTunnel', { name }));
    case 'address': {
      const { address, prefixLength, peer } = action;
      return void (await client.call('interface.addAddress', { name, address, prefixLength, peer }));
    }
    case 'delete':
      return void (await client.call('interface.removeAddress', { name, address: action.address }));
    case 'mtu':
      return void (await client.call('interface.setMtu', { name, mtu: action.mtu }));
    case 'up':
      return void (await client.call('interface.setFlags', { name, isUp: action.isUp }));
    case 'flag':
      return void (await client.call('interface.setFlags', { name, [action.flag]: action.isSet }));
  }
}
