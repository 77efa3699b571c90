/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemorySurvey } from '#core/host/memory/survey.ts';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { parseIpAddress } from '#core/ip/address.ts';

const source = parseIpAddress('203.0.113.1');
const destination = parseIpAddress('203.0.113.2');

test('a ping is answered, too big, silent or refused', async () => {
  const survey = new MemorySurvey(buildTwoGateways().a.router);
  const ping = { device: 'wm0', source, destination, payloadBytes: 56, timeoutMs: 500 };
  assert.equal((await survey.ping(ping)).kind, 'answered');
  assert.equal((await survey.ping({ ...ping, payloadBytes: 1472 })).kind, 'answered');
  assert.equal((await survey.ping({ ...ping, payloadBytes: 1473 })).kind, 'tooBig');
  assert.equal((await survey.ping({ ...ping, destination: parseIpAddress('203.0.113.9') })).kind, 'silent');
  assert.deepEqual(await survey.ping({ ...ping, device: 'wm7' }), { kind: 'refused', reason: 'ENODEV' });
});

test('it tells devices, addresses and the source towards another', async () => {
  const survey = new MemorySurvey(buildTwoGateways().a.router);
  assert.deepEqual([await survey.mtuOf('wm0'), await survey.mtuOf('wm7')], [1500, null]);
  assert.equal((await survey.listAddresses()).length, 4);
  assert.equal(await survey.sourceTowards(destination), source);
  await assert.rejects(survey.sourceTowards(parseIpAddress('198.51.100.1')), { code: 'PROFILE_UNRESOLVED' });
  await assert.rejects(survey.lookup('nowhere.example.com'), { code: 'PROFILE_UNRESOLVED' });
});
