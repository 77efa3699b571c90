import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssociationCell, Counters } from '#core/datapath/counters.ts';
import { readUsage } from '#core/tunnel/association-usage.ts';

test('reads every cell of its slot and of no other', () => {
  const counters = new Counters();
  for (const [name, cell] of Object.entries(AssociationCell)) {
    counters.cells[counters.associationBase(5) + cell] = 100 + cell;
    assert.equal(readUsage(counters, 5)[name as keyof typeof AssociationCell], 100 + cell, name);
    assert.equal(readUsage(counters, 6)[name as keyof typeof AssociationCell], 0, name);
  }
});
