import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InterfaceStatus, Status } from '#core/api/contract.ts';
import { initialOptions, initialSettings } from '#core/ipsecif/interface-options.ts';
import { tellScene, type SceneFacts } from '#renderer/screens/tunnel/hero-scene.ts';
import { roundTripOf } from '#renderer/screens/tunnel/round-trip.ts';
import type { Tunnel } from '#renderer/state/tunnel-list.ts';
import { createTranslator } from '#renderer/text/catalogue.ts';

const t = createTranslator().t;
const nowMs = 1_000_000;

const link: InterfaceStatus = {
  ...{ name: 'ipsec0', isUp: true, isRunning: true, unnumbered: false, link0: true, link1: false, link2: true },
  ...{ mtu: 1400, options: initialOptions, movedTo: null, altered: null, state: 'up' },
  tunnel: { family: 4, local: '192.0.2.118', peer: '203.0.113.7', localPort: 0, peerPort: 0 },
  addresses: [{ address: '10.0.0.1', prefixLength: 32, peer: '10.0.0.2' }],
  counters: {
    ...{ outputPackets: 100, outputBytes: 1, inputPackets: 200, inputBytes: 1, lastOutputMs: 1, lastInputMs: 1 },
    ...{ ecnCongestion: 0, ecnSuspicious: 0, dummyPackets: 0 },
  },
  drops: [{ reason: 'outNoSa', packets: 26 }],
};
const status: Status = {
  ...{ contractVersion: 1, helperVersion: '0', pid: 1, datapath: 'memory', nowMs, settings: initialSettings },
  ...{ interfaces: [link], associations: [], larvals: [], policies: [], drops: [] },
};
const tunnel: Tunnel = {
  ...{ name: 'ipsec0', interfaceName: 'ipsec0', profile: null, interface: link, condition: 'waiting' },
  ...{ lastCondition: 'waiting', lastHeardMs: null, lastSentMs: null, keysEndMs: null, heldPackets: 26 },
};
const facts: SceneFacts = {
  ...{ tunnel, status, rate: null, units: 'bits', measuredMs: nowMs, networks: null, routes: null },
  ...{ askedMs: nowMs - 8000, roundTrip: null, sentence: '' },
};

test('a tunnel without keys says what is dropped, and when keys were last asked for', () => {
  const scene = tellScene(facts, t);
  assert.equal(scene.held, '26 dropped');
  assert.match(scene.say, /8\.0 s ago/);
  const seal = scene.band.stations.find(({ id }) => id === 'seal');
  assert.deepEqual(seal?.out, { value: '26 dropped', note: 'no association to send on', tone: 'fault' });
  assert.deepEqual(seal?.in, { value: '0', note: 'of 200', tone: 'plain' });
});

test('what cannot be seen from here is never a 0', () => {
  const { stations } = tellScene(facts, t).band;
  for (const station of stations.filter(({ id }) => id === 'way' || id === 'far')) {
    assert.equal(station.out.tone, 'unseen', station.id);
    assert.equal(station.in.tone, 'unseen', station.id);
  }
});

test('of a tunnel that is not in the machine nothing is counted', () => {
  const absent: Tunnel = { ...tunnel, interface: null, condition: 'off', heldPackets: 0 };
  const { band, held } = tellScene({ ...facts, tunnel: absent }, t);
  assert.equal(held, null);
  assert.equal(tellScene({ ...facts, tunnel: absent }, t).isThere, false);
  for (const id of ['policy', 'seal']) assert.equal(band.stations.find((one) => one.id === id)?.out.value, '–');
});

test('our hosts are beside the outer device, their networks without host bits', () => {
  const networks = {
    addresses: [
      { device: 'lo', address: '127.0.0.1', prefixLength: 8 },
      { device: 'eth0', address: '192.0.2.118', prefixLength: 24 },
      { device: 'ipsec0', address: '10.0.0.1', prefixLength: 32 },
      { device: 'eth1', address: '10.10.0.1', prefixLength: 16 },
    ],
    routes: [],
    dnsServers: [],
  };
  const scene = tellScene({ ...facts, networks }, t);
  assert.equal(scene.here.outerDevice, 'eth0');
  assert.equal(scene.here.hostDevice, 'eth1');
  assert.equal(scene.hostsHere.networks, '10.10.0.0/16');
  assert.equal(scene.hostsHere.isSeen, true);
  assert.equal(tellScene(facts, t).hostsHere.isSeen, false, 'no device was told of');
});

test('the other end’s hosts are what is routed into the tunnel, without the inner addresses', () => {
  const route = (destination: string, device: string): NonNullable<SceneFacts['routes']>[number] => ({
    ...{ destination, kind: 'unicast', interface: device, gateway: null, source: null, metric: 0, origin: 'culvert' },
  });
  const routes = [route('10.0.0.2/32', 'ipsec0'), route('10.20.0.0/16', 'ipsec0'), route('0.0.0.0/0', 'eth0')];
  assert.equal(tellScene({ ...facts, routes }, t).hostsThere.networks, '10.20.0.0/16');
  const more = [...routes, route('10.21.0.0/16', 'ipsec0')];
  assert.equal(tellScene({ ...facts, routes: more }, t).hostsThere.networks, '10.20.0.0/16 +1');
});

test('a peer that has moved is drawn where it is', () => {
  const moved: InterfaceStatus = { ...link, movedTo: { address: '198.51.100.9', port: 61000 } };
  const { road } = tellScene({ ...facts, tunnel: { ...tunnel, interface: moved } }, t);
  assert.equal(road.peer, '198.51.100.9');
  assert.match(road.carrier, /61000/);
});

test('the round trip is measured once a ping was answered', () => {
  const ping = {
    id: 'ping',
    title: '',
    meaning: '',
    remedy: '',
    evidence: '172.16.200.1 answered within 4.1 ms.',
  } as const;
  assert.equal(roundTripOf([{ ...ping, state: 'passed' }]), '4.1 ms');
  assert.equal(roundTripOf([{ ...ping, state: 'failed' }]), null);
  assert.equal(tellScene(facts, t).distance.isMeasured, false);
});
