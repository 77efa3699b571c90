/**
 * Small packets: how many datagrams of 64 bytes arrive in a second with less than 1 % lost (udp/udp-sender.ts).
 * @module
 */
import type { Probe } from '../figure.ts';
import { findPacketRate } from '../udp/packet-rate.ts';

/** UDP with 64 bytes of payload, A to B. */
export const smallPackets: Probe = {
  name: 'UDP, 64 bytes',
  measure: async (ends, seconds) => {
    const { receivedPerSecond, lossPercent } = await findPacketRate(ends, seconds);
    return { udp64: receivedPerSecond / 1000, udp64Loss: lossPercent };
  },
};
