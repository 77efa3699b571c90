import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssociationCell, associationSlots, Counters, InterfaceCell, interfaceSlots } from '#core/datapath/counters.ts';
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
