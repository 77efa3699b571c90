/**
 * OpenVPN: AES-256-GCM, point to point over UDP, TLS between two self-signed certificates that know each other's
 * fingerprint, and no kernel module (--disable-dco).
 * @module
 */
import { join } from 'node:path';
import { isInstalled } from '#examples/two-gateways/netns/machine.ts';
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import type { Command, Processes, Running } from '#examples/two-gateways/netns/process.ts';
import { sideA, sideB, tunnelMtu } from '#examples/two-gateways/tunnel/addresses.ts';
import type { BenchContext, Contender, Endpoints } from '../contender.ts';
import { makePair } from '../namespace-pair.ts';
import { sidesOf, type Side } from './inner-device.ts';
import { untilReady } from './readiness.ts';

const cipher = 'AES-256-GCM';
const port = '1194';

/** OpenVPN. */
export const openvpn: Contender = {
  name: 'openvpn',
  label: 'OpenVPN',
  role: 'peer',
  obstacle: () => {
    const missing = ['openvpn', 'openssl'].filter((tool) => !isInstalled(tool));
    return Promise.resolve(missing.length === 0 ? null : `not installed: ${missing.join(', ')}`);
  },
  start: startBoth,
};

type Certificate = { readonly key: string; readonly certificate: string; readonly fingerprint: string };

async function startBoth({ processes, directory }: BenchContext): Promise<Endpoints> {
  const { a, b } = await makePair(processes, 'openvpn');
  const [certificateA, certificateB] = [
    await makeCertificate(processes, directory, 'a'),
    await makeCertificate(processes, directory, 'b'),
  ];
  const started = performance.now();
  const daemons = [start(a, 'a', certificateA, certificateB), start(b, 'b', certificateB, certificateA)];
  const times = await Promise.all(daemons.map((daemon) => untilReady('OpenVPN', daemon, started, () => isUp(daemon))));
  return {
    ...{ a, b, addressA: sideA.inner[4], addressB: sideB.inner[4] },
    daemonPids: daemons.map(({ pid }) => pid),
    startupMs: Math.max(...times),
  };
}

/** It says so only after the handshake. */
function isUp(daemon: Running): boolean {
  return daemon.said().stdout.includes('Initialization Sequence Completed');
}

async function makeCertificate(processes: Processes, directory: string, side: Side): Promise<Certificate> {
  const [key, certificate] = [join(directory, `openvpn-${side}.key`), join(directory, `openvpn-${side}.crt`)];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  await processes.run(['openssl', 'req', ...kind, '-subj', `/CN=${side}`, '-keyout', key, '-out', certificate]);
  const shown = await processes.run(['openssl', 'x509', '-in', certificate, '-noout', '-fingerprint', '-sha256']);
  return { key, certificate, fingerprint: shown.stdout.trim().split('=')[1] ?? '' };
}

function start(namespace: Namespace, side: Side, own: Certificate, other: Certificate): Running {
  const { own: here, other: there } = sidesOf(side);
  const command: Command = [
    'openvpn',
    ...['--dev', 'tun0', '--dev-type', 'tun', '--proto', 'udp4', '--disable-dco'],
    ...['--local', here.wire[4], '--remote', there.wire[4], '--port', port],
    ...['--ifconfig', here.inner[4], there.inner[4], '--tun-mtu', String(tunnelMtu)],
    ...(side === 'a' ? ['--tls-server', '--dh', 'none'] : ['--tls-client']),
    ...['--cert', own.certificate, '--key', own.key, '--peer-fingerprint', other.fingerprint],
    ...['--cipher', cipher, '--data-ciphers', cipher, '--verb', '3'],
  ];
  return namespace.start(command);
}
