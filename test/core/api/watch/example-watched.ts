/**
 * Statuses that are watched: an example, and any.
 * @module
 */
import fc from 'fast-check';
import type { Watched } from '#core/api/watch/watch-contract.ts';
import { exampleInterface, exampleStatus } from '#test/core/cli/fake-helper.ts';
import { association, policy } from '#test/renderer/state/example-session.ts';

/** A status at `nowMs` with `changes`. */
export function watched(nowMs: number, changes: Partial<Watched> = {}): Watched {
  return { ...exampleStatus, profiles: [], setAside: [], nowMs, ...changes };
}

/** The same with so many bytes counted. */
export function counted(nowMs: number, outputBytes: number): Watched {
  return watched(nowMs, {
    interfaces: [{ ...exampleInterface, counters: { ...exampleInterface.counters, outputBytes } }],
  });
}

const unit = fc.integer({ min: 0, max: 5 });
const few = { minLength: 0, maxLength: 5 };

/** Any status of a few interfaces, associations and policies, in any order. */
export const anyWatched: fc.Arbitrary<Watched> = fc
  .record({
    interfaces: fc.uniqueArray(fc.record({ unit, isUp: fc.boolean(), outputBytes: unit }), {
      ...few,
      selector: (one) => one.unit,
    }),
    associations: fc.uniqueArray(fc.record({ unit, bytes: unit }), { ...few, selector: (one) => one.unit }),
    policies: fc.uniqueArray(unit, few),
    hopLimit: unit,
    drops: fc.array(
      fc.record({ reason: fc.constantFrom('outNoSa', 'inBadIcv'), packets: unit }, { noNullPrototype: true }),
      few,
    ),
  })
  .map(({ interfaces, associations, policies, hopLimit, drops }) =>
    watched(0, {
      interfaces: interfaces.map(({ unit: number, isUp, outputBytes }) => ({
        ...exampleInterface,
        ...{ name: `ipsec${number}`, isUp, counters: { ...exampleInterface.counters, outputBytes } },
      })),
      associations: associations.map(({ unit: id, bytes }) => {
        const example = association(1, id, 'out');
        return { ...example, usage: { ...example.usage, bytes } };
      }),
      policies: policies.map((spid) => policy(1, spid, 'out', 4)),
      settings: { ...exampleStatus.settings, hopLimit },
      drops,
    }),
  );
