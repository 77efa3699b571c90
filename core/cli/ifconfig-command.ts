/**
 * `culvert ifconfig`: BSD's ifconfig(8) for ipsecN interfaces.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily } from '#core/ip/address.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { formatComplaint } from './complaint.ts';
import { formatInterface } from './ifconfig-output.ts';
import type { InterfaceChange } from '#core/ifconfig/syntax.ts';
import { parseIfconfigWords } from './ifconfig-words.ts';
import type { Terminal } from './terminal.ts';

/** Text of `culvert ifconfig --help`. */
export const ifconfigHelp = `
Forms:
  culvert ifconfig [-a]                          show every interface
  culvert ifconfig -l                            list their names
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
Several words in one line are carried out from left to right, up to the first that is refused.

Example:
  culvert ifconfig ipsec0 create
  culvert ifconfig ipsec0 tunnel 192.0.2.1 198.51.100.1
  culvert ifconfig ipsec0 inet 172.16.100.1/32 172.16.200.1
`;

/** What the ifconfig command stands on. */
export type IfconfigSurroundings = {
  readonly terminal: Terminal;
  /** Connect to the helper; called only when the words are right. */
  readonly connect: () => Promise<HelperClient>;
};

/** Run `ifconfig` with `words`. Returns the exit status. */
export async function runIfconfig(words: readonly string[], surroundings: IfconfigSurroundings): Promise<number> {
  const { terminal } = surroundings;
  let request: string | null = null;
  try {
    const [name, ...rest] = words;
    const actions = name === undefined || name.startsWith('-') ? [] : parseIfconfigWords(rest);
    checkTarget(name, rest);
    const client = await surroundings.connect();
    try {
      if (name === undefined || actions.length === 0) await show(name, client, terminal);
      else {
        for (const action of actions) {
          request = requestName(action);
          await carryOut(name, action, client);
        }
      }
    } finally {
      client.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    terminal.complain(formatComplaint('ifconfig', request, error));
    return 1;
  }
}

function checkTarget(name: string | undefined, rest: readonly string[]): void {
  if (name === undefined || ((name === '-a' || name === '-l') && rest.length === 0)) return;
  if (name === '-a' || name === '-l') {
    throw new IpsecError('IFCONFIG_WORD', `"${name}" takes no further words`, { word: name });
  }
  if (name.startsWith('-'))
    throw new IpsecError('IFCONFIG_WORD', `unknown option "${name.slice(0, 40)}"`, { word: name });
  if (!/^ipsec(0|[1-9][0-9]{0,9})$/.test(name)) {
    throw new IpsecError('INTERFACE_NAME', `"${name.slice(0, 40)}" is not the name of an ipsec interface`, {
      field: 'name',
    });
  }
}

async function show(name: string | undefined, client: HelperClient, terminal: Terminal): Promise<void> {
  const { interfaces } = await client.call('status.get', {});
  if (name === undefined || name === '-a') terminal.print(interfaces.map(formatInterface).join(''));
  else if (name === '-l') terminal.print(`${interfaces.map((row) => row.name).join(' ')}\n`);
  else {
    const found = interfaces.find((row) => row.name === name);
    if (found === undefined)
      throw new IpsecError('INTERFACE_NOT_FOUND', `interface ${name} does not exist`, { field: 'name' });
    terminal.print(formatInterface(found));
  }
}

/** The ioctl that BSD's ifconfig would have named. */
function requestName(action: InterfaceChange): string {
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

async function carryOut(name: string, action: InterfaceChange, client: HelperClient): Promise<void> {
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
