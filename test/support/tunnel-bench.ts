/**
 * One interface between 192.0.2.1 and 192.0.2.2 over a SAD with given associations, without a machine.
 * @module
 */
import { parseIpAddress } from '#core/ip/address.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import { Sad } from '#core/sad/sad.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { Spd } from '#core/spd/spd.ts';
import { testAssociation } from '#test/support/associations.ts';

const local = parseIpAddress('192.0.2.1');
const peer = parseIpAddress('192.0.2.2');

/** How the interface is configured. */
export type TunnelSetting = { link0?: boolean; link2?: boolean; localPort?: number; peerPort?: number };

/** The interface, with reqids 16385 to 16388 unless link0 is set, and the SAD. */
export function tunnelBench(
  setting: TunnelSetting,
  specs: readonly AssociationSpec[],
): { record: Interface; sad: Sad } {
  const { link0 = false, link2 = true, localPort = 0, peerPort = 0 } = setting;
  const sad = new Sad({ limit: 100 });
  for (const spec of specs) sad.add(spec, 0, 1);
  const ipsecif = new Ipsecif(new Spd());
  ipsecif.create('ipsec0');
  ipsecif.setFlags('ipsec0', { link0, link2 });
  return { record: ipsecif.setTunnel('ipsec0', { local, peer, localPort, peerPort }), sad };
}

/** An association to send on. */
export function outboundSpec(spi: number, changes: Partial<AssociationSpec> = {}): AssociationSpec {
  return testAssociation(spi, changes);
}

/** An association to receive on. */
export function inboundSpec(spi: number, changes: Partial<AssociationSpec> = {}): AssociationSpec {
  return testAssociation(spi, { source: peer, destination: local, ...changes });
}

/** ESP in UDP between these ports. */
export function inUdp(source: number, destination: number): Partial<AssociationSpec> {
  return { protocol: 'esp-udp', ports: { source, destination } };
}
