/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timelineKindRows, timelineKinds, timelineText } from '#core/tunnel/timeline/timeline-kind.ts';

test('details stand in the sentence where their names are, and a missing one is left as it is', () => {
  const details = { direction: 'inbound', spi: '0x00001000', before: '0x00000fff' };
  assert.equal(
    timelineText('keys-replaced', 'ipsec0', details),
    'ipsec0: inbound key replaced, SPI 0x00000fff by 0x00001000.',
  );
  assert.equal(timelineText('tunnel-up', null, {}), '{interface} is up: the peer is heard.');
});

test('every sentence ends, and a kind that a chart marks is about an interface or a key', () => {
  for (const kind of timelineKinds) {
    const { text, mark } = timelineKindRows[kind];
    assert.match(text, /\.$/, kind);
    if (mark !== null) assert.match(text, /\{interface\}|\{spi\}/, kind);
  }
});
