/**
 * Finds the highest rate that a path carries with under 1 % loss, by trials. What counts is what was received.
 * @module
 */

/** What one trial came to. */
export type Trial = { readonly sentPerSecond: number; readonly receivedPerSecond: number };

/** The best trial that passed. */
export type BestRate = { readonly receivedPerSecond: number; readonly lossPercent: number };

/** Loss that a rate must stay under. */
export const lossLimitPercent = 1;

/** A path is looked at between these rates, packets a second. */
const lowestRate = 2000;
const highestRate = 4_000_000;
/** Upwards in these steps while trials pass; the last step is then halved. */
const climbFactor = 1.5;

/** Loss of a trial. */
export function lossPercentOf({ sentPerSecond, receivedPerSecond }: Trial): number {
  return sentPerSecond === 0 ? 100 : Math.max(0, (1 - receivedPerSecond / sentPerSecond) * 100);
}

/**
 * Search with `trials` trials: flat out first, which tells where to begin, then up while trials pass or down while they fail,
 * then between. A rate that fails is tried once more: another program's work may have failed it. `run` runs one trial.
 */
export async function searchRate(run: (rate: number) => Promise<Trial>, trials: number): Promise<BestRate> {
  let best: BestRate = { receivedPerSecond: 0, lossPercent: 100 };
  let left = trials;
  const passes = async (rate: number): Promise<boolean> => {
    for (let attempt = 0; attempt < 2 && left > 0; attempt++) {
      left--;
      const trial = await run(rate);
      const lossPercent = lossPercentOf(trial);
      // A sender that cannot keep up with the rate asked for has been tried at the rate that it reached.
      if (lossPercent >= lossLimitPercent) continue;
      if (trial.receivedPerSecond > best.receivedPerSecond) {
        best = { receivedPerSecond: trial.receivedPerSecond, lossPercent };
      }
      return trial.sentPerSecond > rate * 0.9;
    }
    return false;
  };
  left--;
  const flatOut = await run(highestRate);
  if (lossPercentOf(flatOut) < lossLimitPercent) {
    best = { receivedPerSecond: flatOut.receivedPerSecond, lossPercent: lossPercentOf(flatOut) };
  }
  let low = 0;
  let high = highestRate;
  let rate = Math.max(lowestRate, flatOut.receivedPerSecond);
  while (left > 0 && rate >= lowestRate) {
    if (await passes(rate)) low = rate;
    else high = rate;
    rate = nextRate(low, high);
    if (low > 0 && high / low < 1.01) break;
  }
  return best;
}

/** Between both ends once they are known. */
export function nextRate(low: number, high: number): number {
  if (low === 0) return high / climbFactor;
  if (high === highestRate) return Math.min(high, low * climbFactor);
  return Math.sqrt(low * high);
}
