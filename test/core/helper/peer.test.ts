/**
 * Who may operate, by what the kernel says of a connection.
 * @module
 */
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { identifyPeer, parseOperator } from '#core/helper/peer.ts';

/** A socket with a descriptor, as an accepted connection has one. */
function connected(): Socket {
  return Object.assign(new Socket(), { _handle: { fd: 7, close() {}, unref() {}, readStop() {} } });
}

const nobody = { uid: null, isMember: null };

const cases = [
  { who: 'root', uid: 0, canOperate: true },
  { who: 'the operator', uid: 1000, canOperate: true },
  { who: 'the user that culvertd runs as', uid: process.geteuid?.() ?? 0, canOperate: true },
  { who: 'anybody else', uid: 65534, canOperate: false },
];

for (const { who, uid, canOperate } of cases) {
  test(`${who} ${canOperate ? 'may operate' : 'may only read'}`, () => {
    const asked: number[] = [];
    const ask = (descriptor: number) => (asked.push(descriptor), { uid, gid: uid, pid: 42 });
    assert.deepEqual(identifyPeer(connected(), ask, { uid: 1000, isMember: null }), { uid, pid: 42, canOperate });
    assert.deepEqual(asked, [7]);
  });
}

test('members of the operators’ group may operate, and are told by uid and gid', () => {
  const operators = {
    uid: null,
    isMember: ({ uid, gid }: { uid: number; gid: number }) => uid === 1000 && gid === 100,
  };
  const ask = (gid: number) => () => ({ uid: 1000, gid, pid: 42 });
  assert.equal(identifyPeer(connected(), ask(100), operators)?.canOperate, true);
  assert.equal(identifyPeer(connected(), ask(101), operators)?.canOperate, false);
});

test('without an operator, a user may only read', () => {
  const caller = identifyPeer(connected(), () => ({ uid: 1000, gid: 1000, pid: 42 }), nobody);
  assert.equal(caller?.canOperate, false);
});

test('a connection that the kernel does not explain has no caller', () => {
  const refuse = () => {
    throw new Error('ENOTCONN');
  };
  assert.equal(identifyPeer(connected(), refuse, nobody), null);
  assert.equal(
    identifyPeer(new Socket(), () => ({ uid: 0, gid: 0, pid: 1 }), nobody),
    null,
  );
});

const passwd = () => 'root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbad:x::\n';

test('an operator is named by uid or by name', () => {
  assert.equal(parseOperator('1000', passwd), 1000);
  assert.equal(parseOperator('alice', passwd), 1000);
  assert.equal(parseOperator('0', passwd), 0);
});

for (const text of ['', 'bob', 'bad', '-1', '01', '4294967295', '1e3', 'alice:x']) {
  test(`"${text}" is no operator`, () => {
    assert.throws(
      () => parseOperator(text, passwd),
      (error) => {
        return error instanceof IpsecError && error.code === 'API_BAD_PARAMS' && error.details['field'] === 'operator';
      },
    );
  });
}
