/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { tellNetworks, tellRefused } from '#renderer/state/refused-networks.ts';
import { findTunnel, listTunnels } from '#renderer/state/tunnel-list.ts';
import { worstTunnel } from '#renderer/screens/tunnels/worst-tunnel.ts';
import { createTranslator } from '#renderer/text/catalogue.ts';
import { exampleAnswer } from '#test/support/profile/profile-answer.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';
import { connected, link } from './example-session.ts';

const refused = ['10.2.0.0/24'];
const lost = { code: 'PROFILE_LOST', message: 'the device ipsec0 was deleted', hint: 'Make it anew.', details: {} };

function whyOf(
  changes: Partial<ProfileAnswer>,
  failClosed: ProfileAnswer['profile']['failClosed'] = 'while-up',
): unknown {
  return tellRefused(exampleAnswer({ profile: { ...exampleProfile(), failClosed }, refused, ...changes }))?.why ?? null;
}

test('networks are refused for one reason at a time, which names the way out', () => {
  assert.equal(whyOf({ refused: [] }), null);
  assert.equal(tellRefused(null), null);
  assert.equal(whyOf({ phase: 'on', problem: lost }), 'lost');
  assert.equal(whyOf({ phase: 'retrying' }, 'always'), 'trying');
  assert.equal(whyOf({ phase: 'starting' }), 'trying');
  assert.equal(whyOf({ phase: 'off' }, 'always'), 'always');
  assert.equal(whyOf({ phase: 'failed' }), 'left');
  assert.equal(whyOf({ phase: 'off' }), 'left');
});

test('a lost tunnel has to be made anew also where its profile lets its networks go', () => {
  assert.equal(whyOf({ phase: 'on', problem: lost, refused: [] }, 'never'), 'lost');
});

test('a profile whose interface was made again by hand is lost, whatever that interface does', () => {
  const profile = exampleAnswer({ problem: lost, refused });
  const { interface: name } = profile.profile;
  for (const interfaces of [[], [link(0, { name, state: 'up' })], [link(0, { name, state: 'lost' })]]) {
    const tunnels = listTunnels({ ...connected({ interfaces }), profiles: [profile] });
    assert.equal(findTunnel(tunnels, profile.profile.name)?.condition, 'lost');
  }
});

test('a lost tunnel is worse than one in error, and what an earlier helper left refused is trouble, too', () => {
  const named = (name: string, unit: number, changes: Partial<ProfileAnswer>): ProfileAnswer =>
    exampleAnswer({ id: name, profile: { ...exampleProfile(), name, interface: `ipsec${unit}` }, ...changes });
  const worst = (profiles: ProfileAnswer[]): string | undefined =>
    worstTunnel(listTunnels({ ...connected({ interfaces: [link(2, { state: 'errors' })] }), profiles }))?.name;
  const gone = named('gone', 1, { problem: lost, refused });
  const left = named('left', 3, { phase: 'off', refused });
  const chosen = { ...left, profile: { ...left.profile, failClosed: 'always' as const } };
  assert.equal(worst([left, named('wrong', 2, {}), gone]), 'gone');
  assert.equal(worst([left, named('wrong', 2, {})]), 'wrong');
  const quiet = (profiles: ProfileAnswer[]): string | undefined =>
    worstTunnel(listTunnels({ ...connected({}), profiles }))?.name;
  assert.equal(quiet([left]), 'left');
  assert.equal(quiet([chosen]), undefined);
});

test('of many networks two are named, and the rest is counted', () => {
  const { t } = createTranslator();
  const many = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'];
  assert.equal(tellNetworks(many.slice(0, 3), t), '10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16');
  assert.equal(tellNetworks(many, t), '10.1.0.0/16, 10.2.0.0/16 and 2 more');
});
