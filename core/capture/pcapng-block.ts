/**
 * Numbers of the pcapng format (draft-ietf-opsawg-pcapng), for its reader and its writer.
 * @module
 */

/** Block types (§11.1). */
export const BlockType = {
  /** The same in both byte orders, so that it can be read before the order is known. */
  section: 0x0a0d0d0a,
  interface: 1,
  /** Obsolete (appendix A). */
  packet: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const;

/** Stands in a section header in the section's byte order (§4.1). */
export const byteOrderMagic = 0x1a2b3c4d;

/** Bytes of a section header without options. */
export const sectionBlockBytes = 28;

/** Option codes (§3.5, §4.2). */
export const OptionCode = {
  end: 0,
  comment: 1,
  interfaceName: 2,
  userApplication: 4,
  timeResolution: 9,
  timeOffset: 14,
} as const;
