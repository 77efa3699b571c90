/**
 * Waiting for what comes by itself.
 * @module
 */

/** Wait until `isSo`, at most for `patienceMs`. Rejects when it never is. */
export async function until(isSo: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const lastMs = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > lastMs) throw new Error(`never so: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
