import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DatapathEvent } from '#core/datapath/snapshot.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { ip, makeInterface, makeSnapshot, outer4 } from '#test/support/test-datapath.ts';

const address = { address: parseIpAddress('172.16.0.1'), prefixLength: 32, peer: parseIpAddress('172.16.0.2') };

describe('a machine of the in-process network', () => {
  test('devices are used at once, carry addresses, and go with them', async () => {
    const { machine, router } = buildTwoGateways().a;
    const token = await machine.createInterface('ipsec0', 1280);
    assert.deepEqual([router.interfaceOf('ipsec0').isUp, router.interfaceOf('ipsec0').mtu], [true, 1280]);
    await machine.addAddress('ipsec0', address);
    await machine.setMtu('ipsec0', 1400);
    assert.equal(router.sourceFor(address.peer), address.address);
    assert.equal(router.interfaceOf('ipsec0').mtu, 1400);
    await machine.removeAddress('ipsec0', address);
    assert.equal(router.sourceFor(address.peer), null);
    await machine.destroyInterface('ipsec0', token);
    assert.ok(!router.hasInterface('ipsec0'));
  });

  test('refusals change nothing and carry their codes', async () => {
    const { machine, router, wireAddress } = buildTwoGateways().a;
    await assert.rejects(machine.createInterface('wm0', 1280), { code: 'HOST_NAME_TAKEN' });
    await assert.rejects(machine.bringUp('ipsec7'), { code: 'HOST_FAILED' });
    await machine.createInterface('ipsec0', 1280);
    const taken = { address: wireAddress[4], prefixLength: 32, peer: null };
    await assert.rejects(machine.addAddress('ipsec0', taken), { code: 'HOST_FAILED' });
    assert.deepEqual(router.interfaceOf('ipsec0').addresses, []);
  });

  test('a socket needs an address of ours, and a UDP port that is free', async () => {
    const { machine, wireAddress } = buildTwoGateways().a;
    const udp = { kind: 'udp', family: 4, localAddress: wireAddress[4], localPort: 4500 } as const;
    const foreign = { ...udp, localAddress: parseIpAddress('198.51.100.1') };
    await assert.rejects(machine.openSocket(foreign), { code: 'HOST_FAILED', errno: 'EADDRNOTAVAIL' });
    const token = await machine.openSocket(udp);
    await assert.rejects(machine.openSocket(udp), { code: 'HOST_FAILED', errno: 'EADDRINUSE' });
    await machine.closeSocket(token);
    await machine.openSocket(udp);
  });

  test('the loops run when something is queued, report events, and not after a stop', async () => {
    const { a, clock } = buildTwoGateways();
    const { machine, router } = a;
    const tun = await machine.createInterface('ipsec0', 1280);
    await machine.addAddress('ipsec0', address);
    const events: DatapathEvent[] = [];
    machine.onEvent((event) => void events.push(event));
    const outer = { ...outer4, local: ip('203.0.113.1'), peer: ip('203.0.113.2') };
    await machine.publish(makeSnapshot({ interfaces: [makeInterface({ tun, outer })] }));
    const send = (): void => {
      router.send(
        buildIpPacket({ source: address.address, destination: address.peer, protocol: 253 }, new Uint8Array(4)),
      );
      clock.advance(2000);
    };
    send();
    assert.deepEqual(events, [{ kind: 'acquire', interfaceSlot: 1, spid: 2 }]);
    await machine.stop();
    send();
    assert.equal(events.length, 1);
  });
});
