/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedReqid, netbsdReqids } from '#core/profile/export/fixed-reqid.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

test('reqids are those that net.ipsecif.use_fixed_reqid gives the unit: two each', () => {
  const profile = exampleProfile({ interface: 'ipsec5' });
  assert.deepEqual([fixedReqid(profile, 'ipv4'), fixedReqid(profile, 'ipv6')], [8202, 8203]);
  assert.equal(fixedReqid(profile, 'any'), 8202);
});

test('a unit behind the last fixed reqid is not exported', () => {
  assert.equal(fixedReqid(exampleProfile({ interface: 'ipsec4095' }), 'ipv6'), 16383);
  for (const carries of ['ipv4', 'ipv6'] as const) {
    const profile = exampleProfile({ interface: 'ipsec4096' });
    assert.throws(() => fixedReqid(profile, carries), { code: 'EXPORT_UNSUPPORTED' });
  }
});

test('under link0 NetBSD has none', () => {
  const reqidOf = netbsdReqids(exampleProfile());
  assert.equal(reqidOf({ direction: 'in', carries: 'any' }), 0);
  assert.equal(reqidOf({ direction: 'out', carries: 'ipv6' }), 8193);
});
