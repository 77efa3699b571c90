/**
 * A change that a person asks the helper for: what it refuses is shown over the sheet, and the screen does not wait for
 * the next second.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Bridge } from '../bridge.ts';
import type { SessionStore } from './session.ts';

/** Make a change of what the person calls `name`. Whether it was made. */
export async function makeChange(
  store: SessionStore,
  name: string,
  act: (bridge: Bridge) => Promise<unknown>,
): Promise<boolean> {
  try {
    await act(store.bridge);
    store.setState({ refusal: null });
    return true;
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    store.setState({ refusal: { name, error } });
    return false;
  } finally {
    await store.refresh().catch(() => {}); // the link says what is wrong
  }
}
