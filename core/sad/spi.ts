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

/** Draws before giving up: with 65,536 SPIs in use, a free one is missed less than once in 10⁷⁷ tries. */
const allocationTries = 16;

/** @throws {IpsecError} `SPI_RESERVED` for 0…255, `SPI_RANGE` when not a 32-bit unsigned integer. */
export function parseSpi(value: number): Spi {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new IpsecError('SPI_RANGE', `SPI ${value} is not a 32-bit number`, { field: 'spi' });
  }
  if (value <= 255) throw new IpsecError('SPI_RESERVED', `SPI ${value} is reserved (0 to 255)`, { field: 'spi' });
  return value as Spi;
}

/**
 * A random SPI above 255 that is not in use (RFC 4303 §2.1).
 * @throws {IpsecError} `SA_LIMIT` when chance gave only used ones.
 */
export function allocateSpi(random: Random, isUsed: (spi: number) => boolean): Spi {
  const bytes = new Uint8Array(4);
  for (let tries = 0; tries < allocationTries; tries++) {
    random.fill(bytes);
    const value = readU32(bytes, 0);
    if (value > 255 && !isUsed(value)) return parseSpi(value);
  }
  throw new IpsecError('SA_LIMIT', `no free SPI was found in ${allocationTries} tries`);
}
