/**
 * Carries the steps of a plan out within one command of the gateway, whose transaction undoes the machine's part and whose
 * mark the databases'. On dry surroundings only the databases change, for a plan that is looked at and taken back.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import {
  associationChange,
  associationDeleted,
  policyChange,
  type DatabaseChange,
} from '#core/setkey/database-change.ts';
import type { Device } from '#core/tunnel/compile-snapshot.ts';
import * as steps from '#core/tunnel/command/interface-steps.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import type { HostPort } from '#core/tunnel/port/host-port.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';
import { addRoute, reqidOf } from '#core/tunnel/tunnel-setup.ts';
import type { DesiredAssociation } from './desired-state.ts';
import type { Step } from './step.ts';

/** What steps work on. */
export type CarrySurroundings = {
  readonly databases: Databases;
  readonly interface: steps.StepSurroundings;
  /** Null: nothing is done on the machine. */
  readonly host: HostPort | null;
  readonly transaction: Transaction;
  readonly now: number;
  readonly pid: number;
  /** Take an interface out, and keep its device. */
  readonly detach: (name: string) => void;
  /** An association that goes on behind a sequence number. */
  readonly resume: (id: number, sequence: number) => void;
  /** Tell of a change once it is certain. */
  readonly announce: (change: DatabaseChange) => void;
};

/** Devices that were taken out of use. */
export type DetachedDevices = Map<string, Device>;

/**
 * Carry steps out, in order.
 * @throws {IpsecError} what the first refused step throws, with `file`, `line` and `column` where a file asks for it.
 */
export async function carryOutSteps(all: readonly Step[], surroundings: CarrySurroundings): Promise<void> {
  for (const step of all) {
    try {
      await carryOut(step, surroundings);
    } catch (error) {
      if (!(error instanceof IpsecError) || step.at === null) throw error;
      throw new IpsecError(error.code, error.message, { ...error.details, ...step.at }, error);
    }
  }
  // A device that a killed culvertd left may have had addresses that the files do not name.
  for (const step of all) {
    if (step.kind === 'createInterface') await surroundings.host?.dropFormerAddresses(step.name);
  }
}

async function carryOut(step: Step, around: CarrySurroundings): Promise<void> {
  const { databases, host, transaction } = around;
  switch (step.kind) {
    case 'addRoute':
      if (host !== null) await addRoute(step.name, step.destination, { databases, host, transaction });
      return;
    case 'removeAssociation':
      databases.sad.delete(step.association);
      return around.announce(associationDeleted(step.association, step.association.spi));
    case 'addAssociation':
    case 'updateAssociation':
      return putAssociation(step.kind, step.desired, around);
    case 'removePolicy':
      return around.announce(policyChange('delete', databases.spd.delete(step.policy.selector, step.policy.direction)));
    case 'addPolicy':
      return around.announce(policyChange('add', databases.spd.add(step.desired.spec, 'user', around.pid)));
    case 'removeInterface':
    case 'createInterface':
    case 'deleteTunnel':
    case 'setTunnel':
    case 'setFlags':
    case 'setOptions':
    case 'setMtu':
    case 'addAddress':
    case 'removeAddress':
      return changeInterface(step, around);
  }
}

type InterfaceStep = Exclude<
  Step,
  { kind: 'addRoute' | 'removeAssociation' | 'addAssociation' | 'updateAssociation' | 'removePolicy' | 'addPolicy' }
>;

async function changeInterface(step: InterfaceStep, around: CarrySurroundings): Promise<void> {
  const { databases, interface: surroundings } = around;
  const { name } = step;
  switch (step.kind) {
    case 'removeInterface':
      return around.detach(name);
    case 'createInterface':
      return void (await surroundings.create(name));
    case 'deleteTunnel':
      return void databases.ipsecif.deleteTunnel(name);
    case 'setTunnel':
      databases.ipsecif.setTunnel(name, step.outer, step.reqids);
      return surroundings.onConfigured(name);
    case 'setFlags':
      return steps.setFlags(name, step.flags, surroundings);
    case 'setOptions':
      return void databases.ipsecif.setOptions(name, step.options);
    case 'setMtu':
      return steps.setMtu(name, step.mtu, surroundings);
    case 'addAddress':
      return steps.addAddress(name, step.inner, surroundings);
    case 'removeAddress':
      return steps.removeAddress(name, step.inner.address, surroundings);
  }
}

function putAssociation(
  kind: 'addAssociation' | 'updateAssociation',
  { spec, owner, resumeAt }: DesiredAssociation,
  { databases, now, pid, resume, announce }: CarrySurroundings,
): void {
  const { sad, ipsecif } = databases;
  const reqid = owner === null ? spec.reqid : reqidOf(owner, ipsecif.get(owner.interface));
  const wanted = { ...spec, reqid };
  const before = kind === 'addAssociation' ? null : sad.get(wanted).id;
  const association = before === null ? sad.add(wanted, now, pid) : sad.update(wanted, now, pid);
  if (resumeAt > 0 && association.id !== before) resume(association.id, resumeAt);
  announce(associationChange(before === null ? 'add' : 'update', association));
}
