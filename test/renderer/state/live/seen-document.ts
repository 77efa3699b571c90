/**
 * A document that is seen or not, as far as what is tested asks: Node.js has none.
 * @module
 */
import type { TestContext } from 'node:test';

/** Put one in place until the test ends. */
export function seenDocument(t: TestContext): { hidden: boolean } {
  const own = { hidden: false };
  Object.defineProperty(globalThis, 'document', { value: own, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, 'document'));
  return own;
}
