/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counters } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { DropWatch } from '#core/tunnel/timeline/drop-watch.ts';
import { Timeline } from '#core/tunnel/timeline/timeline.ts';

const device = { slot: 3, tun: 1 };
const devices = [['ipsec0', device]] as const;

function watch(): { counters: Counters; timeline: Timeline; look: (second: number) => string[] } {
  const counters = new Counters();
  const timeline = new Timeline();
  const drops = new DropWatch(timeline, counters);
  const look = (second: number): string[] => {
    drops.observe(devices, second * 1000);
    return timeline.list(null, 9).map(({ text }) => text);
  };
  look(100);
  return { counters, timeline, look };
}

test('a burst is told at once with the reason of most, and what follows waits for half a minute', () => {
  const { counters, look } = watch();
  counters.countDrop(3, dropReasons.replayDup.number, 14);
  counters.countDrop(3, dropReasons.authFail.number, 2);
  assert.deepEqual(look(101), ['ipsec0: 16 packets dropped within 1 s, mostly received before.']);
  counters.countDrop(3, dropReasons.authFail.number, 1000);
  assert.equal(look(102).length, 1);
  assert.equal(look(130).length, 1);
  assert.equal(look(131)[0], 'ipsec0: 1000 packets dropped within 29 s, integrity check failed.');
});

test('a few are told when half a minute has gathered no more, and what is no error never', () => {
  const { counters, look } = watch();
  counters.countDrop(3, dropReasons.natKeepalive.number, 100);
  counters.countDrop(3, dropReasons.noSa.number, 1);
  assert.deepEqual(look(101), []);
  assert.deepEqual(look(130), []);
  assert.deepEqual(look(131), ['ipsec0: 1 packet dropped within 30 s, no association for this SPI.']);
});

test('another device of the same name begins anew', () => {
  const { counters, timeline } = watch();
  const drops = new DropWatch(timeline, counters);
  drops.observe(devices, 1000);
  counters.countDrop(3, dropReasons.noSa.number, 50);
  drops.observe([['ipsec0', { slot: 3, tun: 2 }]], 2000);
  assert.deepEqual(timeline.list(null, 9), []);
});
