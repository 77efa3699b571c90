/**
 * Security Parameters Index (RFC 4303 §2.1).
 * @module
 */
import type { Brand } from '#core/base/brand.ts';
import { readU32 } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';

/** 256 … 2³²−1, host order. 0 never goes on the wire, 1 to 255 are reserved by IANA. */
export type Spi = Brand<number, 'Spi'>;

/** Where to draw from, both ends included. */
export type SpiRange = { readonly min: number; readonly max: number };

/** What SADB_GETSPI draws from when nobody says otherwise (key.c: key_spi_minval, key_spi_maxval). */
export const defaultSpiRange: SpiRange = { min: 0x100, max: 0x0fffffff };

/** Draws before giving up (key.c: key_spi_trycnt). */
const allocationTries = 1000;

/** @throws {IpsecError} `SPI_RESERVED` for 0…255, `SPI_RANGE` when not a 32-bit unsigned integer. */
export function parseSpi(value: number): Spi {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new IpsecError('SPI_RANGE', `SPI ${value} is not a 32-bit number`, { field: 'spi' });
  }
  if (value <= 255) throw new IpsecError('SPI_RESERVED', `SPI ${value} is reserved (0 to 255)`, { field: 'spi' });
  return value as Spi;
}

/**
 * A random SPI of a range that is not in use (RFC 4303 §2.1). The ends must be SPIs themselves.
 * @throws {IpsecError} `SPI_RANGE` for a range upside down, `SPI_EXHAUSTED` when chance gave only used ones.
 */
export function allocateSpi(random: Random, isUsed: (spi: number) => boolean, range: SpiRange = defaultSpiRange): Spi {
  const { min, max } = range;
  if (min > max) throw new IpsecError('SPI_RANGE', `no SPI is from ${min} to ${max}`, { field: 'range' });
  const span = max - min + 1;
  // Draws above the last whole multiple would favour low SPIs.
  const limit = Math.floor(2 ** 32 / span) * span;
  const bytes = new Uint8Array(4);
  for (let tries = 0; tries < allocationTries; tries++) {
    random.fill(bytes);
    const drawn = readU32(bytes, 0);
    if (drawn < limit && !isUsed(min + (drawn % span))) return parseSpi(min + (drawn % span));
  }
  throw new IpsecError('SPI_EXHAUSTED', `no free SPI was found from ${min} to ${max}`, { field: 'range' });
}
