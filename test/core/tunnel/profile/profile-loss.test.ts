/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import { isCrippled, lossOf, missingRoutes, type MadeTunnel } from '#core/tunnel/profile/profile-loss.ts';

const [first, second] = [parsePrefix('10.2.0.0/16'), parsePrefix('fd02::/64')];
const whole: MadeTunnel = {
  ...{ name: 'office', interface: 'ipsec0', isHeld: true, state: 'up', alteration: null, missing: [] },
};
const asMade = { isDown: false, missing: [], mtu: null };
const [inner4, inner6] = [parseIpAddress('172.16.1.1'), parseIpAddress('fd00::1')];

function route(destination: typeof first, name: string | null): HostRoute {
  const kind = name === null ? 'reject' : 'unicast';
  return { destination, kind, interface: name, gateway: null, source: null, metric: 0, origin: 'culvert' };
}

test('a tunnel that is whole is not lost; one whose interface, device, addresses or routes are gone is, and says what is', () => {
  assert.equal(lossOf(whole), null);
  const many = Array.from({ length: 9 }, (_, index) => parsePrefix(`10.${index}.0.0/16`));
  const cases: readonly (readonly [Partial<MadeTunnel>, RegExp])[] = [
    [{ isHeld: false, state: 'lost' }, /ipsec0 was destroyed by hand/],
    [{ state: 'lost', missing: [first] }, /the device ipsec0 was deleted/],
    [{ missing: [first, second] }, /removed routes into ipsec0: 10\.2\.0\.0\/16, fd02::\/64$/],
    [{ alteration: { ...asMade, isDown: true, missing: [inner6] }, missing: [first] }, /set the device ipsec0 down$/],
    [{ alteration: { ...asMade, missing: [inner4, inner6] } }, /removed addresses of ipsec0: 172\.16\.1\.1, fd00::1$/],
    [{ missing: many }, /10\.0\.0\.0\/16, 10\.1\.0\.0\/16 and 7 more$/],
  ];
  for (const [changes, message] of cases) {
    const problem = lossOf({ ...whole, ...changes });
    assert.equal(problem?.code, 'PROFILE_LOST');
    assert.match(problem?.message ?? '', message);
    assert.match(problem?.hint ?? '', /culvert up NAME/);
  }
});

test('another MTU alone carries the tunnel', () => {
  const alteration = { ...asMade, mtu: 9000 };
  assert.equal(lossOf({ ...whole, alteration }), null);
  assert.equal(isCrippled(alteration), false);
});

test('a route counts that leads through the interface, not one through another or nowhere', () => {
  const routes = [route(first, 'ipsec1'), route(first, null), route(second, 'ipsec0')];
  assert.deepEqual(missingRoutes('ipsec0', [first, second], routes), [first]);
  assert.deepEqual(missingRoutes('ipsec1', [first, second], routes), [second]);
});
