import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import type { Errno } from '#core/base/errno.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { initialFlags, type InterfaceFlags } from '#core/ipsecif/flags.ts';
import { initialOptions, initialSettings } from '#core/ipsecif/interface-options.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { Spd } from '#core/spd/spd.ts';
import { discarding } from '#test/support/policies.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

type Bench = { spd: Spd; ipsecif: Ipsecif };

function pair(local: string, peer: string, localPort = 0, peerPort = 0): OuterPair {
  return { local: parseIpAddress(local), peer: parseIpAddress(peer), localPort, peerPort };
}

function bench(...names: string[]): Bench {
  const spd = new Spd();
  const ipsecif = new Ipsecif(spd);
  for (const name of names) ipsecif.create(name);
  return { spd, ipsecif };
}

function reqids({ policies }: Interface): (number | undefined)[] {
  if (policies === null) return [];
  const { in4, out4, in6, out6 } = policies;
  return [in4, out4, in6, out6].map(({ requests }) => requests[0]?.reqid);
}

const snapshot = ({ spd, ipsecif }: Bench): unknown => ({ interfaces: [...ipsecif.list()], policies: spd.list() });
const natT: Partial<InterfaceFlags> = { link0: true };
const ab = pair('10.0.0.1', '10.0.0.2');
const cd = pair('10.0.0.11', '10.0.0.12');

test('a fresh interface is down with link2, MTU 1280 and nothing configured', () => {
  const created = bench().ipsecif.create('ipsec7');
  const bare = { options: initialOptions, outer: null, addresses: [], policies: null };
  assert.deepEqual(created, { name: 'ipsec7', unit: 7, flags: initialFlags, mtu: 1280, ...bare });
});

test('the first tunnel of a fresh system has reqids 16385 to 16388 and spids 1 to 4 in creation order', () => {
  const { ipsecif } = bench('ipsec0');
  const { policies, ...rest } = ipsecif.setTunnel('ipsec0', ab);
  assert.deepEqual(reqids({ policies, ...rest }), [16385, 16386, 16387, 16388]);
  assert.deepEqual(
    [policies?.in4, policies?.out4, policies?.in6, policies?.out6].map((policy) => policy?.spid),
    [1, 2, 3, 4],
  );
  assert.ok(policies !== null && Object.values(policies).every(({ origin }) => origin === 'kernel'));
});

test('one address at both ends is accepted, as if_ipsec.c has no check for it', () => {
  const { ipsecif } = bench();
  ipsecif.create('ipsec7');
  const { outer, policies } = ipsecif.setTunnel('ipsec7', pair('10.0.0.9', '10.0.0.9'));
  assert.deepEqual([outer?.local, outer?.peer], ['10.0.0.9', '10.0.0.9']);
  assert.ok(policies !== null);
});

