import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DropAudit } from '#core/datapath/audit/drop-audit.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { makeInterface, makeSnapshot } from '#test/support/test-datapath.ts';

const noSa = dropReasons.noSa.number;
const authFail = dropReasons.authFail.number;

function makeAudit(slots: readonly number[] = [1], auditsDrops = true): DropAudit {
  const audit = new DropAudit();
  audit.apply(snapshot(slots, auditsDrops));
  return audit;
}

function snapshot(slots: readonly number[], auditsDrops: boolean): ReturnType<typeof makeSnapshot> {
  return makeSnapshot({ interfaces: slots.map((slot) => makeInterface({ slot })), auditsDrops });
}

test('RFC 4303’s five events are auditable, and what happens on a healthy network is not (RFC 4303 §4)', () => {
  const audited = Object.entries(dropReasons).flatMap(([name, row]) => ('audit' in row ? [name] : []));
  for (const name of ['noSa', 'fragment', 'outSeqOverflow', 'replayOld', 'replayDup', 'authFail', 'policy']) {
    assert.ok(audited.includes(name), name);
  }
  const audit = makeAudit();
  for (const name of ['natKeepalive', 'dummy', 'ecn', 'outTooBig'] as const) {
    assert.equal(audit.admit(1, dropReasons[name].number, 1, 0), 0, name);
  }
});

test('one a second, interface and reason is told, and says for how many packets it stands', () => {
  const audit = makeAudit();
  assert.equal(audit.admit(1, noSa, 1, 5000), 1);
  for (let count = 0; count < 99; count++) assert.equal(audit.admit(1, noSa, 2, 5999), 0);
  assert.equal(audit.admit(1, authFail, 1, 5999), 1, 'another reason');
  assert.equal(audit.admit(0, noSa, 1, 5999), 1, 'another interface');
  assert.equal(audit.admit(1, noSa, 1, 6000), 199);
});

test('many interfaces together are told of ten times a second, and what was held back is told later', () => {
  const slots = Array.from({ length: 100 }, (_, index) => index + 1);
  const audit = makeAudit(slots);
  const told = (now: number): number => slots.filter((slot) => audit.admit(slot, noSa, 1, now) > 0).length;
  assert.equal(told(1000), 20, 'a burst');
  assert.equal(told(2000), 10);
  assert.equal(audit.admit(100, noSa, 1, 3000), 3);
});

test('nothing is told where it is switched off, nor of what was held back before (RFC 4303 §4)', () => {
  const audit = makeAudit([1], false);
  assert.equal(audit.admit(1, noSa, 1, 1000), 0);
  audit.apply(snapshot([1], true));
  assert.equal(audit.admit(1, noSa, 1, 1000), 1);
  assert.equal(audit.admit(1, noSa, 1, 1001), 0);
  audit.apply(snapshot([1], false));
  audit.apply(snapshot([1], true));
  assert.equal(audit.admit(1, noSa, 1, 1002), 1);
});

test('what was held back of an interface that is gone is not told of the next one in its place', () => {
  const audit = makeAudit([1]);
  assert.equal(audit.admit(1, noSa, 1, 1000), 1);
  assert.equal(audit.admit(1, noSa, 5, 1000), 0);
  audit.apply(snapshot([], true));
  audit.apply(snapshot([1], true));
  assert.equal(audit.admit(1, noSa, 1, 1000), 1);
});
