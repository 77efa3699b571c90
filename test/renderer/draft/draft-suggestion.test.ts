/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftFaults } from '#renderer/draft/draft-fault.ts';
import { suggestDraft, suggestInner, suggestInterface, suggestSpis } from '#renderer/draft/draft-suggestion.ts';

let seed = 1;
const random = {
  fill(out: Uint8Array): void {
    for (let index = 0; index < out.length; index++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      out[index] = seed >>> 24;
    }
  },
};

test('a suggested draft lacks nothing but a name and the other end', () => {
  const draft = suggestDraft({ interfaces: ['ipsec0'], spis: [], prefixes: ['10.99.0.0/24'] }, random);
  assert.deepEqual([...draftFaults(draft).keys()].sort(), ['name', 'peerHost']);
  assert.equal(draft.interface, 'ipsec1');
  assert.equal(draft.inner, '10.99.1.1');
  const complete = { ...draft, name: 'x', peerHost: '192.0.2.1', carriesIpv6: true };
  assert.equal(draftFaults(complete).size, 0);
});

test('the first interface that is free is taken', () => {
  assert.equal(suggestInterface([]), 'ipsec0');
  assert.equal(suggestInterface(['ipsec1', 'ipsec0', 'eth0']), 'ipsec2');
});

test('inner addresses avoid what is routed, but not for a default route', () => {
  assert.deepEqual(suggestInner(['0.0.0.0/0', '::/0']), ['10.99.0.1', '10.99.0.2']);
  assert.deepEqual(suggestInner(['10.99.0.7']), ['10.99.1.1', '10.99.1.2']);
  assert.deepEqual(suggestInner(['10.99.0.0/25', '10.99.1.200/32', 'default']), ['10.99.2.1', '10.99.2.2']);
  assert.deepEqual(suggestInner(['10.0.0.0/8']), ['', '']);
});

test('SPIs differ from each other and from those in use', () => {
  const first = suggestSpis([], random);
  assert.equal(new Set(Object.values(first)).size, 4);
  for (const text of Object.values(first)) assert.match(text, /^0x[0-9a-f]{8}$/);
});
