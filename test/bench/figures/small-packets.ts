/**
 * Small packets: how many datagrams of 64 bytes arrive in a second when iperf3 sends as fast as it can. iperf3 itself is
 * the limit above some 250 000 a second.
 * @module
 */
import type { Probe } from '../figure.ts';
import { runUdp } from '../iperf3.ts';

const payloadBytes = 64;

/** UDP with 64 bytes of payload, A to B. */
export const smallPackets: Probe = {
  name: 'UDP, 64 bytes',
  measure: async (ends, seconds) => {
    const { receivedPerSecond, lossPercent } = await runUdp(ends, seconds, payloadBytes);
    return { udp64: receivedPerSecond / 1000, udp64Loss: lossPercent };
  },
};
