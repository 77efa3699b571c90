/**
 * Mutated ESP from each kind of socket.
 * @module
 */
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { tokens } from '#test/support/test-datapath.ts';
import { clearEsp, hostilePackets, innerPackets } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { InboundTarget, spis, type MessageTemplate } from './inbound-target.ts';

const ipv4HeaderBytes = 20;
const sequenceOffset = 4;
const outer = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2') };

const espPackets = innerPackets().map((inner, index) => clearEsp(spis[index % spis.length] ?? spis[0], inner));
const bare: readonly MessageTemplate[] = espPackets.map((bytes) => ({ bytes, sequenceAt: sequenceOffset }));
const withHeader: readonly MessageTemplate[] = espPackets.map((esp) => ({
  bytes: buildIpPacket({ ...outer, protocol: 50 }, esp),
  sequenceAt: ipv4HeaderBytes + sequenceOffset,
}));
const hostile: readonly MessageTemplate[] = hostilePackets().map((bytes) => ({ bytes, sequenceAt: -1 }));
const others: readonly MessageTemplate[] = [
  { bytes: Uint8Array.of(0xff), sequenceAt: -1 },
  { bytes: Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8), sequenceAt: -1 },
];

fuzz('raw ESP over IPv4: never a throw, every packet is accepted or dropped for a reason', (random) => {
  const plan = { token: tokens.esp4, family: 4, tos: -1, isUdp: false } as const;
  return new InboundTarget(random, { ...plan, templates: [...withHeader, ...withHeader, ...hostile] });
});

fuzz('raw ESP over IPv6: never a throw, every packet is accepted or dropped for a reason', (random) => {
  return new InboundTarget(random, { token: tokens.esp6, family: 6, tos: 0, isUdp: false, templates: bare });
});

fuzz('ESP in UDP over IPv4: never a throw, every datagram is accepted or dropped for a reason', (random) => {
  const plan = { token: tokens.udp4, family: 4, tos: 0, isUdp: true } as const;
  return new InboundTarget(random, { ...plan, templates: [...bare, ...others] });
});

fuzz('ESP in UDP over IPv6: never a throw, every datagram is accepted or dropped for a reason', (random) => {
  const plan = { token: tokens.udp6, family: 6, tos: 0, isUdp: true } as const;
  return new InboundTarget(random, { ...plan, templates: [...bare, ...others] });
});
