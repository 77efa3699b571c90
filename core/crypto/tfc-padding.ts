/**
 * Padding for traffic flow confidentiality (RFC 4303 §2.7): zeros behind the inner packet, in front of ESP's own padding,
 * which hide how long the packet is. The receiver finds the end by the inner header's length.
 *
 * Not here: whether an interface pads (core/ipsecif/interface-options.ts), and how far (core/datapath/outbound.ts).
 * @module
 */

/**
 * Bytes of an inner packet of `length` bytes with its padding: the next multiple of `multiple`, but not more than
 * `limit`; a packet that is longer than that stays as it is. A `multiple` of 0 pads nothing.
 */
export function tfcPaddedBytes(length: number, multiple: number, limit: number): number {
  if (multiple === 0) return length;
  return Math.max(length, Math.min(limit, Math.ceil(length / multiple) * multiple));
}
