import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AssociationCell } from '#core/datapath/counters.ts';
import type { DropReasonName } from '#core/datapath/drop-reason.ts';
import { mtuOfCell } from '#core/datapath/path-mtu.ts';
import { SendFlag } from '#core/datapath/ports.ts';
import {
  unheededIcmp,
  type SnapshotAssociation,
  type SnapshotIcmp,
  type SnapshotInterface,
} from '#core/datapath/snapshot.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { formatAddress } from '#core/ip/address.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { makeIcmp, makeIcmpPacket, type MadeIcmp } from '#test/support/packet/icmp-maker.ts';
import { ip, makeSnapshot, outer6, tokens, type TestDatapath } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

const all: SnapshotIcmp = {
  ...unheededIcmp,
  acceptsTooBig: true,
  acceptsUnreachable: true,
  acceptsTimeExceeded: true,
  acceptsParameterProblem: true,
};
const sa6 = { family: 6, source: outer6.local, destination: outer6.peer, socket: tokens.esp6 } as const;
const natT = { udp: { sourcePort: 4500, destinationPort: 4501 }, socket: tokens.udp4 } as const;
const router = '203.0.113.9';
const router6 = '2001:db8:99::9';

/** A gateway that has sent packets of 1300 inner bytes, the last of them with the number given. */
class Gateway {
  readonly datapath: TestDatapath;
  readonly family: 4 | 6;
  readonly #association: SnapshotAssociation;

  constructor(
    association: Partial<SnapshotAssociation> = {},
    { icmp = all, entry = {} }: { icmp?: SnapshotIcmp; entry?: Partial<SnapshotInterface> } = {},
  ) {
    const sender = makeSender(association, { dontFragment: 'set', pathMtuDiscovery: true, ...entry });
    this.datapath = sender.datapath;
    this.#association = sender.association;
    this.family = sender.association.family;
    this.apply(icmp, sender.entry);
    this.send();
  }

