import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveTunnelState, type TunnelFacts, type TunnelState } from '#core/tunnel/tunnel-state.ts';

const now = 10_000_000;
const ago = (seconds: number): number => now - seconds * 1000;
const ready: TunnelFacts = {
  hasDevice: true,
  isUp: true,
  isConfigured: true,
  hasKeys: true,
  configuredMs: ago(7200),
  firstSentMs: 0,
  lastSentMs: 0,
  lastHeardMs: 0,
  lastFailureMs: 0,
};

test('tells the state from flags, keys, counters and time', () => {
  const cases: [string, Partial<TunnelFacts>, TunnelState][] = [
    ['its device was deleted', { hasDevice: false, lastSentMs: ago(1), lastHeardMs: ago(1) }, 'lost'],
    ['down', { isUp: false, isConfigured: false, hasKeys: false }, 'off'],
    ['down though it worked', { isUp: false, lastSentMs: ago(1), lastHeardMs: ago(1) }, 'off'],
    ['no outer addresses', { isConfigured: false, hasKeys: false }, 'unconfigured'],
    ['no keys', { hasKeys: false, lastSentMs: ago(1), lastHeardMs: ago(1) }, 'waiting-for-keys'],
    ['keys, nothing yet', {}, 'idle'],
    ['sent just now, answer on its way', { firstSentMs: ago(10), lastSentMs: ago(10) }, 'idle'],
    ['sent once, never heard', { firstSentMs: ago(11), lastSentMs: ago(11) }, 'hears-nothing'],
    ['sends on, never heard', { firstSentMs: ago(60), lastSentMs: ago(0) }, 'hears-nothing'],
    ['heard, sent nothing', { lastHeardMs: ago(5) }, 'up'],
    ['heard long ago, sent nothing', { lastHeardMs: ago(121) }, 'idle'],
    ['both directions', { firstSentMs: ago(60), lastSentMs: ago(1), lastHeardMs: ago(1) }, 'up'],
    ['both directions, long ago', { firstSentMs: ago(7000), lastSentMs: ago(3600), lastHeardMs: ago(3601) }, 'up'],
    ['sends for 10 s after it last heard', { firstSentMs: ago(60), lastSentMs: ago(1), lastHeardMs: ago(11) }, 'up'],
    ['sends for longer', { firstSentMs: ago(60), lastSentMs: ago(0), lastHeardMs: ago(11) }, 'hears-nothing'],
    ['checks fail, never heard', { lastFailureMs: ago(30) }, 'errors'],
    ['checks failed a while ago', { lastFailureMs: ago(31) }, 'idle'],
    ['checks fail, heard 11 s ago', { lastFailureMs: ago(1), lastHeardMs: ago(11) }, 'errors'],
    ['forged packets beside authentic ones', { lastFailureMs: ago(0), lastHeardMs: ago(10) }, 'up'],
    [
      'counted under another peer',
      { configuredMs: ago(2), firstSentMs: ago(60), lastSentMs: ago(3), lastHeardMs: ago(3) },
      'idle',
    ],
    ['failures under another peer', { configuredMs: ago(2), lastFailureMs: ago(3) }, 'idle'],
  ];
  for (const [name, facts, state] of cases) assert.equal(deriveTunnelState({ ...ready, ...facts }, now), state, name);
});
