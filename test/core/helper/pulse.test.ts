/** @module */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, suite, test } from 'node:test';
import { Pulse } from '#core/helper/pulse.ts';

suite('the pulse of culvertd', () => {
  let now: number;
  let looks: [atMs: number, restedMs: number][];
  let dueMs: number;
  /** What the next look sees. */
  let moves: boolean;
  let isPacketThere: boolean;
  let pulse: Pulse;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    [now, looks, dueMs, moves, isPacketThere] = [0, [], Infinity, false, false];
    pulse = new Pulse({
      clock: { now: () => now },
      look: (atMs, restedMs) => {
        looks.push([atMs, restedMs]);
        return moves;
      },
      dueMs: () => dueMs,
      awaitPacket: () => !isPacketThere,
    });
    pulse.start();
  });
  afterEach(() => {
    pulse.stop();
    mock.timers.reset();
  });

  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 100) {
      now += 100;
      mock.timers.tick(100);
    }
  };
  /** Until it rests; the looks so far are forgotten. */
  const fallAsleep = (): void => {
    pass(12_000);
    looks = [];
  };

  test('looks every second, and every ten once nothing has moved for a while', () => {
    pass(12_000);
    assert.deepEqual(
      looks,
      Array.from({ length: 12 }, (_, second) => [(second + 1) * 1000, 0]),
    );
    looks = [];
    pass(30_000);
    assert.deepEqual(looks, [
      [22_000, 10_000],
      [32_000, 10_000],
      [42_000, 10_000],
    ]);
  });

  test('rests not while anything moves', () => {
    moves = true;
    pass(30_000);
    assert.equal(looks.length, 30);
    moves = false;
    looks = [];
    pass(32_000);
    assert.equal(looks.length, 12 + 2);
  });

  test('a stir in a rest looks at once, and every second from then on', () => {
    fallAsleep();
    pass(2300);
    pulse.stir();
    pass(2000);
    assert.deepEqual(looks, [
      [14_300, 10_000],
      [15_300, 0],
      [16_300, 0],
    ]);
  });

  test('a stir between two looks makes none', () => {
    pass(500);
    for (let count = 0; count < 1000; count++) pulse.stir();
    assert.deepEqual(looks, []);
    pass(500);
    assert.equal(looks.length, 1);
  });

  test('a question in a rest has one look a second at most, and the rest goes on', () => {
    fallAsleep();
    pass(300);
    pulse.ask();
    assert.deepEqual(looks, []);
    pass(1700);
    for (let count = 0; count < 100; count++) pulse.ask();
    assert.deepEqual(looks, [[14_000, 10_000]]);
    pass(10_000);
    assert.deepEqual(looks.slice(1), [[24_000, 10_000]]);
  });

  test('a question while it looks every second makes no look, and keeps it from no rest', () => {
    for (let second = 0; second < 12; second++) {
      pass(1000);
      pulse.ask();
    }
    assert.equal(looks.length, 12);
    pass(11_000);
    assert.equal(looks.length, 13);
  });

  test('what is due by time alone is looked at in time, within the second that it is less than a second away', () => {
    fallAsleep();
    dueMs = 25_400;
    pass(13_400);
    assert.deepEqual(looks, [
      [22_000, 10_000],
      [25_400, 3400],
    ]);
    looks = [];
    // It cannot be done yet, and is tried again each second.
    pass(3000);
    assert.equal(looks.length, 3);
  });

  test('a packet that came between the look and the rest keeps it awake', () => {
    isPacketThere = true;
    pass(20_000);
    assert.equal(looks.length, 20);
    isPacketThere = false;
    looks = [];
    pass(11_000);
    assert.equal(looks.length, 2);
  });

  test('a stop ends it for good', () => {
    pulse.stop();
    pulse.stir();
    pass(10_000);
    assert.deepEqual(looks, []);
  });
});
