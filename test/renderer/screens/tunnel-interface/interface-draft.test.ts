import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import { readDraft } from '#renderer/screens/tunnel-interface/draft-text.ts';
import {
  changedOptions,
  changedRoutes,
  draftInMachine,
  ifconfigChanges,
  ifconfigText,
  isSameDraft,
  rebaseDraft,
  type InterfaceDraft,
} from '#renderer/screens/tunnel-interface/interface-draft.ts';

const plain: InterfaceDraft = {
  isUp: true,
  flags: { link0: false, link1: false, link2: true, unnumbered: false },
  tunnel: { local: '192.0.2.118', peer: '203.0.113.7', localPort: 0, peerPort: 0 },
  mtu: 1400,
  addresses: [{ address: '10.0.0.1', prefixLength: 32, peer: '10.0.0.2' }],
  routes: ['10.20.0.0/16'],
  options: {
    ...{ pmtu: -1, hopLimit: null, dontFragment: null, followsPeer: false, keepalives: true },
    ...{ answersRefused: false, tfcMultiple: 0, dummiesPerSecond: 0 },
  },
  failClosed: 'while-up',
};
const natT: InterfaceDraft = {
  ...plain,
  flags: { ...plain.flags, link0: true },
  tunnel: { local: '192.0.2.118', peer: '203.0.113.7', localPort: 4500, peerPort: 4501 },
};

const address = fc
  .integer({ min: 1, max: 250 })
  .chain((host) =>
    fc.constantFrom(
      { address: `10.0.0.${host}`, prefixLength: 32, peer: '10.0.1.1' },
      { address: `fd00::${host.toString(16)}`, prefixLength: 64, peer: null },
    ),
  );
const draft: fc.Arbitrary<InterfaceDraft> = fc.record({
  isUp: fc.boolean(),
  flags: fc.record({ link0: fc.boolean(), link1: fc.boolean(), link2: fc.boolean(), unnumbered: fc.boolean() }),
  tunnel: fc.constantFrom(null, plain.tunnel, natT.tunnel),
  mtu: fc.integer({ min: 1280, max: 8192 }),
  addresses: fc.uniqueArray(address, { selector: (one) => one.address, maxLength: 4 }),
  routes: fc.constant(plain.routes),
  options: fc.constant(plain.options),
  failClosed: fc.constantFrom(null, 'while-up', 'always', 'never'),
});

test('the text of an interface reads back as the same interface', () => {
  fc.assert(
    fc.property(draft, (one) => {
      const read = readDraft(ifconfigText(one), one);
      assert.ok(read.draft !== null);
      assert.ok(isSameDraft(read.draft, one));
    }),
  );
});

test('carrying out the changes between two interfaces makes the one into the other', () => {
  fc.assert(
    fc.property(draft, draft, (before, after) => {
      const text = ifconfigText(before) + ifconfigChanges(before, after);
      const read = readDraft(text, after);
      assert.ok(read.draft !== null);
      assert.ok(isSameDraft(read.draft, after), text);
    }),
  );
});

test('nothing has to be done between equals', () => {
  assert.equal(ifconfigChanges(plain, plain), '');
  assert.equal(isSameDraft(plain, { ...plain, addresses: [...plain.addresses] }), true);
});

test('link0 is set before ports, and cleared after them', () => {
  assert.equal(ifconfigChanges(plain, natT), 'link0\ntunnel 192.0.2.118,4500 203.0.113.7,4501\n');
  assert.equal(ifconfigChanges(natT, plain), 'tunnel 192.0.2.118 203.0.113.7\n-link0\n');
});

test('what is not written is taken away', () => {
  const read = readDraft('inet 10.0.0.9/32 10.0.0.2\nmtu 1400\nup\n', plain);
  assert.ok(read.draft !== null);
  assert.equal(read.draft.tunnel, null);
  assert.equal(ifconfigChanges(plain, read.draft), 'deletetunnel\ninet -alias 10.0.0.1\ninet 10.0.0.9/32 10.0.0.2\n');
});

test('outer addresses that are names stay as a profile has them', () => {
  const named: InterfaceDraft = {
    ...plain,
    tunnel: { local: 'auto', peer: 'vpn.example.org', localPort: 0, peerPort: 0 },
  };
  const text = ifconfigText(named);
  assert.match(text, /^# tunnel auto vpn\.example\.org$/m);
  assert.deepEqual(readDraft(text, named).draft?.tunnel, named.tunnel);
});

test('text that is wrong says where, and makes no draft', () => {
  const read = readDraft('mtu 1400\ninet 10.0.0.999/32\n', plain);
  assert.equal(read.draft, null);
  assert.equal(read.errors[0]?.line, 2);
});

test('a change from elsewhere is not undone by an edit of something else', () => {
  const edited: InterfaceDraft = { ...plain, mtu: 1300, options: { ...plain.options, hopLimit: 9 } };
  const now: InterfaceDraft = {
    ...plain,
    flags: { ...plain.flags, link2: false },
    options: { ...plain.options, keepalives: false },
    mtu: 1500,
  };
  const rebased = rebaseDraft(edited, plain, now);
  assert.equal(ifconfigChanges(now, rebased), 'mtu 1300\n');
  assert.deepEqual(changedOptions(now, rebased), { hopLimit: 9 });
});

test('a profile’s edit changes the machine, but not its outer addresses, nor routes of others', () => {
  const before: InterfaceDraft = {
    ...plain,
    tunnel: { local: 'auto', peer: 'vpn.example.org', localPort: 0, peerPort: 0 },
  };
  const live: InterfaceDraft = { ...plain, isUp: false, routes: ['10.20.0.0/16', '10.99.0.0/16'] };
  const edited: InterfaceDraft = { ...before, mtu: 1300, routes: ['10.21.0.0/16'] };
  const wanted = draftInMachine(edited, before, live);
  assert.equal(ifconfigChanges(live, wanted), 'mtu 1300\n');
  assert.deepEqual(changedRoutes(live, wanted), { added: ['10.21.0.0/16'], removed: ['10.20.0.0/16'] });
});

test('options and routes are told apart one by one', () => {
  const after: InterfaceDraft = {
    ...plain,
    options: { ...plain.options, hopLimit: 32, keepalives: false },
    routes: ['10.21.0.0/16'],
  };
  assert.deepEqual(changedOptions(plain, after), { hopLimit: 32, keepalives: false });
  assert.deepEqual(changedRoutes(plain, after), { added: ['10.21.0.0/16'], removed: ['10.20.0.0/16'] });
});

test('every line of the changes is ifconfig’s own language', () => {
  fc.assert(
    fc.property(draft, draft, (before, after) => {
      assert.deepEqual(parseIfconfig(ifconfigChanges(before, after)).errors, []);
    }),
  );
});
