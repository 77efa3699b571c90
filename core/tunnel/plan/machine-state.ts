/**
 * What a plan compares: interfaces, associations and policies of one moment, by name. Records are immutable, so a state
 * stays true after its databases have changed; keys stay only as long as their owner keeps them.
 * @module
 */
import type { Interface } from '#core/ipsecif/interface.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import { selectorKey } from '#core/spd/selector.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import { associationKey } from './desired-state.ts';
import { forecastDrops, type DropForecast } from './drop-forecast.ts';

/** A machine at one moment. */
export type MachineState = {
  readonly interfaces: ReadonlyMap<string, Interface>;
  /** By destination and SPI. */
  readonly associations: ReadonlyMap<string, SecurityAssociation>;
  /** By direction and selector, in order. */
  readonly policies: ReadonlyMap<string, SecurityPolicy>;
  readonly drops: readonly DropForecast[];
};

/** Of databases as they are. */
export function machineState(databases: Databases): MachineState {
  const { ipsecif, sad, spd } = databases;
  return {
    interfaces: new Map([...ipsecif.list()].map((record) => [record.name, record])),
    associations: new Map([...sad.all()].map((each) => [associationKey(each), each])),
    policies: new Map(spd.list().map((policy) => [`${policy.direction} ${selectorKey(policy.selector)}`, policy])),
    drops: [...ipsecif.list()].flatMap((record) => forecastDrops(record, sad)),
  };
}
