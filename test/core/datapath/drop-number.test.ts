import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inboundDrop, outboundDrop } from '#core/datapath/drop-number.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';

test('each loop has numbers of its own direction, each once, and between them and the outer header all are in use', () => {
  const inbound = Object.values(inboundDrop);
  const outbound = Object.values(outboundDrop);
  const all = [...inbound, ...outbound];
  assert.equal(new Set(all).size, all.length);
  for (const { number, direction } of Object.values(dropReasons)) {
    const used = direction === 'inbound' ? outbound : inbound;
    assert.ok(!used.some((other) => other === number), String(number));
  }
  // outer-header.ts gives these three.
  const { ipHeader, fragment, clearText } = dropReasons;
  const known = new Set<number>([...all, ipHeader.number, fragment.number, clearText.number]);
  assert.deepEqual(
    Object.values(dropReasons).filter(({ number }) => !known.has(number)),
    [],
  );
});
