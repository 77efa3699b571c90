/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { Bridge } from '#renderer/bridge.ts';
import { readDraft } from '#renderer/draft/draft-profile.ts';
import { makeTunnel, type TunnelWish } from '#renderer/draft/make-tunnel.ts';
import { exampleDraft } from './example-draft.ts';

type Call = readonly [method: string, params: Readonly<Record<string, unknown>>];

/** A bridge that notes calls; `refused` methods are refused. */
function recorder(refused: readonly string[] = []): { bridge: Bridge; calls: Call[] } {
  const calls: Call[] = [];
  const call = (method: string, params: object): Promise<unknown> => {
    calls.push([method, { ...params }]);
    if (refused.includes(method)) return Promise.reject(new IpsecError('PROFILE_EXISTS', 'refused'));
    return Promise.resolve({ savedRevision: 7 });
  };
  return { bridge: { call: call as Bridge['call'], listen: () => () => {} }, calls };
}

function profileOf(changes: Parameters<typeof exampleDraft>[0] = {}): Profile {
  const { profile } = readDraft(exampleDraft(changes));
  assert.ok(profile !== null);
  return profile;
}

function madeOf(profile: Profile, phase: 'on' | 'off'): TunnelWish['made'] {
  return { profile, phase } as TunnelWish['made'];
}

test('a new tunnel is saved with keys that the helper makes, then switched on', async () => {
  const { bridge, calls } = recorder();
  await makeTunnel(bridge, { profile: profileOf(), pasted: null, made: null });
  assert.deepEqual(
    calls.map(([method]) => method),
    ['profile.create', 'profile.up'],
  );
  assert.equal(calls[0]?.[1]['secrets'], 'generate');
});

test('what refuses to save it is thrown; what keeps it from coming up stays with the profile', async () => {
  const wish = { profile: profileOf(), pasted: null, made: null };
  await assert.rejects(makeTunnel(recorder(['profile.create']).bridge, wish), { code: 'PROFILE_EXISTS' });
  assert.equal(await makeTunnel(recorder(['profile.up']).bridge, wish), 'Kyoto office');
});

test('a tunnel that was made before goes down, takes its new name and what changed, and keeps its keys', async () => {
  const { bridge, calls } = recorder();
  const made = madeOf(profileOf({ name: 'Osaka' }), 'on');
  await makeTunnel(bridge, { profile: profileOf({ mtu: '1400' }), pasted: null, made });
  assert.deepEqual(
    calls.map(([method]) => method),
    ['profile.down', 'profile.rename', 'profile.show', 'profile.edit', 'profile.up'],
  );
  assert.equal(calls[3]?.[1]['secrets'], 'keep');
  assert.equal(calls[3]?.[1]['revision'], 7);
});

test('another suite, or another number of pairs, needs new keys', async () => {
  for (const changes of [{ suite: 'aes-gcm-16' }, { carriesIpv6: true }]) {
    const { bridge, calls } = recorder();
    await makeTunnel(bridge, { profile: profileOf(changes), pasted: null, made: madeOf(profileOf(), 'off') });
    assert.equal(calls.find(([method]) => method === 'profile.edit')?.[1]['secrets'], 'generate');
  }
});