test('refusals have the errno of if_ipsec.c and leave everything as it was', () => {
  const userPolicy = { source: parsePrefix('10.0.0.21'), destination: parsePrefix('10.0.0.22'), upperProtocol: 41 };
  const cases: [string, (ipsecif: Ipsecif) => unknown, string, Errno][] = [
    ['bad name', (i) => i.create('gif0'), 'INTERFACE_NAME', 'EINVAL'],
    ['unit taken', (i) => i.create('ipsec0'), 'INTERFACE_EXISTS', 'EEXIST'],
    ['unknown interface', (i) => i.setTunnel('ipsec9', ab), 'INTERFACE_NOT_FOUND', 'ENXIO'],
    ['destroy unknown', (i) => i.destroy('ipsec9'), 'INTERFACE_NOT_FOUND', 'ENXIO'],
    ['mixed families', (i) => i.setTunnel('ipsec0', pair('10.0.0.1', 'fc00::2')), 'ADDRESS_FAMILY_MIXED', 'EINVAL'],
    [
      'multicast peer',
      (i) => i.setTunnel('ipsec0', pair('10.0.0.1', '224.0.0.1')),
      'ADDRESS_UNUSABLE',
      'EADDRNOTAVAIL',
    ],
    ['unspecified local', (i) => i.setTunnel('ipsec0', pair('::', 'fc00::2')), 'ADDRESS_UNUSABLE', 'EADDRNOTAVAIL'],
    ['pair in use', (i) => i.setTunnel('ipsec0', cd), 'TUNNEL_PAIR_IN_USE', 'EADDRNOTAVAIL'],
    [
      'ports without link0',
      (i) => i.setTunnel('ipsec0', { ...ab, peerPort: 4500 }),
      'TUNNEL_PORT_WITHOUT_NAT_T',
      'EINVAL',
    ],
    ['policy in the way', (i) => i.setTunnel('ipsec0', pair('10.0.0.21', '10.0.0.22')), 'POLICY_EXISTS', 'EEXIST'],
    [
      'inner address around the peer',
      (i) => i.addAddress('ipsec0', { address: parseIpAddress('10.0.0.9'), prefixLength: 24, peer: null }),
      'TUNNEL_ROUTE_LOOP',
      'ENETUNREACH',
    ],
    ['peer behind itself', (i) => i.setTunnel('ipsec4', ab), 'TUNNEL_ROUTE_LOOP', 'ENETUNREACH'],
    ['hop limit', (i) => i.setOptions('ipsec0', { hopLimit: 0 }), 'INTERFACE_OPTION', 'EINVAL'],
    ['hop limit for all', (i) => i.setSettings({ hopLimit: 256 }), 'INTERFACE_OPTION', 'EINVAL'],
    ['MTU', (i) => i.setMtu('ipsec0', 1279), 'INTERFACE_MTU', 'EINVAL'],
    ['link0 off with ports', (i) => i.setFlags('ipsec2', { link0: false }), 'TUNNEL_PORT_WITHOUT_NAT_T', 'EINVAL'],
    [
      'link0 off in a shared pair',
      (i) => i.setFlags('ipsec3', { link0: false }),
      'TUNNEL_PAIR_IN_USE',
      'EADDRNOTAVAIL',
    ],
    [
      'no such address',
      (i) => i.removeAddress('ipsec0', parseIpAddress('10.9.9.9')),
      'ADDRESS_NOT_FOUND',
      'EADDRNOTAVAIL',
    ],
  ];
  for (const [name, refuse, code, errno] of cases) {
    const it = bench('ipsec0', 'ipsec1', 'ipsec2', 'ipsec3', 'ipsec4');
    const around = { address: parseIpAddress('10.0.0.1'), prefixLength: 24, peer: null };
    it.ipsecif.addAddress('ipsec4', around);
    it.spd.add(discarding(userPolicy), 'user', 1);
    it.ipsecif.setTunnel('ipsec0', pair('10.0.0.3', '10.0.0.4'));
    it.ipsecif.setTunnel('ipsec1', cd);
    it.ipsecif.setFlags('ipsec2', natT);
    it.ipsecif.setTunnel('ipsec2', pair('10.0.0.5', '10.0.0.6', 4500, 4500));
    it.ipsecif.setFlags('ipsec3', natT);
    it.ipsecif.setTunnel('ipsec3', cd);
    const before = snapshot(it);
    assert.throws(
      () => refuse(it.ipsecif),
      (error) => error instanceof IpsecError && error.code === code && error.errno === errno,
      name,
    );
    assert.deepEqual(snapshot(it), before, name);
  }
});

test('the same tunnel again changes nothing, with ports too', () => {
  const it = bench('ipsec0');
  it.ipsecif.setFlags('ipsec0', natT);
  const ported = pair('10.0.0.1', '10.0.0.2', 4500, 4501);
  const first = it.ipsecif.setTunnel('ipsec0', ported);
  assert.equal(it.ipsecif.setTunnel('ipsec0', ported), first);
  assert.equal(it.spd.size, 4);
});

test('other ports keep the policies, other addresses make new ones with new reqids', () => {
  const it = bench('ipsec0');
  it.ipsecif.setFlags('ipsec0', natT);
  const first = it.ipsecif.setTunnel('ipsec0', { ...ab, localPort: 4500 });
  const ported = it.ipsecif.setTunnel('ipsec0', { ...ab, localPort: 4501 });
  assert.equal(ported.policies, first.policies);
  it.ipsecif.setTunnel('ipsec0', ab);
  const plain = it.ipsecif.setFlags('ipsec0', { link0: false });
  const moved = it.ipsecif.setTunnel('ipsec0', cd);
  assert.deepEqual(reqids(plain), [16385, 16386, 16387, 16388]);
  assert.deepEqual(reqids(moved), [16389, 16390, 16391, 16392]);
  assert.equal(it.spd.size, 4);
});

