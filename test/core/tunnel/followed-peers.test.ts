import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressBytes16, parseIpAddress } from '#core/ip/address.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { FollowedPeers } from '#core/tunnel/followed-peers.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { tunnelBench } from '#test/support/tunnel-bench.ts';

const place = { address: addressBytes16(parseIpAddress('198.51.100.7')), port: 31337 };

function follower(changes: Partial<Interface['options']> = {}, link0 = true): Interface {
  const { record } = tunnelBench({ link0 }, []);
  return { ...record, options: { ...record.options, followsPeer: true, ...changes } };
}

test('follows only where NAT-T is on and the tunnel allows it', () => {
  for (const [record, isFollowed] of [
    [follower(), true],
    [follower({ followsPeer: false }), false],
    [follower({}, false), false],
    [{ ...follower(), outer: null, policies: null }, false],
  ] as const) {
    const peers = new FollowedPeers();
    assert.equal(peers.follow(record, place), isFollowed);
    assert.equal(peers.version, isFollowed ? 1 : 0);
    assert.equal(peers.placeOf(record), isFollowed ? place : null);
  }
});

test('a place holds while the outer addresses and the permission do', () => {
  const peers = new FollowedPeers();
  const record = follower();
  peers.follow(record, place);
  const again = { ...record, outer: record.outer === null ? null : { ...record.outer } };
  const forbidden = { ...record, options: { ...record.options, followsPeer: false } };
  assert.deepEqual(
    [again, forbidden, record].map((each) => peers.placeOf(each)),
    [null, null, place],
  );
  peers.retain([record]);
  assert.equal(peers.placeOf(record), place);
  peers.retain([again]);
  assert.equal(peers.placeOf(record), null);
});

test('a gateway sends where its peer was heard, until the tunnel is set anew', async () => {
  const { gateway, datapath, setkey } = await natT();
  datapath.emit({ kind: 'peer-moved', interfaceSlot: 1, association: 1, peer: place });
  await gateway.dumpSetkey('policies', false);
  assert.deepEqual(datapath.current.outbound[0]?.movedTo, place);
  assert.deepEqual(gateway.status().interfaces[0]?.movedTo, { address: '198.51.100.7', port: 31337 });
  // A successor goes there, too.
  await setkey('add 10.0.0.1 10.0.0.2 esp-udp 301 -E aes-gcm-16 "0123456789abcdefsalt";');
  assert.deepEqual(datapath.current.outbound.map(({ spi, movedTo }) => [spi, movedTo?.port]).at(-1), [301, 31337]);
  await gateway.setOptions('ipsec0', { followsPeer: false });
  assert.equal(datapath.current.outbound.at(-1)?.movedTo, null);
  assert.equal(gateway.status().interfaces[0]?.movedTo, null);
});

async function natT(): Promise<{
  gateway: FakeMachine['gateway'];
  datapath: FakeMachine['datapath'];
  setkey: (text: string) => Promise<string>;
}> {
  const machine = new FakeMachine();
  const { gateway, datapath } = machine;
  const [local, peer] = [parseIpAddress('10.0.0.1'), parseIpAddress('10.0.0.2')];
  await gateway.createInterface('ipsec0');
  await gateway.setFlags('ipsec0', { link0: true });
  await gateway.setOptions('ipsec0', { followsPeer: true });
  await gateway.setTunnel('ipsec0', { local, peer, localPort: 4500, peerPort: 4500 });
  await machine.setkey('add 10.0.0.1 10.0.0.2 esp-udp 300 -E aes-gcm-16 "0123456789abcdefsalt";');
  return { gateway, datapath, setkey: (text) => machine.setkey(text) };
}

test('a peer that comes back to where the tunnel says is followed no more', () => {
  const peers = new FollowedPeers();
  const record = follower();
  assert.ok(record.outer !== null);
  const outer = { ...record.outer, peerPort: 4500 };
  const named = { ...record, outer };
  const home = { address: addressBytes16(outer.peer), port: 4500 };
  peers.follow(named, place);
  peers.follow(named, { ...home, port: 4501 });
  assert.deepEqual(peers.placeOf(named), { ...home, port: 4501 });
  peers.follow(named, home);
  assert.deepEqual([peers.placeOf(named), peers.version], [null, 3]);
});
