/**
 * NetBSD's t_ipsec over real namespaces and devices, through the `culvert` program and two culvertds.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite } from 'node:test';
import { defineIpsecifCases } from '#test/conformance/ipsecif/suite.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { NamespaceRouters } from './ipsecif/namespace-routers.ts';

suite('t_ipsec over network namespaces', { skip: missingForTunnels() ?? false }, () => {
  const cleanups: (() => unknown)[] = [];
  let routers: NamespaceRouters | null = null;

  before(async () => void (routers = await NamespaceRouters.open(cleanups)));
  after(async () => {
    const statuses: unknown[] = [];
    for (const { culvertd } of routers === null ? [] : [routers.one, routers.two]) {
      statuses.push(await culvertd.kill('SIGTERM'));
    }
    for (const cleanup of cleanups) await cleanup();
    assert.deepEqual(statuses, [0, 0]);
  });

  defineIpsecifCases(async (plan) => {
    assert.ok(routers !== null);
    // Each kind of case once with real processes; the others run the same program's code in this one.
    await routers.reset(plan === null || (plan.algorithm === 'null' && plan.inner === 'ipv4' && plan.outer === 'ipv4'));
    return routers;
  });
});
