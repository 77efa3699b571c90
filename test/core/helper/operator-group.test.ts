import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { operatorGroup, type AccountFiles } from '#core/helper/operator-group.ts';

const passwd = 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nbob:x:1001:1001::/:/bin/sh\n::1002:1002::/:\n';
const files = (group: string): AccountFiles => ({ passwd: () => passwd, group: () => group });

const isMember = operatorGroup('culvert', files('wheel:x:10:bob\nculvert:x:990:alice,carol\n'));

const peers = [
  { who: 'a user that the group names', peer: { uid: 1000, gid: 1000 }, is: true },
  { who: 'a user whose primary group it is', peer: { uid: 1001, gid: 990 }, is: true },
  { who: 'a member of another group', peer: { uid: 1001, gid: 1001 }, is: false },
  { who: 'a uid without a name', peer: { uid: 1002, gid: 1002 }, is: false },
  { who: 'a uid that no file has', peer: { uid: 4711, gid: 4711 }, is: false },
];
for (const { who, peer, is } of peers)
  test(`${who} is ${is ? 'a member' : 'no member'}`, () => assert.equal(isMember(peer), is));

test('a group without members has none, not even one without a name', () => {
  const isEmptyMember = operatorGroup('culvert', files('culvert:x:990:\n'));
  for (const uid of [1000, 1002]) assert.equal(isEmptyMember({ uid, gid: uid }), false);
});

test('whoever is added or removed while culvertd runs is heard of at once', () => {
  let group = 'culvert:x:990:\n';
  const isNowMember = operatorGroup('culvert', { passwd: () => passwd, group: () => group });
  assert.equal(isNowMember({ uid: 1000, gid: 1000 }), false);
  group = 'culvert:x:990:alice\n';
  assert.equal(isNowMember({ uid: 1000, gid: 1000 }), true);
  group = 'wheel:x:10:\n';
  assert.equal(isNowMember({ uid: 1000, gid: 1000 }), false);
});

for (const name of ['', 'cul', 'culvert:x', 'broken']) {
  test(`"${name}" is no group`, () => {
    assert.throws(
      () => operatorGroup(name, files('culvert:x:990:alice\nbroken:x::alice\n')),
      (error) => error instanceof IpsecError && error.code === 'API_BAD_PARAMS',
    );
  });
}
