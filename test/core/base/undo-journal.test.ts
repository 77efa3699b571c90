import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UndoJournal } from '#core/base/undo-journal.ts';

function recordingList(): { list: number[]; push: (value: number) => void; journal: UndoJournal } {
  const journal = new UndoJournal();
  const list: number[] = [];
  const push = (value: number): void => {
    list.push(value);
    journal.record(() => void list.pop());
  };
  return { list, push, journal };
}

test('takes back what came after the mark, and nothing before it', () => {
  const { list, push, journal } = recordingList();
  push(1);
  const mark = journal.mark();
  push(2);
  push(3);
  journal.rollback(mark);
  assert.deepEqual(list, [1]);
});

test('an outer mark takes back what an inner one committed', () => {
  const { list, push, journal } = recordingList();
  const outer = journal.mark();
  push(1);
  const inner = journal.mark();
  push(2);
  journal.commit(inner);
  assert.deepEqual(list, [1, 2]);
  journal.rollback(outer);
  assert.deepEqual(list, []);
});

test('after a commit of the last mark nothing can be taken back any more', () => {
  const { list, push, journal } = recordingList();
  const first = journal.mark();
  push(1);
  journal.commit(first);
  const second = journal.mark();
  journal.rollback(second);
  assert.deepEqual(list, [1]);
});

test('refuses to close marks in the wrong order', () => {
  const { journal } = recordingList();
  const outer = journal.mark();
  journal.mark();
  assert.throws(() => journal.commit(outer), /reverse order/);
});
