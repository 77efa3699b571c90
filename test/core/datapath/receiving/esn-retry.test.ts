import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AssociationCell } from '#core/datapath/counters.ts';
import { EsnFailures } from '#core/datapath/receiving/esn-retry.ts';
import { tokens } from '#test/support/test-datapath.ts';
import { Receiver } from '#test/support/test-receiver.ts';

const wordRange = 0x1_0000_0000;
const top = 5 * wordRange + 1000;

function makeLost(): Receiver {
  return new Receiver({ hasEsn: true, replayWindow: 64, initialSequence: top });
}

/** Receive `count` packets from `first` on, one a batch. */
function receive(receiver: Receiver, first: number, count: number): void {
  for (let sequence = first; sequence < first + count; sequence++) {
    receiver.receive(tokens.esp4, { bytes: receiver.seal({ hasEsn: true, sequence }) });
  }
}

describe('resynchronisation of extended sequence numbers (RFC 4303 §A3)', () => {
  test('after 2³² lost packets and a run of failures the high word is found again, and all goes on', () => {
    const receiver = makeLost();
    const { datapath } = receiver;
    const first = top + wordRange + 500;
    receive(receiver, first, 64);
    assert.deepEqual([datapath.tun.written.length, datapath.allDrops()], [0, { authFail: 64 }]);
    receive(receiver, first + 64, 10);
    assert.deepEqual([datapath.tun.written.length, datapath.allDrops()], [10, { authFail: 64 }]);
    assert.equal(datapath.associationCell(1, AssociationCell.sequence), first + 73);
    // What was lost meanwhile is left of the window, and a packet of it is still found out.
    receive(receiver, first + 73, 1);
    assert.equal(datapath.drops('replayDup'), 1);
  });

  test('forged packets move nothing, and one good packet ends the run of failures', () => {
    const receiver = makeLost();
    const { datapath } = receiver;
    for (let count = 0; count < 200; count++) {
      const forged = receiver.seal({ hasEsn: true, sequence: top + 1 + count });
      forged[forged.length - 1]! ^= 1;
      receiver.receive(tokens.esp4, { bytes: forged });
    }
    assert.deepEqual(datapath.allDrops(), { authFail: 200 });
    receive(receiver, top + 1, 1);
    assert.equal(datapath.tun.written.length, 1);
    receive(receiver, top + 1 + wordRange, 10);
    assert.equal(datapath.drops('authFail'), 200 + 9);
  });

  test('an association of 32 bits is never tried again', () => {
    const receiver = new Receiver({ initialSequence: 1000 });
    for (let count = 0; count < 100; count++) {
      const forged = receiver.seal({ sequence: 2000 + count });
      forged[forged.length - 1]! ^= 1;
      receiver.receive(tokens.esp4, { bytes: forged });
    }
    assert.deepEqual(receiver.datapath.allDrops(), { authFail: 100 });
  });

  test('one packet a second is tried, not each', () => {
    const failures = new EsnFailures();
    for (let count = 0; count < 63; count++) failures.note();
    assert.equal(failures.wantsRetry(0), false);
    failures.note();
    assert.deepEqual(
      [failures.wantsRetry(0), failures.wantsRetry(999), failures.wantsRetry(1000)],
      [true, false, true],
    );
    failures.forget();
    assert.equal(failures.wantsRetry(9000), false);
  });
});
