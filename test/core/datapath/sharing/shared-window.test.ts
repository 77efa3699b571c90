import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InboundState } from '#core/datapath/association-state.ts';
import { SharedWindows } from '#core/datapath/sharing/shared-window.ts';
import { ReplayVerdict, ReplayWindow } from '#core/esp/replay-window.ts';
import { makeAssociation, makeSnapshot } from '#test/support/test-datapath.ts';

/** As the inbound loop does in its stages 4 and 6. */
function receive(state: InboundState, sequence: number): number {
  const { shared, window } = state;
  assert.ok(shared !== null && window !== null);
  shared.read(state);
  shared.acquire(state);
  const verdict = window.canAccept(sequence);
  if (verdict === ReplayVerdict.accepted) {
    window.mark(sequence);
    state.highest = Math.max(state.highest, sequence);
  }
  shared.release(state);
  return verdict;
}

test('however packets are spread over workers, the verdicts are those of one window (RFC 4303 §3.4.3)', () => {
  const packets = fc.array(fc.record({ worker: fc.nat(2), sequence: fc.integer({ min: 1, max: 400 }) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(packets, fc.constantFrom(32, 64, 128), (schedule, replayWindow) => {
      const snapshot = new SharedWindows().attach(makeSnapshot({ inbound: [makeAssociation({ replayWindow })] }));
      const row = snapshot.inbound[0] ?? assert.fail('there is a row');
      const states = [0, 1, 2].map(() => new InboundState(row));
      const single = new ReplayWindow(replayWindow);
      for (const { worker, sequence } of schedule) {
        const wanted = single.canAccept(sequence);
        if (wanted === ReplayVerdict.accepted) single.mark(sequence);
        assert.equal(receive(states[worker] ?? assert.fail('there are three'), sequence), wanted);
      }
    }),
  );
});

test('a worker that comes late, or has forgotten, finds what others have received', () => {
  const windows = new SharedWindows();
  const snapshot = makeSnapshot({ inbound: [makeAssociation({ initialSequence: 2 ** 32 + 5 })] });
  const row = windows.attach(snapshot).inbound[0] ?? assert.fail('there is a row');
  assert.equal(receive(new InboundState(row), 2 ** 32 + 90), ReplayVerdict.accepted);
  const late = new InboundState(windows.attach({ ...snapshot, version: 2 }).inbound[0] ?? assert.fail('it is there'));
  assert.equal(receive(late, 2 ** 32 + 90), ReplayVerdict.duplicate);
  assert.equal(receive(late, 2 ** 32 + 26), ReplayVerdict.tooOld);
  assert.equal(receive(late, 2 ** 32 + 27), ReplayVerdict.accepted);
  assert.equal(late.highest, 2 ** 32 + 90);
});

test('a window goes with its association, and a row that is repeated keeps it', () => {
  const windows = new SharedWindows();
  const association = makeAssociation();
  const snapshot = makeSnapshot({ inbound: [association] });
  const [first, again] = [windows.attach(snapshot).inbound[0], windows.attach(snapshot).inbound[0]];
  assert.equal(first, again);
  const other = windows.attach(makeSnapshot({ inbound: [{ ...association, reqid: 7 }] })).inbound[0];
  assert.equal(other?.sharedWindow, first?.sharedWindow);
  windows.attach(makeSnapshot({ inbound: [] }));
  assert.notEqual(windows.attach(snapshot).inbound[0]?.sharedWindow, first?.sharedWindow);
});

test('without a replay check the highest number is shared all the same, for extended ones are inferred from it', () => {
  const snapshot = new SharedWindows().attach(makeSnapshot({ inbound: [makeAssociation({ replayWindow: 0 })] }));
  const row = snapshot.inbound[0] ?? assert.fail('there is a row');
  const [one, other] = [new InboundState(row), new InboundState(row)];
  assert.equal(one.window, null);
  one.shared?.acquire(one);
  one.highest = 2 ** 33;
  one.shared?.release(one);
  other.shared?.read(other);
  assert.equal(other.highest, 2 ** 33);
});
