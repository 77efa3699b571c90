/**
 * strongSwan's charon with kernel-libipsec: ESP in userland, always in UDP. Each daemon has settings, socket and log of
 * its own; the load list is explicit, so that nothing of /etc is read, and kernel-libipsec stands before kernel-netlink.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { isInstalled } from '#examples/two-gateways/netns/machine.ts';
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import type { Command, Running } from '#examples/two-gateways/netns/process.ts';
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import type { BenchContext, Contender, Endpoints } from '../contender.ts';
import { makePair } from '../namespace-pair.ts';
import { sidesOf, type Side } from './inner-device.ts';
import { untilReady } from './readiness.ts';

const charonPath = '/usr/sbin/charon-systemd';
const libipsecPath = '/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so';
const plugins =
  'random nonce openssl gcm aes sha1 sha2 hmac kdf curve25519 pem pkcs1 pkcs8 x509 pubkey ' +
  'kernel-libipsec kernel-netlink socket-default vici updown';

/** charon with libipsec. */
export const libipsec: Contender = {
  name: 'libipsec',
  label: 'strongSwan, libipsec',
  role: 'peer',
  obstacle: () => Promise.resolve(findMissing()),
  start: startBoth,
};

type Daemon = { readonly namespace: Namespace; readonly folder: string; readonly running: Running };

function findMissing(): string | null {
  if (!existsSync(charonPath)) return 'charon-systemd is not installed';
  if (!existsSync(libipsecPath)) return 'kernel-libipsec is not installed (libcharon-extra-plugins)';
  return isInstalled('swanctl') ? null : 'swanctl is not installed (strongswan-swanctl)';
}

async function startBoth({ processes, directory }: BenchContext): Promise<Endpoints> {
  const { a, b } = await makePair(processes, 'libipsec');
  const secret = randomBytes(16).toString('hex');
  const first = await startOne(a, 'a', directory, secret);
  const second = await startOne(b, 'b', directory, secret);
  await swanctl(first.daemon, '--initiate', '--child', 'net', '--timeout', '20');
  return {
    ...{ a, b, addressA: sideA.inner[4], addressB: sideB.inner[4] },
    daemonPids: [first.daemon.running.pid, second.daemon.running.pid],
    startupMs: Math.max(first.startupMs, second.startupMs),
  };
}

async function startOne(
  namespace: Namespace,
  side: Side,
  directory: string,
  secret: string,
): Promise<{ daemon: Daemon; startupMs: number }> {
  // libipsec takes selectors only with an address of this machine inside.
  await namespace.configure([`address add ${sidesOf(side).own.inner[4]}/32 dev lo`]);
  const folder = join(directory, `charon-${side}`);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'strongswan.conf'), daemonSettings(folder), { mode: 0o600 });
  writeFileSync(join(folder, 'swanctl.conf'), connectionSettings(side, secret), { mode: 0o600 });
  const started = performance.now();
  const running = namespace.start(inFolder(folder, [charonPath]));
  const daemon = { namespace, folder, running };
  const startupMs = await untilReady('charon', running, started, () => existsSync(socketOf(folder)));
  await swanctl(daemon, '--load-all', '--noprompt', '--file', join(folder, 'swanctl.conf'));
  return { daemon, startupMs };
}

async function swanctl({ namespace, folder }: Daemon, ...args: readonly string[]): Promise<void> {
  await namespace.run(inFolder(folder, ['swanctl', ...args, '--uri', `unix://${socketOf(folder)}`]));
}

function inFolder(folder: string, command: Command): Command {
  return ['env', `STRONGSWAN_CONF=${join(folder, 'strongswan.conf')}`, `SWANCTL_DIR=${folder}`, ...command];
}

function socketOf(folder: string): string {
  return join(folder, 'vici');
}

function daemonSettings(folder: string): string {
  const body = `
    load_modular = no
    load = ${plugins}
    install_routes = yes
    plugins {
      vici { socket = unix://${socketOf(folder)} }
      kernel-libipsec { allow_peer_ts = yes }
    }
    filelog { log { path = ${join(folder, 'charon.log')}
      default = 1
      flush_line = yes } }
    syslog { daemon { default = -1 }
      auth { default = -1 } }
    journal { default = -1 }
`;
  return `charon {${body}}\ncharon-systemd {${body}}\n`;
}

function connectionSettings(side: Side, secret: string): string {
  const { own, other } = sidesOf(side);
  return `connections { bench {
  version = 2
  local_addrs = ${own.wire[4]}
  remote_addrs = ${other.wire[4]}
  proposals = aes256gcm16-prfsha256-x25519
  local { auth = psk }
  remote { auth = psk }
  children { net {
    local_ts = ${own.inner[4]}/32
    remote_ts = ${other.inner[4]}/32
    esp_proposals = aes256gcm16
    rekey_time = 0
  } }
} }
secrets { ike-1 { secret = ${secret} } }
`;
}
