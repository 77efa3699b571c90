/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relayContract } from '#core/api/relay.ts';
import { draftRequest, flagRequest } from '#renderer/screens/tunnel-interface/change-request.ts';
import { draftOfInterface, draftOfProfile } from '#renderer/screens/tunnel-interface/interface-draft.ts';
import { listTunnels, type Tunnel } from '#renderer/state/tunnel-list.ts';
import { connected, link } from '#test/renderer/state/example-session.ts';
import { exampleAnswer } from '#test/support/profile/profile-answer.ts';

const { params } = relayContract['interface.change'];

function tunnelOf(profiles: Parameters<typeof listTunnels>[0]['profiles']): Tunnel {
  const [tunnel] = listTunnels({ ...connected({ interfaces: [link(0)] }), profiles });
  return tunnel ?? assert.fail('there is a tunnel');
}

test('an interface made by hand changes by its lines, options and routes; no profile is told of', () => {
  const tunnel = tunnelOf([]);
  const live = draftOfInterface(link(0), ['10.1.0.0/16']);
  const draft = { ...live, mtu: 1400, routes: ['10.2.0.0/16'], options: { ...live.options, pmtu: 1 as const } };
  const request = draftRequest(tunnel, { before: live, draft, live });
  assert.deepEqual(params.parse(request), {
    ...{ name: 'ipsec0', ifconfig: 'mtu 1400\n', options: { pmtu: 1 }, profile: null, isCheck: false },
    ...{ addedRoutes: ['10.2.0.0/16'], removedRoutes: ['10.1.0.0/16'] },
  });
});

test('a tunnel of a profile changes with it, at the revision that was shown; its routes are the helper’s to know', () => {
  const answer = exampleAnswer();
  const tunnel = tunnelOf([answer]);
  const before = draftOfProfile(answer);
  const live = draftOfInterface(link(0), []);
  const draft = { ...before, mtu: 1400, routes: ['10.2.0.0/16', '10.9.0.0/16'] };
  const request = params.parse(draftRequest(tunnel, { before, draft, live }));
  assert.deepEqual([request.profile?.name, request.profile?.revision], ['office', 3]);
  assert.deepEqual([request.profile?.profile.mtu, request.profile?.profile.routes.length], [1400, 2]);
  assert.deepEqual([request.addedRoutes, request.removedRoutes], [[], []]);
  assert.match(request.ifconfig, /^mtu 1400$/m);
});

test('a flag is one word for the machine and one field of the profile', () => {
  const request = params.parse(flagRequest(tunnelOf([exampleAnswer()]), 'link1', true));
  assert.deepEqual([request.ifconfig, request.profile?.profile.flags.link1], ['link1\n', true]);
  assert.equal(params.parse(flagRequest(tunnelOf([]), 'link2', false)).ifconfig, '-link2\n');
});

test('what becomes of refused networks is the profile’s alone: nothing of the machine changes with it', () => {
  const answer = exampleAnswer();
  const before = draftOfProfile(answer);
  const draft = { ...before, failClosed: 'always' as const };
  const live = { ...before, failClosed: null };
  const request = params.parse(draftRequest(tunnelOf([answer]), { before, draft, live }));
  assert.equal(request.profile?.profile.failClosed, 'always');
  assert.equal(request.ifconfig, '');
  const other = { ...before, mtu: 1400 };
  const kept = params.parse(draftRequest(tunnelOf([answer]), { before, draft: other, live }));
  assert.equal(kept.profile?.profile.failClosed, answer.profile.failClosed);
});
