import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { eachSecond } from '#renderer/state/live/second-hand.ts';
import { seenDocument } from './seen-document.ts';

/** Mocked timers, with a count of those that run. */
function mockedTimers(t: TestContext): { running(): number } {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { setInterval: begin, clearInterval: end } = globalThis;
  let running = 0;
  t.mock.method(globalThis, 'setInterval', ((work: () => void, ms: number) => {
    running++;
    return begin(work, ms);
  }) as typeof setInterval);
  t.mock.method(globalThis, 'clearInterval', ((timer: ReturnType<typeof setInterval>) => {
    running--;
    end(timer);
  }) as typeof clearInterval);
  return { running: () => running };
}

test('all listeners share one timer, which ends with the last of them and begins with the next', (t) => {
  seenDocument(t);
  const { running } = mockedTimers(t);
  const heard = [0, 0, 0];
  const listen = (index: number): (() => void) => eachSecond(() => void (heard[index] = (heard[index] ?? 0) + 1));
  const [endFirst, endSecond] = [listen(0), listen(1)];
  assert.equal(running(), 1);
  t.mock.timers.tick(2000);
  endFirst();
  assert.equal(running(), 1);
  t.mock.timers.tick(1000);
  endSecond();
  assert.equal(running(), 0);
  t.mock.timers.tick(5000);
  const endThird = listen(2);
  assert.equal(running(), 1);
  t.mock.timers.tick(1000);
  endThird();
  assert.equal(running(), 0);
  assert.deepEqual(heard, [2, 3, 1]);
});

test('nobody hears it while the window is not seen', (t) => {
  const page = seenDocument(t);
  mockedTimers(t);
  let heard = 0;
  t.after(eachSecond(() => void heard++));
  page.hidden = true;
  t.mock.timers.tick(10_000);
  assert.equal(heard, 0);
  page.hidden = false;
  t.mock.timers.tick(1000);
  assert.equal(heard, 1);
});
