/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftFaults } from '#renderer/draft/draft-fault.ts';
import { emptyDraft, type Draft, type DraftField } from '#renderer/draft/draft.ts';
import { exampleDraft } from './example-draft.ts';

function wordOf(changes: Partial<Draft>, field: DraftField): string | null | undefined {
  return draftFaults(exampleDraft(changes)).get(field)?.word;
}

test('a complete draft has no fault', () => {
  assert.equal(draftFaults(exampleDraft()).size, 0);
  assert.equal(draftFaults(exampleDraft({ carriesIpv6: true, natT: true, purpose: 'computer' })).size, 0);
});

test('an empty draft says at each field that is missing what it needs', () => {
  const faults = draftFaults(emptyDraft);
  assert.deepEqual([...faults.keys()].sort(), ['inner', 'name', 'peerHost', 'spiIn', 'spiOut']);
});

test('every wrong field is told at once, not only the first', () => {
  const faults = draftFaults(exampleDraft({ name: '-', peerHost: '203.0.113', spiIn: '255', mtu: 'x', routes: '1/2' }));
  assert.deepEqual([...faults.keys()].sort(), ['mtu', 'name', 'peerHost', 'routes', 'spiIn']);
});

test('what fields have to do with each other is judged though others are wrong', () => {
  const faults = draftFaults(exampleDraft({ name: '', spiOut6: '0x1000', carriesIpv6: true }));
  assert.deepEqual([...faults.keys()].sort(), ['name', 'spiOut']);
});

test('SPIs below 256 are reserved (RFC 4303 §2.1)', () => {
  assert.equal(wordOf({ spiOut: '255' }, 'spiOut'), 'spi');
  assert.equal(wordOf({ spiOut: '256' }, 'spiOut'), undefined);
  assert.equal(wordOf({ spiOut: '0x100000000' }, 'spiOut'), 'spi');
});

test('only this end may be chosen by the system, and the other is another', () => {
  assert.equal(wordOf({ localHost: 'auto' }, 'localHost'), undefined);
  assert.equal(wordOf({ localHost: 'auto', peerHost: 'auto' }, 'peerHost'), 'peerAuto');
  assert.equal(wordOf({ localHost: '192.0.2.1', peerHost: '192.0.2.1' }, 'peerHost'), 'peerIsHere');
});

test('a reminder comes before the end, where there is one', () => {
  assert.equal(wordOf({ lifeDays: '3', remindDays: '3' }, 'remindDays'), 'remind');
  assert.equal(wordOf({ lifeDays: '0', remindDays: '3' }, 'remindDays'), undefined);
});

test('a lifetime is at most what the helper counts, and its own field says so', () => {
  assert.equal(wordOf({ lifeDays: '36600' }, 'lifeDays'), undefined);
  assert.equal(wordOf({ lifeDays: '36601' }, 'lifeDays'), 'days');
  assert.equal(wordOf({ lifeGib: '8388607' }, 'lifeGib'), undefined);
  assert.equal(wordOf({ lifeGib: '8388608' }, 'lifeGib'), 'gib');
});

test('an IPv6 network needs IPv6 inside', () => {
  assert.equal(wordOf({ routes: 'fd01::/64' }, 'routes'), 'needsIpv6');
  assert.equal(wordOf({ routes: 'fd01::/64', carriesIpv6: true }, 'routes'), undefined);
});

test('addresses inside are of their field’s family', () => {
  assert.equal(wordOf({ inner: 'fd00::1' }, 'inner'), 'inner');
  assert.equal(wordOf({ innerPeer: 'fd00::1' }, 'innerPeer'), 'innerPeer');
  assert.equal(wordOf({ inner6: '10.0.0.1', carriesIpv6: true }, 'inner6'), 'inner');
  assert.equal(wordOf({ inner6: '10.0.0.1' }, 'inner6'), undefined);
});

test('fields that do not count are not judged', () => {
  assert.equal(wordOf({ localPort: 'x' }, 'localPort'), undefined);
  assert.equal(wordOf({ localPort: '0', natT: true }, 'localPort'), 'port');
  assert.equal(wordOf({ networks: 'x', purpose: 'computer' }, 'networks'), undefined);
});