test('the pair counts only whole and in its direction', () => {
  const { ipsecif } = bench('ipsec0', 'ipsec1', 'ipsec2');
  ipsecif.setTunnel('ipsec0', ab);
  ipsecif.setTunnel('ipsec1', pair('10.0.0.1', '10.0.0.3'));
  assert.equal(
    thrownCode(() => ipsecif.setTunnel('ipsec2', ab)),
    'TUNNEL_PAIR_IN_USE',
  );
  assert.equal(
    thrownCode(() => ipsecif.setTunnel('ipsec2', pair('10.0.0.2', '10.0.0.1'))),
    null,
  );
});

test('a user policy with the same selector and an interface exclude each other, in both orders', () => {
  const inPolicy = discarding(
    { source: parsePrefix('10.0.0.2'), destination: parsePrefix('10.0.0.1'), upperProtocol: 4 },
    'in',
  );
  const first = bench('ipsec0');
  first.ipsecif.setTunnel('ipsec0', ab);
  assert.equal(
    thrownCode(() => first.spd.add(inPolicy, 'user', 1)),
    'POLICY_EXISTS',
  );
  const second = bench('ipsec0');
  second.spd.add(inPolicy, 'user', 1);
  assert.equal(
    thrownCode(() => second.ipsecif.setTunnel('ipsec0', ab)),
    'POLICY_EXISTS',
  );
  assert.equal(second.spd.size, 1);
});

test('link0 and link2 make the policies anew, link1 and up do not (if_ipsec.c: if_ipsec_ensure_flags)', () => {
  const cases: [Partial<InterfaceFlags>, boolean, (number | undefined)[]][] = [
    [{ link1: true }, false, [16385, 16386, 16387, 16388]],
    [{ isUp: true }, false, [16385, 16386, 16387, 16388]],
    [{ link2: true }, false, [16385, 16386, 16387, 16388]],
    [{ link2: false }, true, [16389, 16390, undefined, undefined]],
    [{ link0: true }, true, [0, 0, 0, 0]],
  ];
  for (const [changes, isNew, expected] of cases) {
    const it = bench('ipsec0');
    const before = it.ipsecif.setTunnel('ipsec0', ab);
    const after = it.ipsecif.setFlags('ipsec0', changes);
    assert.equal(after.policies !== before.policies, isNew);
    assert.deepEqual(reqids(after), expected);
    assert.equal(it.spd.size, 4);
  }
});

test('flags set before the tunnel are used when it is set', () => {
  const { ipsecif, spd } = bench('ipsec0');
  ipsecif.setFlags('ipsec0', { link2: false });
  assert.equal(spd.size, 0);
  assert.equal(ipsecif.setTunnel('ipsec0', ab).policies?.in6.action, 'discard');
});

test('with link0 a pair is shared: one set of policies, gone with the last interface', () => {
  const { ipsecif, spd } = bench('ipsec0', 'ipsec1', 'ipsec2');
  for (const name of ['ipsec0', 'ipsec1', 'ipsec2']) ipsecif.setFlags(name, natT);
  const first = ipsecif.setTunnel('ipsec0', { ...ab, peerPort: 4501 });
  const second = ipsecif.setTunnel('ipsec1', { ...ab, peerPort: 4502 });
  assert.equal(second.policies, first.policies);
  ipsecif.setFlags('ipsec1', { link2: false });
  assert.equal(ipsecif.get('ipsec1').policies?.in6.action, 'protect');
  ipsecif.deleteTunnel('ipsec0');
  assert.equal(spd.size, 4);
  ipsecif.setTunnel('ipsec2', { ...ab, peerPort: 4503 });
  ipsecif.destroy('ipsec1');
  assert.equal(spd.size, 4);
  ipsecif.setTunnel('ipsec2', cd);
  assert.deepEqual([...new Set(spd.list().map(({ selector }) => selector.source))], ['10.0.0.12/32', '10.0.0.11/32']);
});

