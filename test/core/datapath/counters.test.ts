import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AssociationCell,
  associationSlots,
  counterMemory,
  Counters,
  InterfaceCell,
  interfaceSlots,
} from '#core/datapath/counters.ts';
import { dropReasonCount, dropReasons } from '#core/datapath/drop-reason.ts';

test('two views of one buffer see the same cells', () => {
  const writer = new Counters();
  writer.countDrop(3, dropReasons.noSa.number, 5);
  assert.equal(new Counters(writer.buffer).drops(3, dropReasons.noSa.number), 5);
});

test('slots do not overlap, from the first interface to the last association', () => {
  const counters = new Counters();
  counters.countDrop(interfaceSlots - 1, dropReasonCount - 1);
  counters.cells[counters.associationBase(0)] = 7;
  counters.cells[counters.associationBase(associationSlots - 1) + AssociationCell.authenticationFailures] = 9;
  assert.equal(counters.drops(interfaceSlots - 1, dropReasonCount - 1), 1);
  assert.equal(counters.cells[counters.associationBase(0) + AssociationCell.packets], 7);
  assert.equal(counters.cells.length, counters.associationBase(associationSlots));
  counters.clearInterface(interfaceSlots - 1);
  assert.equal(counters.drops(interfaceSlots - 1, dropReasonCount - 1), 0);
  assert.equal(counters.cells[counters.associationBase(0)], 7);
  counters.clearAssociation(0);
  assert.equal(counters.cells[counters.associationBase(0)], 0);
});

test('the cells of an interface lie before its drops', () => {
  for (const cell of Object.values(InterfaceCell)) assert.ok(cell <= InterfaceCell.firstDrop);
});

test('workers of one direction write banks of their own: reading sums packets and takes the last of times', () => {
  const buffer = counterMemory(3);
  const reader = new Counters(buffer);
  for (const bank of [0, 1, 2]) {
    const writer = new Counters(buffer, { interfaces: bank, associations: bank });
    writer.countDrop(3, dropReasons.noSa.number, 10 ** bank);
    writer.cells[writer.interfaceBase(3) + InterfaceCell.lastOutputMs] = 100 - bank;
    writer.cells[writer.associationBase(5) + AssociationCell.packets] = 7 + bank;
    assert.equal(writer.commonBase(5), reader.associationBase(5));
  }
  assert.equal(reader.drops(3, dropReasons.noSa.number), 111);
  assert.equal(reader.latest(3, InterfaceCell.lastOutputMs), 100);
  assert.equal(reader.cells[reader.commonBase(5) + AssociationCell.packets], 7);
  reader.clearInterface(3);
  reader.clearAssociation(5);
  assert.ok(reader.cells.every((cell) => cell === 0));
});
