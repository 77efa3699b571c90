import assert from 'node:assert/strict';
import { test } from 'node:test';
import { xfrmEntries, type XfrmEntry } from '#core/profile/import/xfrm-entry.ts';

function kinds(text: string): XfrmEntry['kind'][] {
  return xfrmEntries(text).map(({ kind }) => kind);
}

test('lines that are indented go on with the entry above them, whose line counts', () => {
  const text = [
    'src 192.0.2.1 dst 192.0.2.2',
    '\tproto esp spi 0x00001001 reqid 1 mode tunnel',
    '\treplay-window 32 flag af-unspec',
    'src 0.0.0.0/0 dst 0.0.0.0/0 ',
    '\tdir out priority 0 ptype main ',
    '\ttmpl src 192.0.2.1 dst 192.0.2.2',
  ].join('\n');
  assert.deepEqual(
    xfrmEntries(text).map(({ kind, line }) => [kind, line]),
    [
      ['state', 1],
      ['policy', 4],
    ],
  );
  assert.equal(xfrmEntries(text)[0]?.words.at(-1), 'af-unspec');
});

test('commands are entries with ip and without, quotes are taken off, and a backslash goes on', () => {
  const [first, second] = xfrmEntries(
    "ip xfrm state add src 192.0.2.1 \\\n  dst 192.0.2.2 proto esp\nxfrm state add src a aead 'rfc4106(gcm(aes))' 0x01 128",
  );
  assert.deepEqual(first?.words, ['src', '192.0.2.1', 'dst', '192.0.2.2', 'proto', 'esp']);
  assert.equal(second?.words[3], 'rfc4106(gcm(aes))');
});

test('what deletes, and the policies of single sockets, are no entries', () => {
  assert.deepEqual(kinds('ip xfrm state flush\nip xfrm policy delete dir out\nip link del ipsec0'), []);
  assert.deepEqual(kinds('src 0.0.0.0/0 dst 0.0.0.0/0 \n\tsocket in priority 0 ptype main '), []);
});

for (const command of ['ip link add ipsec0 type xfrm if_id 1', 'ip link add dev ipsec0 type xfrm if_id 1']) {
  test(`"${command}" begins with the name`, () => assert.equal(xfrmEntries(command)[0]?.words[0], 'ipsec0'));
}

for (const [line, destination] of [
  ['ip route add default dev ipsec0', 'default'],
  ['ip -6 route add default dev ipsec0', '::/0'],
  ['10.2.0.0/24 dev ipsec0 scope link ', '10.2.0.0/24'],
  ['default dev ipsec0 metric 1024 pref medium', '::/0'],
  ['fd02::/64 via fd00::2 dev ipsec0 metric 1024 pref medium', 'fd02::/64'],
] as const) {
  test(`"${line}" is a route to ${destination}`, () => {
    const [entry] = xfrmEntries(line);
    assert.deepEqual([entry?.kind, entry?.words[0]], ['route', destination]);
  });
}

test('a route that the kernel makes for an address is none', () => {
  assert.deepEqual(kinds('10.0.0.0/24 dev ipsec0 proto kernel scope link src 10.0.0.1 '), []);
});
