/**
 * What a hostile or broken network can do to a tunnel on Linux: ICMP errors that are forged or real, links that swallow
 * what is long, overlapping fragments, a peer that is not there. The tunnel must go on.
 * @module
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { writeU16, writeU32 } from '#core/base/bytes.ts';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { makeIcmpPacket, type MadeIcmp } from '#test/support/packet/icmp-maker.ts';
import { recordRoute, withIpv4Options } from '#test/support/packet/ipv4-options.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { missingForSending, sendPackets } from '#test/support/packet/packet-sender.ts';
import { until } from '#test/support/until.ts';
import {
  routedAddresses,
  RoutedGateways,
  routedInterface as name,
  routedSpi,
  type RoutedPlan,
} from './routed/routed-gateways.ts';

const plans = [
  { family: 4, isNatT: false },
  { family: 4, isNatT: true },
  { family: 6, isNatT: false },
  { family: 6, isNatT: true },
] as const satisfies readonly RoutedPlan[];

suite('a hostile path', { skip: missingForTunnels() ?? missingForSending() ?? false }, () => {
  let gateways: RoutedGateways;
  const cleanups: (() => unknown)[] = [];

  before(async () => {
    gateways = await RoutedGateways.open('hostile', cleanups);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  afterEach(async () => {
    await gateways.left.culvertd.ask('settings.set', { acceptsIcmpTooBig: true });
    await gateways.reset();
  });

  for (const plan of plans) {
    const how = `over IPv${plan.family}${plan.isNatT ? ' in UDP' : ''}`;

    test(`${how} forged "too big" narrows nothing, however small the MTU that it names`, async () => {
      await establishKeepingPath(plan);
      await assertPing();
      const next = (await sequence()) + 1;
      const mtus = plan.family === 4 ? [0, 1, 68, 600] : [0, 1, 1279, 1280];
      const forged = mtus.flatMap((word) => [
        tooBig(plan, { word, quote: quoted(plan, routedSpi, next + 1000) }),
        tooBig(plan, { word, quote: quoted(plan, 0xdead, 1) }),
        tooBig(plan, { word, quote: quoted(plan, routedSpi, 0) }),
        tooBig(plan, { word, quote: quoted(plan, routedSpi, 1).slice(0, plan.family === 4 ? 27 : 47) }),
      ]);
      sendPackets(gateways.router, forged);
      await settle();
      await assertPing('-s', '1300', '-M', 'do');
      assert.equal((await outbound()).usage.pathMtu, 0);
      assert.equal(await drops('icmpForged'), 2 * mtus.length);
      assert.equal(await drops('outTooBig'), 0);
    });

    test(`${how} an attacker who knows SPI and number gets no further than the floor, and the switch stops him`, async () => {
      await establishKeepingPath(plan);
      await assertPing();
      const word = plan.family === 4 ? 68 : 1280;
      const attack = async (): Promise<void> => {
        sendPackets(gateways.router, [tooBig(plan, { word, quote: quoted(plan, routedSpi, await sequence()) })]);
        await settle();
      };
      await gateways.left.culvertd.ask('settings.set', { acceptsIcmpTooBig: false });
      await attack();
      assert.deepEqual([(await outbound()).usage.pathMtu, await drops('icmpRefused')], [0, 1]);
      await gateways.left.culvertd.ask('settings.set', { acceptsIcmpTooBig: true });
      await attack();
      assert.deepEqual([(await outbound()).usage.pathMtu, await drops('icmpTaken')], [word, 1]);
      // 576 less 20 or 28, 8 of ESP, 8 of IV, 16 of ICV, rounded to the block; 28 of them are headers.
      const fitting = plan.family === 4 ? '450' : '1150';
      await assertPing('-s', fitting, '-M', 'do');
      await assertPing('-s', '1300', '-M', 'dont');
      assert.match(gateways.ping('-s', '1300', '-M', 'do').said, /mtu ?=/);
    });

    test(`${how} a link that swallows what is long, and says nothing, stops neither what is short nor what comes later`, async () => {
      await establishKeepingPath(plan);
      // veth drops what its other end does not take.
      gateways.right.namespace.ip('link set wan0 mtu 1300');
      assert.equal(gateways.ping('-s', '1340', '-M', 'do').received, 0);
      await assertPing('-s', '1000');
      if (plan.family === 6) {
        await gateways.left.culvertd.ask('interface.setOptions', { name, pmtu: 0 });
        await gateways.right.culvertd.ask('interface.setOptions', { name, pmtu: 0 });
        await assertPing('-s', '1340');
      }
      gateways.right.namespace.ip('link set wan0 mtu 1500');
      await assertPing('-s', '1340');
    });

    test(`${how} jumbo frames carry the largest inner packet there is in one piece`, async () => {
      gateways.setMtu(9000);
      await establishKeepingPath({ ...plan, mtu: 8192 });
      const before = gateways.right.namespace.run('cat', '/proc/net/snmp', '/proc/net/snmp6').stdout;
      await assertPing('-s', String(8192 - 28), '-M', 'do');
      const reassemblies = (text: string): unknown[] => [
        /^Ip6ReasmReqds.*$/m.exec(text)?.[0],
        /^Ip: \d.*$/m.exec(text)?.[0].split(' ')[14],
      ];
      const now = gateways.right.namespace.run('cat', '/proc/net/snmp', '/proc/net/snmp6').stdout;
      assert.deepEqual(reassemblies(now), reassemblies(before));
      assert.equal(gateways.ping('-s', String(8192 - 27), '-M', 'do').received, 0);
    });

    test(`${how} a peer that is not there, and ICMP that says so, leaves the tunnel as it is`, async () => {
      await gateways.configure(gateways.left, plan);
      assert.equal(gateways.ping().received, 0);
      assert.equal(gateways.ping().received, 0);
      assert.equal(await drops('outSend'), 0);
      assert.ok((await drops('icmpTaken')) > 0);
      assert.match(gateways.left.culvertd.log, /says that packets to \S+ do not arrive/);
      await gateways.configure(gateways.right, plan);
      await assertPing();
    });

    test(`${how} overlapping fragments are nobody's packet, and disturb none`, async () => {
      await gateways.establish(plan);
      await assertPing();
      const whole = plan.isNatT ? udpPacket(plan.family) : espPacket(plan.family, new Uint8Array(200).fill(0x5a));
      const pieces = [0, 24, 16, 0].map((at, index) => fragment(whole, at, 64, index === 3));
      sendPackets(gateways.router, [...pieces, ...pieces.toReversed()]);
      await settle();
      await assertPing('-s', '1300');
      const { interfaces } = await gateways.right.culvertd.ask('status.get', {});
      assert.deepEqual([interfaces[0]?.counters.inputPackets, interfaces[0]?.drops], [6, []]);
    });
  }

  test('a path that "too big" about an echo reply narrowed for the host is as wide as before for the tunnel', async () => {
    const plan = { family: 4, isNatT: false } as const;
    await establishKeepingPath(plan);
    const { left, right, router } = routedAddresses[4];
    const echo = buildIpPacket(
      { source: parseIpAddress(left), destination: parseIpAddress(right), protocol: 1 },
      Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 1, ...new Uint8Array(64)),
    );
    sendPackets(gateways.router, [makeIcmpPacket({ type: 3, code: 4, word: 600, quote: echo }, router, left)]);
    await settle();
    assert.match(gateways.left.namespace.ip(`route get ${right}`), /mtu 600/);
    await assertPing('-s', '1300', '-M', 'do');
  });

  test('outer IPv4 options, which the kernel rewrites without mending the checksum, keep no packet from its association', async () => {
    await gateways.establish({ family: 4 });
    const ofNoInterface = async (reason: string): Promise<number> => {
      const { drops: others } = await gateways.right.culvertd.ask('status.get', {});
      return others.find((row) => row.reason === reason)?.packets ?? 0;
    };
    const [unknown, invalid] = [await ofNoInterface('noSa'), await ofNoInterface('ipHeader')];
    sendPackets(gateways.router, [withIpv4Options(espPacket(4, new Uint8Array(60).fill(0x5a)), recordRoute)]);
    await until(async () => (await ofNoInterface('noSa')) > unknown || (await ofNoInterface('ipHeader')) > invalid);
    assert.deepEqual([await ofNoInterface('noSa'), await ofNoInterface('ipHeader')], [unknown + 1, invalid]);
  });

  async function establishKeepingPath(plan: RoutedPlan): Promise<void> {
    await gateways.establish(plan);
    for (const { culvertd } of [gateways.left, gateways.right]) {
      await culvertd.ask('interface.setOptions', {
        name,
        ...(plan.family === 4 ? { dontFragment: 'copy' } : { pmtu: 1 }),
      });
    }
  }

  /** All come back; what both ends counted is the message where they do not. */
  async function assertPing(...args: readonly string[]): Promise<void> {
    const { received, said } = gateways.ping(...args);
    const lines: string[] = [args.join(' '), said];
    for (const { culvertd } of [gateways.left, gateways.right]) {
      const { interfaces, drops: others } = await culvertd.ask('status.get', {});
      lines.push(JSON.stringify({ drops: interfaces.map((row) => row.drops), others }));
    }
    assert.equal(received, 3, lines.join('\n'));
  }

  /** The association that the left end sends by. */
  async function outbound() {
    const { associations } = await gateways.left.culvertd.ask('status.get', {});
    const found = associations.find(({ spi }) => spi === routedSpi);
    assert.ok(found !== undefined);
    return found;
  }

  async function sequence(): Promise<number> {
    return (await outbound()).usage.sequence;
  }

  /** Of the left end, with an interface or without. */
  async function drops(reason: string): Promise<number> {
    const { interfaces, drops: others } = await gateways.left.culvertd.ask('status.get', {});
    const rows = [...others, ...interfaces.flatMap((row) => row.drops)];
    return rows.filter((row) => row.reason === reason).reduce((sum, row) => sum + row.packets, 0);
  }
});

