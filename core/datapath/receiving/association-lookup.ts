/**
 * SPI and outer destination → association (RFC 4301 §4.1), once for the packets of a flow that stand together in a batch.
 * @module
 */
import type { InboundAssociation, InboundTable } from '#core/datapath/inbound-table.ts';
import { equalAddressAt } from '#core/datapath/outer-header.ts';

/** Looks up the associations of one batch. */
export class AssociationLookup {
  #table: InboundTable | null = null;
  /** Association of the packet before: most often the next one's, too. */
  #previous: InboundAssociation | null = null;

  /** A batch begins, to be decided by this table. */
  begin(table: InboundTable): void {
    this.#table = table;
    this.#previous = null;
  }

  /**
   * The association of a packet whose destination lies in `addresses` at `destination`, or null. The SPI comes in an
   * object, because a number above 2³¹ that is passed on is allocated: 16 bytes.
   */
  find(
    family: number,
    packet: { readonly spi: number },
    addresses: Uint8Array,
    destination: number,
  ): InboundAssociation | null {
    const { spi } = packet;
    const previous = this.#previous;
    if (previous !== null && previous.spi === spi && fits(previous, family, addresses, destination)) return previous;
    let candidate = this.#table?.bySpi.get(spi) ?? null;
    while (candidate !== null && !fits(candidate, family, addresses, destination)) candidate = candidate.nextWithSpi;
    this.#previous = candidate;
    return candidate;
  }
}

function fits({ interfaces }: InboundAssociation, family: number, addresses: Uint8Array, destination: number): boolean {
  return interfaces.family === family && equalAddressAt(interfaces.local, 0, addresses, destination, family);
}
