/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counters, InterfaceCell } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { TrafficHistory } from '#core/tunnel/history/traffic-history.ts';

const start = 1_800_000_000_000;
const device = { slot: 2, tun: 1 };

class Watched {
  readonly counters = new Counters();
  readonly history = new TrafficHistory(this.counters);
  now = start;
  device = device;
  hasCounted = false;

  /** Count so many packets of 100 bytes out, and look after `ms`. */
  pass(packets: number, ms = 1000, restedMs = 0): number {
    const base = this.counters.interfaceBase(this.device.slot);
    this.counters.cells[base + InterfaceCell.outputPackets]! += packets;
    this.counters.cells[base + InterfaceCell.outputBytes]! += packets * 100;
    this.now += ms;
    const { gapMs, hasCounted } = this.history.sample(this.now, [['ipsec0', this.device]], restedMs);
    this.hasCounted = hasCounted;
    return gapMs;
  }

  column(span: '1min' | '15min' | '24h', count: number): (number | null)[] {
    const points = this.history.read('ipsec0', span)?.points ?? [];
    return points.slice(-count).map(({ outPackets }) => outPackets);
  }
}

test('counts become rates of the second that has passed, and an interface has none from before it was seen', () => {
  const watched = new Watched();
  watched.pass(99);
  watched.pass(0);
  watched.pass(7);
  assert.deepEqual(watched.column('1min', 4), [null, null, 0, 7]);
  const last = watched.history.read('ipsec0', '15min')?.points.at(-1);
  assert.deepEqual(last, { atMs: start + 2000, outBytes: 700, inBytes: 0, outPackets: 7, inPackets: 0, drops: 0 });
  assert.equal(watched.history.read('ipsec1', '1min'), null);
});

test('a look that comes late spreads over the seconds that it stands for; one that comes early waits', () => {
  const watched = new Watched();
  watched.pass(0);
  watched.pass(0);
  watched.pass(4, 2000);
  assert.deepEqual(watched.column('1min', 2), [2, 2]);
  watched.pass(5, 400);
  assert.deepEqual(watched.column('1min', 2), [2, 2]);
  watched.pass(5, 600);
  assert.deepEqual(watched.column('1min', 1), [10]);
});

test('a sleep is a gap, no zero and no peak, and its length is told', () => {
  const watched = new Watched();
  watched.pass(0);
  watched.pass(1);
  assert.equal(watched.pass(50, 30_000), 30_000);
  assert.equal(watched.pass(2), 0);
  assert.deepEqual(watched.column('1min', 32), [1, ...Array<null>(30).fill(null), 2]);
});

test('the seconds of a rest are zeros, what ends it is in the last of them, and a sleep during one is still a gap', () => {
  const watched = new Watched();
  watched.pass(0);
  watched.pass(3);
  assert.equal(watched.hasCounted, true);
  assert.equal(watched.pass(0, 5000, 5000), 0);
  assert.equal(watched.hasCounted, false);
  assert.equal(watched.pass(8, 4000, 5000), 0);
  assert.equal(watched.hasCounted, true);
  assert.deepEqual(watched.column('1min', 10), [3, 0, 0, 0, 0, 0, 0, 0, 0, 8]);
  assert.equal(watched.pass(8, 9000, 5000), 9000);
  assert.deepEqual(watched.column('1min', 10), [8, ...Array<null>(9).fill(null)]);
});

test('minutes are means over the seconds in which somebody counted', () => {
  const watched = new Watched();
  for (let second = 0; second < 125; second++) watched.pass(6);
  assert.deepEqual(
    watched.column('24h', 1).map((rate) => Math.round(rate ?? -1)),
    [6],
  );
  watched.pass(0, 7_200_000);
  for (let second = 0; second < 61; second++) watched.pass(3);
  const rates = watched.column('24h', 121).map((rate) => (rate === null ? null : Math.round(rate)));
  assert.equal(rates.at(-1), 3);
  assert.ok(rates.slice(-110, -1).every((rate) => rate === null));
});

test('rings go round: after a quarter of an hour the oldest second is the one 900 steps ago', () => {
  const watched = new Watched();
  for (let second = 0; second < 2000; second++) watched.pass(second);
  const column = watched.column('15min', 900);
  assert.deepEqual([column[0], column.at(-1)], [1100, 1999]);
});

test('only drops that are errors count, and another device of the name begins anew', () => {
  const watched = new Watched();
  watched.pass(0);
  watched.counters.countDrop(2, dropReasons.natKeepalive.number, 40);
  watched.counters.countDrop(2, dropReasons.authFail.number, 4);
  watched.pass(1);
  assert.equal(watched.history.read('ipsec0', '1min')?.points.at(-1)?.drops, 4);
  watched.device = { slot: 5, tun: 9 };
  watched.pass(500);
  assert.deepEqual(watched.column('1min', 1), [null]);
});
