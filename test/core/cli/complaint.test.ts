/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { exitStatusOf, formatComplaint, sentence } from '#core/cli/complaint.ts';

test('a refusal reads as BSD writes it, and a line that helps follows', () => {
  const error = new IpsecError('TUNNEL_PAIR_IN_USE', 'ipsec1 has the pair 192.0.2.1 198.51.100.1');
  assert.equal(
    formatComplaint('ifconfig', 'SIOCSLIFPHYADDR', error),
    "ifconfig: SIOCSLIFPHYADDR: Can't assign requested address\n" +
      '  ipsec1 has the pair 192.0.2.1 198.51.100.1. Use another pair, or set link0 (NAT-T) and give ports on one of the two interfaces.\n',
  );
});

test('what has no errno, or no ioctl, or never reached the helper is told in its own words', () => {
  const failed = new IpsecError('HOST_FAILED', 'ip link refused');
  assert.match(formatComplaint('ifconfig', 'SIOCIFCREATE', failed), /^ifconfig: ip link refused\n {2}/);
  const syntax = new IpsecError('ADDRESS_SYNTAX', '"x" is not an IP address');
  assert.match(formatComplaint('ifconfig', null, syntax), /^ifconfig: "x" is not an IP address\n {2}Write an IPv4/);
  const lost = new IpsecError('HELPER_UNREACHABLE', 'culvertd closed the connection');
  assert.match(formatComplaint('ifconfig', 'SIOCIFCREATE', lost), /^ifconfig: culvertd closed the connection\n/);
});

test('an errno of the host itself is used where it has a text', () => {
  const error = new IpsecError('HOST_FAILED', 'sendmsg failed', { errno: 'ENETUNREACH' });
  assert.match(formatComplaint('ifconfig', 'SIOCAIFADDR', error), /SIOCAIFADDR: Network is unreachable\n/);
});

test('a sentence ends with one full stop', () => {
  assert.deepEqual(['a', 'a.', 'a?'].map(sentence), ['a.', 'a.', 'a?']);
});

test('a refusal is told and is exit status 1; what is our own fault is thrown', async () => {
  const told: string[] = [];
  const terminal = { complain: (text: string): void => void told.push(text) };
  assert.equal(await exitStatusOf('up', terminal, () => Promise.resolve(2)), 2);
  assert.deepEqual(told, []);
  const refusal = new IpsecError('HELPER_UNREACHABLE', 'nobody answers');
  assert.equal(await exitStatusOf('up', terminal, () => Promise.reject(refusal)), 1);
  assert.deepEqual(told, [formatComplaint('up', null, refusal)]);
  await assert.rejects(
    exitStatusOf('up', terminal, () => Promise.reject(new TypeError('a mistake'))),
    TypeError,
  );
});