/** Time for the workers to take in what was sent. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

function addresses(family: 4 | 6) {
  const { left, right } = routedAddresses[family];
  return { source: parseIpAddress(left), destination: parseIpAddress(right) };
}

function espPacket(family: 4 | 6, esp: Uint8Array): Uint8Array {
  return buildIpPacket({ ...addresses(family), protocol: 50 }, esp);
}

function udpPacket(family: 4 | 6, esp = new Uint8Array(200).fill(0x5a)): Uint8Array {
  return buildUdpPacket({ ...addresses(family), sourcePort: 4500, destinationPort: 4500, payload: esp });
}

/** A packet of 1400 bytes of the left end, as a router quotes it. */
function quoted({ family, isNatT = false }: RoutedPlan, spi: number, sequence: number): Uint8Array {
  const esp = new Uint8Array(1400);
  writeU32(esp, 0, spi);
  writeU32(esp, 4, sequence);
  return (isNatT ? udpPacket(family, esp) : espPacket(family, esp)).slice(0, 120);
}

function tooBig({ family }: RoutedPlan, icmp: Pick<MadeIcmp, 'word' | 'quote'>): Uint8Array {
  const { left, router } = routedAddresses[family];
  const type = family === 4 ? { type: 3, code: 4 } : { type: 2, code: 0 };
  return makeIcmpPacket({ ...type, ...icmp }, router, left);
}

/** A piece of a packet's payload; `at` and `length` in bytes, multiples of 8. */
function fragment(whole: Uint8Array, at: number, length: number, isLast: boolean): Uint8Array {
  const family = whole[0]! >>> 4 === 4 ? 4 : 6;
  const headerBytes = family === 4 ? 20 : 40;
  const payload = whole.slice(headerBytes + at, headerBytes + at + length);
  if (family === 4) {
    const piece = buildIpPacket({ ...addresses(4), protocol: whole[9]!, identification: 0x7777 }, payload);
    writeU16(piece, 6, (at >>> 3) | (isLast ? 0 : 0x2000));
    return piece;
  }
  const header = new Uint8Array(8);
  header[0] = whole[6]!;
  writeU16(header, 2, at | (isLast ? 0 : 1));
  writeU32(header, 4, 0x77777777);
  return buildIpPacket({ ...addresses(6), protocol: 44 }, Uint8Array.of(...header, ...payload));
}
