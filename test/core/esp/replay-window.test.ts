import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReplayVerdict, ReplayWindow } from '#core/esp/replay-window.ts';
import { readFixture } from '#test/fixtures/read-fixture.ts';

type Step = [sequence: number, icvOk: boolean, expect: string, counter: string | null, topAfter: number];
type Sequence = { id: string; window: number; steps: Step[] };
const { replaySequences } = readFixture<{ replaySequences: Sequence[] }>('negative-vectors.json');

const counters: Record<string, number> = {
  replayOld: ReplayVerdict.tooOld,
  // The window has no name of its own for 0; the datapath checks for it first.
  seqZero: ReplayVerdict.tooOld,
  replayDup: ReplayVerdict.duplicate,
};

/** What RFC 4303 §3.4.3 says, with a set of everything marked. */
class NaiveWindow {
  readonly #size: number;
  readonly #seen = new Set<number>();
  #top: number;

  constructor(size: number, top: number) {
    this.#size = size;
    this.#top = top;
  }

  canAccept(sequence: number): number {
    if (sequence <= 0 || sequence < this.#top - this.#size + 1) return ReplayVerdict.tooOld;
    return this.#seen.has(sequence) ? ReplayVerdict.duplicate : ReplayVerdict.accepted;
  }

  mark(sequence: number): void {
    this.#seen.add(sequence);
    this.#top = Math.max(this.#top, sequence);
  }
}

test('follows every published sequence, step by step', () => {
  let steps = 0;
  for (const sequence of replaySequences) {
    const window = new ReplayWindow(sequence.window);
    assert.equal(window.size, sequence.window);
    for (const [index, [number, icvOk, , counter, topAfter]] of sequence.steps.entries()) {
      const verdict = window.canAccept(number);
      const refusal = counter === null || counter === 'authFail' ? ReplayVerdict.accepted : counters[counter];
      assert.equal(verdict, refusal, `${sequence.id} step ${index}: ${number}`);
      if (verdict === ReplayVerdict.accepted && icvOk) window.mark(number);
      assert.equal(window.top, topAfter, `${sequence.id} step ${index}: top`);
      steps++;
    }
  }
  assert.ok(steps > 1500, `${steps} steps`);
});

test('agrees with a set of everything seen, for any window, start and order', () => {
  const size = fc.constantFrom(32, 64, 96, 128, 1024, 4096, 65536);
  const start = fc.constantFrom(0, 1, 31, 32, 2 ** 31 - 5, 2 ** 32 - 40, 2 ** 32 + 7, 2 ** 40, 2 ** 53 - 300_000);
  const move = fc.oneof(
    fc.integer({ min: -70, max: 70 }),
    fc.integer({ min: -70_000, max: 70_000 }),
    fc.constantFrom(-65536, -65535, -4096, -4095, -1024, -64, -63, -33, -32, -31, 31, 32, 33, 63, 64, 65),
  );
  fc.assert(
    fc.property(size, start, fc.array(move, { maxLength: 200, size: 'max' }), (packets, top, moves) => {
      const window = new ReplayWindow(packets, top);
      const naive = new NaiveWindow(packets, top);
      for (const step of moves) {
        const number = Math.min(window.top + step, Number.MAX_SAFE_INTEGER);
        const verdict = window.canAccept(number);
        assert.equal(verdict, naive.canAccept(number), `${number} with top ${window.top}, W ${packets}`);
        if (verdict !== ReplayVerdict.accepted || step % 7 === 0) continue;
        window.mark(number);
        naive.mark(number);
      }
    }),
    { numRuns: 400 },
  );
});

test('accepts T−W+1 and refuses T−W, for every size (RFC 4303 §3.4.3)', () => {
  for (let size = 32; size <= 65536; size *= 2) {
    const window = new ReplayWindow(size);
    window.mark(3 * size + 5);
    assert.equal(window.canAccept(2 * size + 5), ReplayVerdict.tooOld);
    assert.equal(window.canAccept(2 * size + 6), ReplayVerdict.accepted);
    assert.equal(window.canAccept(3 * size + 5), ReplayVerdict.duplicate);
  }
});

test('checking changes nothing, however far ahead the number is', () => {
  const window = new ReplayWindow(64);
  window.mark(100);
  for (const number of [101, 10_000, 2 ** 40, 99, 37, 36]) {
    const before = window.canAccept(number);
    assert.equal(window.canAccept(number), before);
    assert.equal(window.top, 100);
  }
  assert.equal(window.canAccept(99), ReplayVerdict.accepted);
});

test('marking a run marks each of its numbers, also one longer than the window and above 2³²', () => {
  const starts = fc.constantFrom(0, 31, 100, 0xfffffff0, 0x1_0000_0000 * 3 + 7);
  const runs = fc.array(fc.tuple(fc.constantFrom(1, 2, 31, 40, 5000), fc.integer({ min: 1, max: 200 })), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(fc.constantFrom(32, 64, 1024), starts, runs, (size, top, steps) => {
      const [atOnce, oneByOne] = [new ReplayWindow(size, top), new ReplayWindow(size, top)];
      let last = top;
      for (const [gap, count] of steps) {
        const numbers = Float64Array.of(-1, last + gap);
        atOnce.markRun(numbers, 1, count);
        for (let index = 0; index < count; index++) oneByOne.mark(last + gap + index);
        last += gap + count - 1;
        assert.deepEqual(atOnce.view(), oneByOne.view());
      }
    }),
  );
});

test('marking a number left of the window marks nothing', () => {
  const window = new ReplayWindow(32);
  window.mark(1000);
  // 64 lower is the same bit of the ring.
  window.mark(990 - 64);
  for (let number = 969; number < 1000; number++) assert.equal(window.canAccept(number), ReplayVerdict.accepted);
});

test('rounds sizes up to whole words, 32 at least', () => {
  for (const [given, expected] of [
    [1, 32],
    [8, 32],
    [32, 32],
    [33, 64],
    [2040, 2048],
    [65536, 65536],
  ] as const) {
    assert.equal(new ReplayWindow(given).size, expected);
  }
  assert.throws(() => new ReplayWindow(0));
  assert.throws(() => new ReplayWindow(65537));
});

test('shows what came, the oldest number first and the top last, as canAccept tells it', () => {
  const window = new ReplayWindow(32);
  for (const number of [1, 2, 3, 5, 40]) window.mark(number);
  const { size, highest, seen } = window.view();
  assert.deepEqual([size, highest], [32, 40]);
  // 9 to 40: only the newest came.
  assert.deepEqual([...seen], [0, 0, 0, 1]);
  const fresh = new ReplayWindow(64);
  for (const number of [1, 2, 4]) fresh.mark(number);
  assert.deepEqual([...fresh.view().seen], [0, 0, 0, 0, 0, 0, 0, 0b1101]);
});

test('shows a window whose numbers need more than 32 bits (RFC 4303 §2.2.1)', () => {
  const top = 2 ** 32 + 3;
  const window = new ReplayWindow(32, top - 10);
  for (const number of [top, top - 4, top - 5]) window.mark(number);
  const { highest, seen } = window.view();
  assert.equal(highest, top);
  assert.deepEqual([...seen], [0, 0, 0, 0b0011_0001]);
});
