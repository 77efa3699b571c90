/**
 * Security Parameters Index (RFC 4303 §2.1).
 * @module
 */
import type { Brand } from '#core/base/brand.ts';
import { IpsecError } from '#core/base/error.ts';

/** 256 … 2³²−1, host order. 0 never goes on the wire, 1 to 255 are reserved by IANA. */
export type Spi = Brand<number, 'Spi'>;

/** @throws {IpsecError} `SPI_RESERVED` for 0…255, `SPI_RANGE` when not a 32-bit unsigned integer. */
export function parseSpi(value: number): Spi {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new IpsecError('SPI_RANGE', `SPI ${value} is not a 32-bit number`, { field: 'spi' });
  }
  if (value <= 255) throw new IpsecError('SPI_RESERVED', `SPI ${value} is reserved (0 to 255)`, { field: 'spi' });
  return value as Spi;
}