test('deleting a tunnel keeps addresses and flags, and is no error where there is none', () => {
  const { ipsecif, spd } = bench('ipsec0');
  const inner = { address: parseIpAddress('172.16.1.1'), prefixLength: 32, peer: parseIpAddress('172.16.2.1') };
  ipsecif.addAddress('ipsec0', inner);
  ipsecif.setTunnel('ipsec0', ab);
  const after = ipsecif.deleteTunnel('ipsec0');
  assert.deepEqual([after.outer, after.policies, after.addresses, after.flags.isUp], [null, null, [inner], true]);
  assert.equal(spd.size, 0);
  assert.equal(ipsecif.deleteTunnel('ipsec0'), after);
});

test('destroying needs no precondition and takes the policies along', () => {
  const { ipsecif, spd } = bench('ipsec0', 'ipsec1');
  ipsecif.setTunnel('ipsec0', ab);
  ipsecif.setFlags('ipsec0', { isUp: true });
  ipsecif.destroy('ipsec0');
  assert.equal(spd.size, 0);
  assert.deepEqual(
    [...ipsecif.list()].map(({ name }) => name),
    ['ipsec1'],
  );
  ipsecif.setTunnel('ipsec1', ab);
});

test('an inner address brings the interface up and is held once', () => {
  const { ipsecif } = bench('ipsec0');
  const inner = { address: parseIpAddress('172.16.1.1'), prefixLength: 32, peer: null };
  assert.equal(ipsecif.addAddress('ipsec0', inner).flags.isUp, true);
  assert.equal(
    thrownCode(() => ipsecif.addAddress('ipsec0', { ...inner, prefixLength: 24 })),
    'ADDRESS_EXISTS',
  );
  assert.equal(
    thrownCode(() => ipsecif.addAddress('ipsec0', { ...inner, peer: parseIpAddress('172.16.2.1') })),
    'ADDRESS_EXISTS',
  );
  ipsecif.setFlags('ipsec0', { isUp: false });
  const again = ipsecif.addAddress('ipsec0', { ...inner });
  assert.deepEqual([again.flags.isUp, again.addresses], [true, [inner]], 'the same again is no error (in.c)');
  assert.equal(ipsecif.removeAddress('ipsec0', inner.address), inner);
  assert.deepEqual(ipsecif.get('ipsec0').addresses, []);
});

test('thousands of addresses one after the other cost as many steps, and what was seen before them stays true', () => {
  const { ipsecif } = bench('ipsec0');
  const inner = (index: number): InnerAddress => {
    const address = parseIpAddress(`172.16.${index >> 8}.${index & 255}`);
    return { address, prefixLength: 32, peer: null };
  };
  ipsecif.addAddress('ipsec0', inner(1));
  const seen = ipsecif.get('ipsec0');
  const outside = ipsecif.mark();
  ipsecif.setFlags('ipsec0', { isUp: false });
  for (let index = 2; index <= 20; index++) ipsecif.addAddress('ipsec0', inner(index));
  const middle = ipsecif.get('ipsec0');
  const inside = ipsecif.mark();
  let steps = 0;
  const counted = (index: number): InnerAddress => ({
    ...inner(index),
    get address() {
      steps++;
      return inner(index).address;
    },
  });
  for (let index = 21; index <= 4020; index++) ipsecif.addAddress('ipsec0', counted(index));
  assert.ok(steps < 4000 * 10, `${steps} looks at 4000 addresses`);
  assert.equal(
    thrownCode(() => ipsecif.addAddress('ipsec0', { ...inner(3000), prefixLength: 24 })),
    'ADDRESS_EXISTS',
  );
  assert.deepEqual([seen.addresses.length, middle.addresses.length], [1, 20]);
  ipsecif.rollback(inside);
  assert.equal(ipsecif.get('ipsec0'), middle);
  ipsecif.addAddress('ipsec0', inner(21));
  ipsecif.rollback(outside);
  assert.equal(ipsecif.get('ipsec0'), seen);
  assert.deepEqual(seen.addresses, [inner(1)]);
  ipsecif.addAddress('ipsec0', inner(2));
  assert.equal(seen.addresses.length, 1, 'also where nobody has taken a mark');
});

