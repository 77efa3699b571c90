import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { HelperLink } from '#core/api/relay.ts';
import { heartbeatMs } from '#core/api/watch/watch-contract.ts';
import { watchSilence, type SilenceWatch } from '#renderer/state/live/silence.ts';
import { seenDocument } from './seen-document.ts';

const connected: HelperLink = { state: 'connected', message: '', hint: '', command: null };
const absent: HelperLink = { state: 'absent', message: 'no helper', hint: '', command: null };

function started(t: TestContext): {
  readonly silence: SilenceWatch;
  readonly shown: HelperLink[];
  readonly page: { hidden: boolean };
  readonly stop: () => void;
  pass(beats: number): void;
} {
  const page = seenDocument(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 1000;
  t.mock.method(performance, 'now', () => nowMs);
  const shown: HelperLink[] = [];
  const silence = watchSilence((link) => shown.push(link));
  const stop = silence.start();
  t.after(stop);
  return {
    ...{ silence, shown, page, stop },
    pass(beats) {
      for (let beat = 0; beat < beats; beat++) {
        nowMs += heartbeatMs;
        t.mock.timers.tick(heartbeatMs);
      }
    },
  };
}

test('two heartbeats that do not come are still patience, and what comes after is a silence that is told once', (t) => {
  const { silence, shown, pass } = started(t);
  silence.noteLink(connected);
  pass(2);
  assert.deepEqual(shown, [connected]);
  pass(4);
  assert.equal(shown.length, 2);
  assert.equal(shown[1]?.state, 'connecting');
  assert.match(shown[1]?.message ?? '', /30 seconds/);
  assert.equal(silence.toldLink(), connected, 'what was told of the link stays known');
});

test('whatever comes ends the silence, and begins the waiting anew', (t) => {
  const { silence, shown, pass } = started(t);
  silence.noteLink(connected);
  pass(3);
  silence.noteSign();
  assert.equal(shown.at(-1), connected);
  pass(2);
  assert.equal(shown.at(-1), connected);
  pass(1);
  assert.equal(shown.at(-1)?.state, 'connecting');
});

test('signs keep the link as it is, and show nothing', (t) => {
  const { silence, shown, pass } = started(t);
  silence.noteLink(connected);
  for (let beat = 0; beat < 20; beat++) {
    pass(1);
    silence.noteSign();
  }
  assert.deepEqual(shown, [connected]);
});

test('a link that is down is shown as it was told, however long nothing comes', (t) => {
  const { silence, shown, pass } = started(t);
  silence.noteLink(absent);
  pass(20);
  assert.deepEqual(shown, [absent]);
});

test('a window that is not seen waits for nothing', (t) => {
  const { silence, shown, page, pass } = started(t);
  silence.noteLink(connected);
  page.hidden = true;
  pass(20);
  assert.deepEqual(shown, [connected]);
});

test('a new word of the link ends the silence', (t) => {
  const { silence, shown, pass } = started(t);
  silence.noteLink(connected);
  pass(6);
  silence.noteLink(absent);
  pass(10);
  assert.equal(shown.length, 3);
  assert.equal(shown.at(-1), absent);
});

test('after its end it looks no more', (t) => {
  const { silence, shown, stop, pass } = started(t);
  silence.noteLink(connected);
  stop();
  pass(20);
  assert.deepEqual(shown, [connected]);
});
