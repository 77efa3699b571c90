/**
 * The outcome of decryption as a capture: inner packets as raw IP under their original time, and beside them, as they
 * were captured, the packets that were dropped, with the reason as a comment. What is no ESP is left out.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import type { CaptureRecord } from './capture-record.ts';
import type { DecryptedPacket } from './decrypter.ts';
import { LinkType } from './link-layer.ts';
import { PcapngWriter } from './pcapng-writer.ts';

/** Makes the file, block by block. */
export class DecryptedCapture {
  readonly #writer = new PcapngWriter();
  readonly #write: (block: Uint8Array) => void;
  readonly #innerId: number;
  /** Link type → interface of what was dropped. */
  readonly #outerIds = new Map<number, number>();

  constructor(write: (block: Uint8Array) => void) {
    this.#write = write;
    write(this.#writer.beginSection('culvert decrypt'));
    this.#innerId = this.#describe(LinkType.raw, 'inner');
  }

  /** Add what became of one packet. */
  add(packet: DecryptedPacket, { bytes, linkType, timeNs, wireLength }: CaptureRecord): void {
    const { verdict, inner } = packet;
    if (verdict === 'notEsp') return;
    const comment = `${verdict === 'accept' ? verdict : `${verdict}: ${dropReasons[verdict].label}`}${describe(packet)}`;
    const written =
      inner === null
        ? { interfaceId: this.#outerId(linkType), bytes, wireLength }
        : { interfaceId: this.#innerId, bytes: inner, wireLength: inner.length };
    this.#write(this.#writer.writePacket({ ...written, timeNs, comment }));
  }

  #outerId(linkType: number): number {
    const known = this.#outerIds.get(linkType);
    if (known !== undefined) return known;
    const id = this.#describe(linkType, 'dropped');
    this.#outerIds.set(linkType, id);
    return id;
  }

  #describe(linkType: number, name: string): number {
    const { id, block } = this.#writer.describeInterface(linkType, name);
    this.#write(block);
    return id;
  }
}

function describe({ index, spi, sequence }: DecryptedPacket): string {
  const named = spi === null ? '' : `, SPI ${formatSpi(spi)}`;
  const numbered = sequence === null ? '' : `, sequence number ${sequence}`;
  return `${named}${numbered}, packet ${index} of the capture`;
}