  apply(icmp: SnapshotIcmp, entry: SnapshotInterface): void {
    this.datapath.apply(makeSnapshot({ interfaces: [entry], outbound: [this.#association], icmp }));
  }

  send(): void {
    send(this.datapath, udp(1300 - 28, { hasDontFragment: true }));
  }

  /** The last packet sent, as it looks on the wire. */
  sent(): Uint8Array {
    const { bytes, destination, port } = present(this.datapath.wire.sent.at(-1));
    const { family, source, udp: ports } = this.#association;
    const pair = { source: formatAddress(source, 0, family), destination: formatAddress(destination, 0, family) };
    if (ports === null) return buildIpPacket({ ...pair, protocol: 50 }, bytes);
    return buildUdpPacket({ ...pair, sourcePort: ports.sourcePort, destinationPort: port, payload: bytes });
  }

  hear(icmp: Partial<MadeIcmp> = {}, now = 2000): Partial<Record<DropReasonName, number>> {
    const made = {
      type: this.family === 4 ? 3 : 2,
      code: this.family === 4 ? 4 : 0,
      word: 1300,
      quote: this.sent().slice(0, 576),
      ...icmp,
    };
    const [from, to] = this.family === 4 ? [router, '192.0.2.2'] : [router6, '2001:db8:0:2::1'];
    const bytes = this.family === 4 ? makeIcmpPacket(made, from, to) : makeIcmp(made, 6);
    return this.hearBytes(bytes, now);
  }

  /** What was counted for one message. */
  hearBytes(bytes: Uint8Array, now = 2000): Partial<Record<DropReasonName, number>> {
    const before = this.datapath.allDrops();
    const sender = ip(this.family === 4 ? router : router6);
    this.datapath.wire.toReceive.push({ bytes, tos: this.family === 4 ? -1 : 0, sender });
    this.datapath.inbound.pump(this.family === 4 ? tokens.icmp4 : tokens.icmp6, now);
    const counted = Object.entries(this.datapath.allDrops()) as [DropReasonName, number][];
    return Object.fromEntries(
      counted.map(([name, count]) => [name, count - (before[name] ?? 0)]).filter(([, count]) => count !== 0),
    );
  }

  get told(): number {
    return mtuOfCell(this.datapath.associationCell(this.#association.slot, AssociationCell.pathMtu));
  }
}

describe('ICMP about our packets that nobody vouches for (RFC 4301 §6.1.1)', () => {
  for (const [how, association] of [
    ['IPv4', {}],
    ['IPv6', sa6],
    ['UDP', natT],
  ] as const) {
    test(`over ${how} "too big" narrows the path of the association that it quotes, and the inner sender hears`, () => {
      const gateway = new Gateway(association);
      assert.deepEqual(gateway.hear(), { icmpTaken: 1 });
      assert.equal(gateway.told, 1300);
      gateway.send();
      assert.equal(gateway.datapath.drops('outTooBig'), 1);
      assert.equal(gateway.datapath.tun.written.length, 1);
    });

    test(`over ${how} a quote without SPI and number, or of other addresses, is about nobody of ours`, () => {
      const gateway = new Gateway(association);
      const quote = gateway.sent();
      const header = gateway.family === 4 ? 20 : 40;
      assert.deepEqual(gateway.hear({ quote: quote.slice(0, header + 7) }), { icmpForeign: 1 });
      for (const at of gateway.family === 4 ? [12, 16, 20] : [8, 24, 40]) {
        const changed = quote.slice();
        changed[at]! ^= 1;
        assert.deepEqual(gateway.hear({ quote: changed }), { icmpForeign: 1 }, `byte ${at}`);
      }
      assert.equal(gateway.told, 0);
    });
  }

  test('each type has a switch', () => {
    const types = [
      ['acceptsTooBig', { type: 3, code: 4 }],
      ['acceptsUnreachable', { type: 3, code: 1 }],
      ['acceptsTimeExceeded', { type: 11, code: 0 }],
      ['acceptsParameterProblem', { type: 12, code: 0 }],
    ] as const;
    for (const [accepts, message] of types) {
      assert.deepEqual(new Gateway().hear(message), { icmpTaken: 1 }, accepts);
      const refusing = new Gateway({}, { icmp: { ...all, [accepts]: false } });
      assert.deepEqual(refusing.hear(message), { icmpRefused: 1 }, accepts);
      assert.deepEqual([refusing.told, refusing.datapath.events], [0, []]);
    }
    // Source quench and redirects are the host's.
    assert.deepEqual(
      [new Gateway().hear({ type: 4 }), new Gateway().hear({ type: 5 })],
      [{ icmpRefused: 1 }, { icmpRefused: 1 }],
    );
  });

  test('a sequence number that was not used, or long ago, is a forgery (RFC 8201 §4)', () => {
    const gateway = new Gateway({ initialSequence: 2 ** 20 });
    const quoted = (sequence: number): Partial<Record<DropReasonName, number>> => {
      const quote = gateway.sent();
      new DataView(quote.buffer).setUint32(24, sequence);
      return gateway.hear({ quote });
    };
    for (const sequence of [0, 2 ** 20 + 2, 2 ** 32 - 1, 2 ** 20 + 1 - 2 ** 18]) {
      assert.deepEqual(quoted(sequence), { icmpForged: 1 }, String(sequence));
    }
    assert.equal(gateway.told, 0);
    for (const sequence of [2 ** 20 + 1, 2 ** 20 + 2 - 2 ** 18]) assert.deepEqual(quoted(sequence), { icmpTaken: 1 });
  });

  test('with ESN the low word is enough, on either side of a carry', () => {
    const gateway = new Gateway({ hasEsn: true, initialSequence: 2 ** 32 - 2 });
    const quote = gateway.sent();
    gateway.send();
    assert.deepEqual(gateway.hear({ quote }), { icmpTaken: 1 });
    assert.deepEqual(gateway.hear(), { icmpTaken: 1 });
  });

  test('an MTU that the quoted packet fits, or that no link has, is a forgery', () => {
    const gateway = new Gateway();
    const { length } = gateway.sent();
    for (const word of [length, length + 1, 65535, 67, 1]) assert.deepEqual(gateway.hear({ word }), { icmpForged: 1 });
    assert.deepEqual([gateway.told, gateway.hear({ word: length - 1 })], [0, { icmpTaken: 1 }]);
    const gateway6 = new Gateway(sa6);
    for (const word of [0, 68, 1279, 2 ** 32 - 1]) assert.deepEqual(gateway6.hear({ word }), { icmpForged: 1 });
    assert.deepEqual([gateway6.told, gateway6.hear({ word: 1280 })], [0, { icmpTaken: 1 }]);
  });

  test('no message widens a path; time does', () => {
    const gateway = new Gateway();
    gateway.hear({ word: 1000 });
    gateway.hear({ word: 1200 });
    assert.equal(gateway.told, 1000);
    gateway.hear({ word: 1200 }, 2000 + 600_000);
    assert.equal(gateway.told, 1200);
  });

  test('the least MTU that an attacker on the path gets is the floor, and what he claims to be dropped goes without DF', () => {
    const gateway = new Gateway();
    gateway.hear({ word: 68 });
    send(gateway.datapath, udp(400, { hasDontFragment: true }), udp(600, { hasDontFragment: true }));
    assert.equal(gateway.datapath.drops('outTooBig'), 1);
    assert.equal(present(gateway.datapath.wire.sent.at(-1)).flags, 0);
    send(gateway.datapath, udp(0, { hasDontFragment: true }));
    assert.equal(present(gateway.datapath.wire.sent.at(-1)).flags & SendFlag.dontFragment, 0);
  });

  test('a router of before RFC 1191 names no MTU, and means the next plateau', () => {
    const gateway = new Gateway();
    assert.deepEqual(gateway.hear({ word: 0 }), { icmpTaken: 1 });
    assert.equal(gateway.told, 1006);
  });

  test('all other errors are logged with who says so, once in ten seconds and interface', () => {
    const gateway = new Gateway();
    for (let count = 0; count < 5; count++) gateway.hear({ type: 3, code: 1 });
    assert.deepEqual(gateway.datapath.events, [
      { kind: 'log', message: 'ipsec0: 203.0.113.9 says that packets to 192.0.2.1 do not arrive (ICMP type 3 code 1)' },
    ]);
    gateway.hear({ type: 11 }, 12_001);
    assert.equal(gateway.datapath.events.length, 2);
  });

  test('a wrong checksum, a fragment and an echo are about nobody', () => {
    const gateway = new Gateway();
    const message = { type: 3, code: 4, word: 1300, quote: gateway.sent().slice(0, 100) };
    const wrong = makeIcmpPacket(message, router, '192.0.2.2');
    wrong[30]! ^= 1;
    const fragment = makeIcmpPacket(message, router, '192.0.2.2');
    fragment[6] = 0x20;
    for (const bytes of [wrong, fragment, makeIcmpPacket({ ...message, type: 8 }, router, '192.0.2.2')]) {
      const [name] = Object.keys(gateway.hearBytes(bytes));
      assert.equal(name, 'icmpForeign');
    }
    assert.equal(gateway.told, 0);
  });

  test('a message cut anywhere, or changed anywhere, throws nothing and is counted once', () => {
    const gateway = new Gateway();
    const whole = makeIcmpPacket(
      { type: 3, code: 4, word: 1300, quote: gateway.sent().slice(0, 60) },
      router,
      '192.0.2.2',
    );
    for (let length = 0; length < whole.length; length++) {
      const counted = Object.values(gateway.hearBytes(whole.slice(0, length)));
      assert.deepEqual(counted, [1], `${length} bytes`);
      const changed = whole.slice();
      changed[length]! ^= 0xff;
      assert.deepEqual(Object.values(gateway.hearBytes(changed)), [1], `byte ${length}`);
    }
  });

  test('an association that is gone is nobody’s', () => {
    const gateway = new Gateway();
    const quote = gateway.sent();
    gateway.datapath.apply(makeSnapshot({ icmp: all }));
    assert.deepEqual(gateway.hear({ quote }), { icmpForeign: 1 });
  });
});
