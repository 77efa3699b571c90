/**
 * The wire of the in-process network as the judge of captures knows it: each packet in an Ethernet frame, cut to the
 * length that a capture keeps.
 * @module
 */
import { ipVersion } from '#core/ip/ipv4.ts';
import type { TwoGateways } from '#core/host/memory/two-gateways.ts';
import type { CapturedFrame } from '#examples/two-gateways/wire/capture-file.ts';
import { keptBytes } from '#examples/two-gateways/wire/capture.ts';

const ethernetBytes = 14;

/** Hear every packet on the wire as a frame, whose bytes are good until the next one. Gives how to stop listening. */
export function tapWire({ wire }: TwoGateways, listener: (frame: CapturedFrame) => void): () => void {
  const frame = Buffer.alloc(keptBytes);
  let isListening = true;
  wire.tap((packet) => {
    if (!isListening) return;
    const kept = packet.subarray(0, keptBytes - ethernetBytes);
    frame.writeUInt16BE(ipVersion(packet, 0) === 4 ? 0x0800 : 0x86dd, 12);
    frame.set(kept, ethernetBytes);
    const bytes = frame.subarray(0, ethernetBytes + kept.length);
    listener({ bytes, wireLength: ethernetBytes + packet.length });
  });
  return () => void (isListening = false);
}
