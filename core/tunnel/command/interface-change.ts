/**
 * A change of an interface as a whole: lines of ifconfig, options and routes, in one command that does all of it or
 * nothing. A preview runs the same steps over the databases alone and takes them back, so that what it tells is what
 * would be done, refusals included.
 *
 * Routes are wishes: one that is there already, or gone already, is left as it is.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { networkPrefix, type IpPrefix } from '#core/ip/prefix.ts';
import type { InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import type { RoutePort } from '#core/tunnel/port/route-port.ts';
import { usedBy, type InterfacePreview } from '#core/tunnel/preview/interface-preview.ts';
import { compareAssociations, comparePolicies } from '#core/tunnel/preview/preview-row.ts';
import { toProblem, type Problem } from '#core/tunnel/problem.ts';
import { Transaction } from '#core/tunnel/transaction.ts';
import { planIfconfig, runSteps } from './ifconfig-run.ts';
import type { InterfaceLifecycle } from './interface-lifecycle.ts';
import { drySteps, type StepSurroundings } from './interface-steps.ts';
import { RouteControl } from './route-control.ts';
import { ShadowRoutes } from './shadow-routes.ts';

/** What is to be changed of an interface. */
export type InterfaceChange = {
  /** Lines of /etc/ifconfig.ipsecN that lead from what is to what is wanted. */
  readonly ifconfig: string;
  readonly options: Partial<InterfaceOptions>;
  /** Networks to be routed into it, and no longer to be. */
  readonly addedRoutes: readonly IpPrefix[];
  readonly removedRoutes: readonly IpPrefix[];
};

/** What belongs to a change and is not the gateway's: run last, so that what it refuses undoes all. */
export type Companion = (transaction: Transaction) => void;

/** What it stands on. */
export type ChangeSurroundings = {
  readonly databases: Databases;
  readonly interfaces: InterfaceLifecycle;
  readonly host: RoutePort;
  /** Run a command of the gateway: all or nothing. */
  readonly change: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Run between the commands. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

type Tools = { readonly steps: StepSurroundings; readonly routes: RouteControl };

/** Changes of the interfaces of one gateway. */
export class InterfaceChanges {
  readonly #surroundings: ChangeSurroundings;

  constructor(surroundings: ChangeSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Make `change`; gives what it did.
   * @throws {IpsecError} what the first refused step throws, with `line` and `column` for ifconfig's; nothing has changed then.
   */
  make(name: string, change: InterfaceChange, companion: Companion = () => undefined): Promise<InterfacePreview> {
    const { interfaces, host, change: command } = this.#surroundings;
    return command(async (transaction) => {
      const before = this.#look(name);
      const routes = this.#routes(host, transaction);
      const done = await this.#carryOut(name, change, { steps: interfaces.steps(transaction), routes });
      companion(transaction);
      return this.#compare(name, done, before, false);
    });
  }

  /** What `make` would do or refuse; nothing changes. @throws {IpsecError} `INTERFACE_NOT_FOUND`. */
  preview(name: string, change: InterfaceChange, companion: Companion = () => undefined): Promise<InterfacePreview> {
    const { databases, host, alone } = this.#surroundings;
    return alone(async () => {
      const before = this.#look(name);
      const transaction = new Transaction();
      const mark = databases.mark();
      let problem: Problem;
      try {
        const routes = this.#routes(new ShadowRoutes(host), transaction);
        const done = await this.#carryOut(name, change, { steps: drySteps(databases.ipsecif, transaction), routes });
        companion(transaction);
        return this.#compare(name, done, before, !databases.ipsecif.settings.usesFixedReqid);
      } catch (error) {
        problem = toProblem(error);
      } finally {
        mark.rollback();
      }
      return { ...this.#compare(name, change, before, false), problem };
    });
  }

  /** Gives what of `change` there was to do: without routes that are as wanted already. */
  async #carryOut(name: string, change: InterfaceChange, { steps, routes }: Tools): Promise<InterfaceChange> {
    const { databases } = this.#surroundings;
    const { options } = change;
    const planned = planIfconfig(change.ifconfig, name);
    const [wrong] = planned.errors;
    if (wrong !== undefined)
      throw new IpsecError('IFCONFIG_TEXT', wrong.message, { line: wrong.line, column: wrong.column });
    const present = await routes.list();
    const isThere = (destination: IpPrefix): boolean =>
      present.some(
        (route) =>
          route.kind === 'unicast' && route.interface === name && route.destination === networkPrefix(destination),
      );
    const removedRoutes = change.removedRoutes.filter(isThere);
    const addedRoutes = change.addedRoutes.filter((destination) => !isThere(destination));
    const way = { kind: 'unicast', gateway: null, interface: name } as const;
    // Before addresses go: the machine takes the routes that name one along.
    for (const destination of removedRoutes) await routes.delete({ ...way, destination });
    await runSteps(planned.steps, steps);
    if (Object.keys(options).length > 0) databases.ipsecif.setOptions(name, options);
    for (const destination of addedRoutes) {
      await routes.add({ ...way, destination, source: null, isFailClosed: false });
    }
    return { ...change, addedRoutes, removedRoutes };
  }

  #routes(host: RoutePort, transaction: Transaction): RouteControl {
    const { ipsecif } = this.#surroundings.databases;
    return new RouteControl({ host, interfaces: () => ipsecif.list(), change: (work) => work(transaction) });
  }

  #look(name: string): Look {
    const { databases } = this.#surroundings;
    const record = databases.ipsecif.get(name);
    return { policies: record.policies, used: usedBy(record, databases) };
  }

  #compare(name: string, change: InterfaceChange, before: Look, isDrawn: boolean): InterfacePreview {
    const after = this.#look(name);
    return {
      policies: comparePolicies(before.policies, after.policies, isDrawn),
      associations: compareAssociations(before.used, after.used),
      problem: null,
      commands: commandsOf(name, change),
    };
  }
}

type Look = {
  readonly policies: Parameters<typeof comparePolicies>[0];
  readonly used: ReturnType<typeof usedBy>;
};

/** Options have no command of ifconfig's or route's: core/api/sysctl-names.ts has their names. */
function commandsOf(name: string, { ifconfig, addedRoutes, removedRoutes }: InterfaceChange): string[] {
  const lines = ifconfig.split('\n').map((line) => line.trim());
  return [
    ...removedRoutes.map((route) => `culvert route delete ${route} -interface ${name}`),
    ...lines.filter((line) => line !== '').map((line) => `culvert ifconfig ${name} ${line}`),
    ...addedRoutes.map((route) => `culvert route add ${route} -interface ${name}`),
  ];
}
