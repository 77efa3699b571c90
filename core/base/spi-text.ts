/**
 * How a Security Parameters Index is written for people: as setkey(8) and captures show it.
 * @module
 */

/** `0xc41d09e7`: eight hexadecimal digits. */
export function formatSpi(spi: number): string {
  return `0x${spi.toString(16).padStart(8, '0')}`;
}
