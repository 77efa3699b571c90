/**
 * What a command has that asks the helper: somewhere to print, and a connection for as long as it works.
 * @module
 */
import type { HelperClient } from '#core/client/helper-client.ts';
import type { Terminal } from './terminal.ts';

/** What such a command stands on. */
export type HelperSurroundings = {
  readonly terminal: Terminal;
  /** Connect to the helper; called only when the words are right. */
  readonly connect: () => Promise<HelperClient>;
};

/** Connect, and let go of the connection once `work` is done or has failed. @throws what `work` does, `HELPER_*`. */
export async function withHelper<T>(
  { connect }: Pick<HelperSurroundings, 'connect'>,
  work: (client: HelperClient) => Promise<T>,
): Promise<T> {
  const client = await connect();
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
