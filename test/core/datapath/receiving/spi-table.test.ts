import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SpiTable } from '#core/datapath/receiving/spi-table.ts';

test('an SPI table finds what a map finds', () => {
  const spi = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 0xffffffff }));
  fc.assert(
    fc.property(fc.array(fc.tuple(spi, fc.nat())), fc.array(spi), (entries, others) => {
      const map = new Map(entries);
      const table = new SpiTable(map);
      for (const asked of [...map.keys(), ...others]) assert.equal(table.get(asked), map.get(asked) ?? null);
    }),
  );
});

test('an SPI table holds ten thousand SPIs in a row, and the highest', () => {
  const map = new Map(Array.from({ length: 10_000 }, (_, index) => [0xffffffff - index, index]));
  const table = new SpiTable(map);
  for (const [asked, value] of map) assert.equal(table.get(asked), value);
  assert.equal(table.get(0x1000), null);
});

test('SPI 0, which never is on the wire, is never found', () => {
  assert.equal(new SpiTable(new Map([[0, 'x']])).get(0), null);
  assert.equal(new SpiTable(new Map()).get(0), null);
});
