/** @module */
import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { test } from 'node:test';
import { LinuxSurvey, nameServers } from '#core/host/linux/survey.ts';
import { parseIpAddress } from '#core/ip/address.ts';

const request = {
  ...{ device: 'ipsec0', source: parseIpAddress('172.16.1.1'), destination: parseIpAddress('172.16.2.1') },
  ...{ payloadBytes: 56, timeoutMs: 100 },
};

test('what the package answers to a ping is told in words', async () => {
  const told = async (result: number): Promise<unknown> => new LinuxSurvey({ ping: async () => result }).ping(request);
  const { ETIMEDOUT, EMSGSIZE, ENODEV } = constants.errno;
  assert.deepEqual(await told(1234), { kind: 'answered', roundTripMs: 1.234 });
  assert.deepEqual(await told(-ETIMEDOUT), { kind: 'silent' });
  assert.deepEqual(await told(-EMSGSIZE), { kind: 'tooBig' });
  assert.deepEqual(await told(-ENODEV), { kind: 'refused', reason: 'ENODEV' });
});

test('name servers are read from resolv.conf’s lines, and what is no address is left out', () => {
  const text =
    '# nameserver 192.0.2.9\nsearch example.com\nnameserver 192.0.2.1\n nameserver 2001:db8::1\nnameserver x\n';
  assert.deepEqual(nameServers(text), ['192.0.2.1', '2001:db8::1']);
});

test('the loopback device has its MTU and address, and one that is not there has none', async () => {
  const survey = new LinuxSurvey({ ping: async () => 0 });
  assert.ok(((await survey.mtuOf('lo')) ?? 0) >= 1280);
  assert.equal(await survey.mtuOf('nowhere0'), null);
  await assert.rejects(survey.mtuOf('../etc'), { code: 'API_BAD_PARAMS' });
});
