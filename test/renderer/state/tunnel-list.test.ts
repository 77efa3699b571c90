import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTunnel, listTunnels, matchesQuery } from '#renderer/state/tunnel-list.ts';
import { nextOrder, orderTunnels } from '#renderer/state/tunnel-order.ts';
import { worstTunnel } from '#renderer/screens/tunnels/worst-tunnel.ts';
import { exampleAnswer } from '#test/support/profile/profile-answer.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';
import { association, connected, link } from './example-session.ts';

test('an interface that was made by hand is a tunnel by its own name', () => {
  const tunnels = listTunnels(connected({ interfaces: [link(1), link(2)] }));
  assert.deepEqual(
    tunnels.map(({ name, condition }) => [name, condition]),
    [
      ['ipsec1', 'up'],
      ['ipsec2', 'up'],
    ],
  );
  assert.equal(findTunnel(tunnels, 'ipsec2'), tunnels[1]);
});

test('while the helper is away no condition is known, and the last one is remembered', () => {
  const [tunnel] = listTunnels({ ...connected({ interfaces: [link(1)] }), link: { state: 'absent' } });
  assert.equal(tunnel?.condition, 'unknown');
  assert.equal(tunnel?.lastCondition, 'up');
});

test('a tunnel is found by its name, its interface and its addresses, in either case', () => {
  const [tunnel] = listTunnels(connected({ interfaces: [link(7)] }));
  assert.ok(tunnel !== undefined);
  for (const query of ['IPSEC7', '198.51.100.7', ' 192.0.2 ', '']) assert.equal(matchesQuery(tunnel, query), true);
  assert.equal(matchesQuery(tunnel, '203.0.113'), false);
});

test('rows are ordered by numbers as numbers, and what is not known stands last both ways', () => {
  const hard = { addSeconds: 3600, useSeconds: 0, bytes: 0, packets: 0 };
  const interfaces = [link(10), link(9), link(2, { tunnel: null })];
  const tunnels = listTunnels(connected({ interfaces, associations: [association(9, 1, 'out', { hard })] }));
  const namesBy = (order: Parameters<typeof orderTunnels>[1]): string[] =>
    orderTunnels(tunnels, order).map(({ name }) => name);
  assert.deepEqual(namesBy(null), ['ipsec10', 'ipsec9', 'ipsec2']);
  assert.deepEqual(namesBy({ by: 'path', isDescending: false }), ['ipsec9', 'ipsec10', 'ipsec2']);
  assert.deepEqual(namesBy({ by: 'path', isDescending: true }), ['ipsec10', 'ipsec9', 'ipsec2']);
  assert.equal(namesBy({ by: 'ends', isDescending: false })[0], 'ipsec9');
});

test('profiles stand by name at first, numbers as numbers', () => {
  const names = ['site 10', 'site 9', 'Büro'];
  const profiles = names.map((name) => ({
    ...exampleAnswer(),
    profile: exampleProfile({ name }),
    phase: 'off' as const,
  }));
  const tunnels = listTunnels({ ...connected({ interfaces: [] }), profiles });
  assert.deepEqual(
    tunnels.map(({ name }) => name),
    ['Büro', 'site 9', 'site 10'],
  );
});

test('a head that is pressed three times leaves the rows as they were', () => {
  const first = nextOrder(null, 'name');
  const second = nextOrder(first, 'name');
  assert.deepEqual([first?.isDescending, second?.isDescending, nextOrder(second, 'name')], [false, true, null]);
  assert.deepEqual(nextOrder(second, 'path'), { by: 'path', isDescending: false });
});

test('the banner is about errors before silence, and never about what a person chose', () => {
  const interfaces = [link(1, { state: 'off' }), link(2, { state: 'hears-nothing' }), link(3, { state: 'errors' })];
  assert.equal(worstTunnel(listTunnels(connected({ interfaces })))?.name, 'ipsec3');
  assert.equal(worstTunnel(listTunnels(connected({ interfaces: interfaces.slice(0, 2) })))?.name, 'ipsec2');
  assert.equal(worstTunnel(listTunnels(connected({ interfaces: interfaces.slice(0, 1) }))), null);
});
