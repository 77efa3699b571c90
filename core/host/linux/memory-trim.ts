/**
 * When memory that culvertd has touched and does not use goes back to the system: a second after the start, of which most
 * is left over, and then at twice the age each time, because what compiles hot code is needed no more once it is compiled.
 * At least every quarter of an hour, since what something rare has touched would stay otherwise.
 * @module
 */

/** Age at the first time: whoever waits for the start has been answered. */
const firstMs = 1000;
const longestMs = 15 * 60 * 1000;

/** Call `trim` now and then, until the function that it gives is called. Keeps no process alive. */
export function trimNowAndThen(trim: () => void): () => void {
  let timer: NodeJS.Timeout;
  let ageMs = 0;
  const wait = (ms: number): void => {
    timer = setTimeout(() => {
      trim();
      ageMs += ms;
      wait(Math.min(ageMs, longestMs));
    }, ms).unref();
  };
  wait(firstMs);
  return () => clearTimeout(timer);
}
