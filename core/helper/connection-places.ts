/**
 * How many connections there may be, so that nobody keeps others out: root has places that no one else can take, the
 * operator has some of their own, and everyone who may only read shares the rest.
 *
 * Not here: what a connection costs (message-gate.ts, event-queue.ts).
 * @module
 */
import type { Caller } from '#core/api/dispatch.ts';

type CallerClass = 'root' | 'operator' | 'reader';

/** Places of each class, and how many of them one user may take. */
const places: Readonly<Record<CallerClass, { readonly all: number; readonly perUser: number }>> = {
  root: { all: 64, perUser: 64 },
  operator: { all: 64, perUser: 48 },
  reader: { all: 64, perUser: 16 },
};

/** Whether `caller` may connect beside those who already are. */
export function hasPlace(caller: Caller, connected: Iterable<Caller>): boolean {
  const own = classOf(caller);
  let all = 0;
  let ofUser = 0;
  for (const other of connected) {
    if (classOf(other) !== own) continue;
    all++;
    if (other.uid === caller.uid) ofUser++;
  }
  return all < places[own].all && ofUser < places[own].perUser;
}

function classOf({ uid, canOperate }: Caller): CallerClass {
  if (uid === 0) return 'root';
  return canOperate ? 'operator' : 'reader';
}
