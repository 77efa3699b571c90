/**
 * Associations that have an SPI and nothing else yet (RFC 2367 §3.1.1, key.c: key_api_getspi). A key daemon asks for
 * one, tells its peer the SPI, and makes the association mature when the keys are agreed on.
 *
 * Another process may not do that, and after 30 seconds the SPI is free again.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
import type { AssociationMode, AssociationProtocol } from './security-association.ts';
import { allocateSpi, parseSpi, type Spi, type SpiRange } from './spi.ts';

/** What SADB_GETSPI asks for. */
export type LarvalRequest = {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: AssociationProtocol;
  readonly mode: AssociationMode;
  readonly reqid: number;
  readonly range: SpiRange;
};

/** An SPI that is kept free for somebody. */
export type LarvalAssociation = Omit<LarvalRequest, 'range'> & {
  readonly spi: Spi;
  readonly createdMs: number;
  /** Who asked, and who alone may make it mature. */
  readonly pid: number;
};

/** What names one. */
type LarvalKey = { readonly destination: IpAddress; readonly spi: number };

/** Seconds that one lives (key.c: key_larval_lifetime). */
export const larvalSeconds = 30;

/** The larval associations of one SAD, by destination and SPI. */
export class LarvalIndex {
  readonly #all = new Map<string, LarvalAssociation>();
  readonly #spiUsers = new Map<number, number>();

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** All, oldest first. */
  all(): Iterable<LarvalAssociation> {
    return this.#all.values();
  }

  /** The one with this destination and SPI. */
  find(key: LarvalKey): LarvalAssociation | null {
    return this.#all.get(keyOf(key)) ?? null;
  }

  /** Whether any has this SPI. */
  hasSpi(spi: number): boolean {
    return this.#spiUsers.has(spi);
  }

  /** Put one in. */
  insert(larval: LarvalAssociation): void {
    this.#all.set(keyOf(larval), larval);
    this.#spiUsers.set(larval.spi, (this.#spiUsers.get(larval.spi) ?? 0) + 1);
  }

  /** Take one out. */
  remove(larval: LarvalAssociation): void {
    if (!this.#all.delete(keyOf(larval))) return;
    const users = this.#spiUsers.get(larval.spi) ?? 0;
    if (users > 1) this.#spiUsers.set(larval.spi, users - 1);
    else this.#spiUsers.delete(larval.spi);
  }

  /** Those whose time has passed at `now`: strictly more than `larvalSeconds` (key.c: key_timehandler_sad). */
  expired(now: number): LarvalAssociation[] {
    return [...this.#all.values()].filter(({ createdMs }) => Math.floor((now - createdMs) / 1000) > larvalSeconds);
  }

  /** When the next one's time has passed; infinite when there is none. */
  nextExpiryMs(): number {
    let next = Infinity;
    // One that came back by a rollback stands behind younger ones.
    for (const { createdMs } of this.#all.values()) next = Math.min(next, createdMs + (larvalSeconds + 1) * 1000);
    return next;
  }
}

/**
 * Draw an SPI for a request.
 * @throws {IpsecError} `ADDRESS_FAMILY_MIXED`, `SPI_RESERVED`, `SPI_RANGE`, `SPI_EXHAUSTED`.
 */
export function makeLarval(
  request: LarvalRequest,
  random: Random,
  isUsed: (spi: number) => boolean,
  made: { readonly now: number; readonly pid: number },
): LarvalAssociation {
  const { range, ...names } = request;
  if (addressFamily(names.source) !== addressFamily(names.destination)) {
    const message = `${names.source} and ${names.destination} are of different families`;
    throw new IpsecError('ADDRESS_FAMILY_MIXED', message, { field: 'destination' });
  }
  parseSpi(range.min);
  parseSpi(range.max);
  return { ...names, spi: allocateSpi(random, isUsed, range), createdMs: made.now, pid: made.pid };
}

function keyOf({ destination, spi }: LarvalKey): string {
  return `${destination} ${spi}`;
}
