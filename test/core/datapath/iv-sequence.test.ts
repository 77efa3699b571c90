import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { IvSequence } from '#core/datapath/iv-sequence.ts';
import { gcmSpec, makeSnapshot, type TestDatapath } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

describe('counter IVs (RFC 4106 §3.1)', () => {
  const ivsOf = (datapath: TestDatapath): string[] =>
    datapath.wire.sent.map(({ bytes }) => toHex(bytes.subarray(8, 16)));

  test('a reserved high word and a low word from 0', () => {
    const { datapath } = makeSender({ ivHighs: [7] }, {}, gcmSpec);
    send(datapath, udp(), udp());
    assert.deepEqual(ivsOf(datapath), ['0000000700000000', '0000000700000001']);
  });

  test('a snapshot that repeats the SA, with or without more reservations, goes on', () => {
    const { datapath, association, entry } = makeSender({ ivHighs: [7] }, {}, gcmSpec);
    send(datapath, udp());
    datapath.apply(makeSnapshot({ interfaces: [entry], outbound: [{ ...association, ivHighs: [7, 8] }] }));
    send(datapath, udp());
    assert.deepEqual(ivsOf(datapath), ['0000000700000000', '0000000700000001']);
  });

  test('without a reservation nothing is sent, and one is asked for', () => {
    const { datapath, association } = makeSender({ ivHighs: [] }, {}, gcmSpec);
    send(datapath, udp(), udp());
    assert.deepEqual(datapath.allDrops(), { outIvExhausted: 2 });
    assert.deepEqual(datapath.events, [{ kind: 'iv-needed', association: association.id }]);
  });
});

describe('the sequence of IVs', () => {
  const half = 0x8000_0000;

  test('moves to the next high word instead of wrapping, and never splits a reservation', () => {
    const iv = new IvSequence();
    iv.extend([5, 9]);
    assert.ok(iv.reserve(0xffff_ffff));
    assert.deepEqual([iv.high, iv.low], [5, 0]);
    assert.ok(iv.reserve(2));
    assert.deepEqual([iv.high, iv.low], [9, 0]);
  });

  test('uses the very last low word', () => {
    const iv = new IvSequence();
    iv.extend([5]);
    assert.ok(iv.reserve(0xffff_ffff));
    assert.ok(iv.reserve(1));
    assert.deepEqual([iv.high, iv.low], [5, 0xffff_ffff]);
    assert.ok(!iv.reserve(1));
  });

  test('runs out when the last high word is half used, and not before', () => {
    const iv = new IvSequence();
    iv.extend([5, 6]);
    assert.ok(iv.reserve(0x1_0000_0000));
    assert.ok(!iv.isRunningOut());
    assert.ok(iv.reserve(half - 1));
    assert.ok(!iv.isRunningOut());
    assert.ok(iv.reserve(1));
    assert.ok(iv.isRunningOut());
    iv.extend([5, 6, 7]);
    assert.ok(!iv.isRunningOut());
  });

  test('a high word that was used up is never started again, however often it is told', () => {
    const iv = new IvSequence();
    iv.extend([5]);
    assert.ok(iv.reserve(0x1_0000_0000));
    assert.ok(!iv.extend([5]));
    assert.ok(!iv.reserve(1));
    assert.ok(iv.extend([5, 6]));
    assert.ok(iv.reserve(1));
    assert.equal(iv.high, 6);
  });
});
