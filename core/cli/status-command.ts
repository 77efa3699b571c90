/**
 * `culvert status`: what every tunnel is doing. Anyone who can reach the helper may ask.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { formatComplaint } from './complaint.ts';
import { formatStatus } from './status-table.ts';
import type { Terminal } from './terminal.ts';

/** What the status command stands on. */
export type StatusSurroundings = {
  readonly terminal: Terminal;
  readonly connect: () => Promise<HelperClient>;
  /** Print the contract's `Status` as one JSON object. */
  readonly isJson: boolean;
};

/** Run `status`. Returns the exit status. */
export async function runStatus({ terminal, connect, isJson }: StatusSurroundings): Promise<number> {
  try {
    const client = await connect();
    try {
      const status = await client.call('status.get', {});
      terminal.print(isJson ? `${JSON.stringify(status, null, 2)}\n` : formatStatus(status));
      return 0;
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    terminal.complain(formatComplaint('status', null, error));
    return 1;
  }
}
