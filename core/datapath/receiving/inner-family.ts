/**
 * Stage 7 of the inbound way: what a plaintext says that it carries (RFC 4303 §2.4 to §2.6).
 * @module
 */
import { inboundDrop as reason } from '#core/datapath/drop-number.ts';
import { isSequentialPadding, nextHeader } from '#core/esp/padding.ts';
import { IpProtocol } from '#core/ip/protocol.ts';

/**
 * The inner family, or the reason against the plaintext that ends at `end`, negated. `inner` is what its pad length leaves, negative
 * where that is too much.
 */
export function innerFamily(arena: Uint8Array, end: number, inner: number, checksPadding: boolean): number {
  if (inner < 0) return -reason.padLength;
  if (checksPadding && !isSequentialPadding(arena, end)) return -reason.padBytes;
  const next = nextHeader(arena, end);
  if (next === IpProtocol.ipv4) return 4;
  if (next === IpProtocol.ipv6) return 6;
  return next === IpProtocol.none ? -reason.dummy : -reason.nextHeader;
}
