/**
 * Commands that take effect together: each does all it says or nothing, and when the workers do not take over what all
 * of them did, every one of them is undone: databases first, then the workers are told so, then the machine's steps,
 * newest first.
 * @module
 */
import type { Log } from '#core/base/port.ts';
import type { CommandGroup } from './command-queue.ts';
import type { DatabaseMark, Databases } from './databases.ts';
import type { Deployment, IvDemand } from './deployment.ts';
import { Transaction } from './transaction.ts';

/** What a group stands on. */
export type GroupSurroundings = {
  readonly databases: Databases;
  readonly deployment: Deployment;
  readonly log: Log;
};

/** One group. */
export class ChangeGroup implements CommandGroup {
  readonly #surroundings: GroupSurroundings;
  readonly #mark: DatabaseMark;
  readonly #transactions: Transaction[] = [];

  constructor(surroundings: GroupSurroundings) {
    this.#surroundings = surroundings;
    this.#mark = surroundings.databases.mark();
  }

  /** Run one command: all or nothing, whatever becomes of the others. */
  async change<T>(demand: IvDemand, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { databases, deployment, log } = this.#surroundings;
    const transaction = new Transaction();
    const mark = databases.mark();
    try {
      const result = await work(transaction);
      await deployment.prepare(transaction, demand);
      mark.commit();
      this.#transactions.push(transaction);
      return result;
    } catch (error) {
      mark.rollback();
      await transaction.rollback(log);
      throw error;
    }
  }

  async finish(): Promise<void> {
    const { deployment } = this.#surroundings;
    const hasChanges = deployment.hasChanges();
    if (hasChanges) {
      try {
        await deployment.publish();
      } catch (error) {
        await this.#undo();
        throw error;
      }
    }
    this.#mark.commit();
    if (hasChanges) await deployment.collect();
    for (const transaction of this.#transactions) transaction.commit();
  }

  async #undo(): Promise<void> {
    const { deployment, log } = this.#surroundings;
    this.#mark.rollback();
    await deployment.recover();
    for (const transaction of this.#transactions.reverse()) await transaction.rollback(log);
  }
}
