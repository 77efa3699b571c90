/**
 * Who may import whom, with a reason for each row. A folder that is not in the table may not be imported, and a
 * file may always import from its own folder. Tests may import everything.
 * @module
 */

/** One row: files under `folder` may import from the folders of `mayImport`. The longest matching folder counts. */
export type ImportRow = { readonly folder: string; readonly mayImport: readonly string[]; readonly because: string };

const upToSpd = ['base', 'ip', 'crypto', 'esp', 'sad', 'spd'];
const upToIpsecif = [...upToSpd, 'ipsecif'];
const upToTunnel = [...upToIpsecif, 'setkey', 'ifconfig', 'profile', 'datapath', 'tunnel'];

/** What the window may know of core: the contract, what a user saves and writes, and the registries behind choices. */
const windowSees = ['base', 'ip', 'crypto', 'setkey', 'ifconfig', 'profile', 'api'];

/** The table. Folders of `mayImport` are below core/. */
export const importTable: readonly ImportRow[] = [
  { folder: 'core/base', mayImport: [], because: 'everything stands on it, so it stands on nothing' },
  { folder: 'core/ip', mayImport: ['base'], because: 'headers and addresses know nothing of IPsec' },
  { folder: 'core/crypto', mayImport: ['base', 'ip'], because: 'sealing a super-packet cuts it into inner packets' },
  { folder: 'core/esp', mayImport: ['base', 'ip', 'crypto'], because: 'ESP is a packet format over a transform' },
  { folder: 'core/sad', mayImport: ['base', 'ip', 'crypto', 'esp'], because: 'an association is keys and ESP state' },
  { folder: 'core/spd', mayImport: ['base', 'ip'], because: 'a policy names a reqid, never an association' },
  { folder: 'core/ipsecif', mayImport: upToSpd, because: 'an interface generates policies and finds associations' },
  { folder: 'core/setkey', mayImport: upToIpsecif, because: 'the language speaks of associations and policies' },
  {
    folder: 'core/ifconfig',
    mayImport: [...upToIpsecif, 'setkey'],
    because: 'the language speaks of interfaces, with setkey’s names of ports and its nearest words',
  },
  { folder: 'core/datapath', mayImport: upToIpsecif, because: 'it decides by a snapshot of what lies below it' },
  {
    folder: 'core/profile',
    mayImport: [...upToIpsecif, 'setkey', 'ifconfig'],
    because: 'what a user saves is an interface and associations, and is shown in setkey’s and ifconfig’s words',
  },
  {
    folder: 'core/lint',
    mayImport: [...upToIpsecif, 'setkey', 'ifconfig', 'profile'],
    because: 'it judges what texts and profiles say, without a gateway',
  },
  {
    folder: 'core/tunnel',
    mayImport: [...upToIpsecif, 'setkey', 'ifconfig', 'profile', 'datapath'],
    because: 'a gateway joins all of it',
  },
  { folder: 'core/api', mayImport: upToTunnel, because: 'the contract names what a gateway has' },
  { folder: 'core/host', mayImport: upToTunnel, because: 'it implements the ports that those folders declare' },
  { folder: 'core/capture', mayImport: upToTunnel, because: 'the inbound loop judges packets that a file holds' },
  {
    folder: 'core/client',
    mayImport: ['base', 'api'],
    because: 'the helper as the command line and the window see it',
  },
  { folder: 'core/helper', mayImport: [...upToTunnel, 'api', 'host'], because: 'composition root of culvertd' },
  {
    folder: 'core/cli',
    mayImport: [...upToTunnel, 'lint', 'capture', 'api', 'client', 'host', 'helper'],
    because: 'composition root of culvert',
  },
  {
    folder: 'electron',
    mayImport: [...windowSees, 'client'],
    because: 'it relays the contract between the helper and the window, and holds no truth of its own',
  },
  { folder: 'renderer', mayImport: windowSees, because: "it shows what the contract says; the rest is the helper's" },
  { folder: 'build', mayImport: ['base', 'crypto', 'datapath', 'lint'], because: 'docs are generated from the tables' },
  {
    folder: 'examples',
    mayImport: [...upToTunnel, 'capture', 'api', 'client', 'host', 'helper', 'cli'],
    because: 'an example is a composition root',
  },
];

/** Folders of core that touch the machine; all others are pure. */
export const impureFolders: readonly string[] = ['core/host', 'core/client', 'core/helper', 'core/cli'];

/** npm package → folders that may import it, with the reason. */
export const packageTable: Readonly<Record<string, { readonly folders: readonly string[]; readonly because: string }>> =
  {
    '@noble/ciphers': {
      folders: ['core/crypto'],
      because: 'the portable transform, which the native one is held against',
    },
    '@noble/hashes': { folders: ['core/crypto', 'core/sad', 'core/helper'], because: 'HMAC, and fingerprints of keys' },
    zod: {
      folders: ['core/api', 'core/client', 'core/helper', 'core/profile', 'core/tunnel'],
      because: 'the one contract, from which every side derives; files that culvertd reads again',
    },
    uqr: { folders: ['core/profile'], because: 'QR codes of exported profiles' },
    pino: { folders: ['core/helper'], because: 'the structured log of culvertd' },
    'vscode-jsonrpc': { folders: ['core/api', 'core/client', 'core/helper'], because: 'framing on the control socket' },
    ws: { folders: ['core/cli'], because: 'the WebSocket between `culvert ui` and the page, never loaded by culvertd' },
    commander: { folders: ['core/helper', 'core/cli'], because: 'options of the two programs' },
    'tun-tap': { folders: ['core/host'], because: 'the native package is one way to implement the ports' },
  };