test('with fixed reqids a flag change keeps them', () => {
  const spd = new Spd();
  const ipsecif = new Ipsecif(spd, { ...initialSettings, usesFixedReqid: true });
  ipsecif.create('ipsec1');
  assert.deepEqual(reqids(ipsecif.setTunnel('ipsec1', ab)), [8194, 8194, 8195, 8195]);
  ipsecif.setFlags('ipsec1', { link2: false });
  assert.deepEqual(reqids(ipsecif.setFlags('ipsec1', { link2: true })), [8194, 8194, 8195, 8195]);
});

test('options and settings change one by one, and a rollback restores both', () => {
  const { ipsecif } = bench('ipsec0');
  ipsecif.setOptions('ipsec0', { pmtu: 1 });
  ipsecif.setSettings({ hopLimit: 9 });
  const before = [ipsecif.get('ipsec0'), ipsecif.settings];
  const { version } = ipsecif;
  const mark = ipsecif.mark();
  assert.deepEqual(ipsecif.setOptions('ipsec0', { keepalives: false }).options, {
    ...initialOptions,
    ...{ pmtu: 1, keepalives: false },
  });
  ipsecif.setSettings({ pmtu: 1 });
  assert.deepEqual(ipsecif.settings, { ...initialSettings, hopLimit: 9, pmtu: 1 });
  ipsecif.rollback(mark);
  assert.deepEqual([ipsecif.get('ipsec0'), ipsecif.settings], before);
  assert.ok(ipsecif.version > version);
});

test('fixed reqids hold for policies made from then on, and end where the manual range ends', () => {
  const { ipsecif } = bench('ipsec0', 'ipsec1', 'ipsec4096');
  const sequential = ipsecif.setTunnel('ipsec0', ab);
  ipsecif.setSettings({ usesFixedReqid: true, reqidBase: 8200 });
  assert.equal(ipsecif.get('ipsec0').policies, sequential.policies);
  assert.deepEqual(reqids(ipsecif.setTunnel('ipsec1', cd)), [8202, 8202, 8203, 8203]);
  assert.equal(
    thrownCode(() => ipsecif.setTunnel('ipsec4096', pair('10.0.0.5', '10.0.0.6'))),
    'INTERFACE_LIMIT',
  );
  assert.equal(
    thrownCode(() => new Ipsecif(new Spd(), { ...initialSettings, reqidBase: 1 })),
    'INTERFACE_OPTION',
  );
});

test('unnumbered is a flag and no more: policies and tunnel stay', () => {
  const { ipsecif } = bench('ipsec0');
  const before = ipsecif.setTunnel('ipsec0', ab);
  const after = ipsecif.setFlags('ipsec0', { unnumbered: true });
  assert.deepEqual(after, { ...before, flags: { ...before.flags, unnumbered: true } });
});

test('a rollback restores interfaces, their order and their pairs', () => {
  const it = bench('ipsec0', 'ipsec1', 'ipsec2');
  it.ipsecif.setTunnel('ipsec0', ab);
  it.ipsecif.setTunnel('ipsec1', cd);
  const before = snapshot(it);
  const marks = { ipsecif: it.ipsecif.mark(), spd: it.spd.mark() };
  it.ipsecif.destroy('ipsec0');
  it.ipsecif.create('ipsec0');
  it.ipsecif.setTunnel('ipsec2', ab);
  it.ipsecif.setFlags('ipsec1', { link2: false });
  it.ipsecif.rollback(marks.ipsecif);
  it.spd.rollback(marks.spd);
  assert.deepEqual(snapshot(it), before);
  assert.equal(
    thrownCode(() => it.ipsecif.setTunnel('ipsec2', ab)),
    'TUNNEL_PAIR_IN_USE',
  );
});

test('a thousand tunnels are configured in linear time', () => {
  const { ipsecif, spd } = bench();
  const started = performance.now();
  for (let unit = 0; unit < 1000; unit++) {
    ipsecif.create(`ipsec${unit}`);
    ipsecif.setTunnel(`ipsec${unit}`, pair('10.0.0.1', `10.1.${unit >> 8}.${unit & 255}`));
  }
  const elapsed = performance.now() - started;
  assert.equal(spd.size, 4000);
  assert.ok(elapsed < 2000, `${elapsed} ms`);
});
