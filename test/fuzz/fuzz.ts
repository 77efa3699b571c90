/**
 * Runs a fuzz target for a number of inputs within a bound of processor time, from a seed that is printed. To repeat a run:
 * `CULVERT_FUZZ_SEED=1234 node --test test/fuzz/…`. Longer: `CULVERT_FUZZ_INPUTS=100000000`.
 * @module
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { processorMs } from '#test/support/processor-time.ts';
import { Xorshift } from './xorshift.ts';

/** Something that takes inputs. `batch` throws when one of them breaks a promise. */
export type FuzzTarget = {
  /** Take one batch of fresh inputs; how many they were. */
  batch(): number;
  /** Judge the whole run: whether it came to where it should. */
  finish(): void;
};

const wantedInputs = Number(process.env['CULVERT_FUZZ_INPUTS'] ?? 5_000_000);
const boundMs = 60_000;

/** Define a test that runs the target. Where one input takes as long as `cost` packets, there are as many times fewer. */
export function fuzz(title: string, make: (random: Xorshift) => FuzzTarget, cost = 1): void {
  test(title, (context) => {
    const seed = Number(process.env['CULVERT_FUZZ_SEED'] ?? randomInt(1, 2 ** 31));
    const target = make(new Xorshift(seed));
    const startMs = processorMs();
    let inputs = 0;
    try {
      while (inputs * cost < wantedInputs) {
        inputs += target.batch();
        if (wantedInputs <= 5_000_000)
          assert.ok(processorMs() - startMs < boundMs, `${inputs} inputs in ${boundMs} ms`);
      }
      target.finish();
    } catch (error) {
      throw new Error(`with CULVERT_FUZZ_SEED=${seed}, after ${inputs} inputs`, { cause: error });
    }
    const perSecond = Math.round((inputs * 1000) / (processorMs() - startMs));
    context.diagnostic(`seed ${seed}: ${inputs} inputs, ${perSecond} a second`);
  });
}
