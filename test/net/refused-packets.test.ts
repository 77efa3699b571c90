/**
 * What an inner sender on Linux hears of packets that are kept back (RFC 4301 §5.1.1), where the interface is told to say
 * it: ping names the reason.
 * @module
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import { RoutedGateways, routedInterface as name } from './routed/routed-gateways.ts';

suite('refused packets', { skip: missingForTunnels() ?? false }, () => {
  let gateways: RoutedGateways;
  const cleanups: (() => unknown)[] = [];

  before(async () => {
    gateways = await RoutedGateways.open('refused', cleanups);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  afterEach(() => gateways.reset());

  /** What ping says of the right end's inner address. */
  const said = (address: string): string => {
    const { stdout } = gateways.left.namespace.run('ping', '-n', '-c', '2', '-i', '0.1', '-W', '1', address);
    return stdout;
  };
  const answerRefused = (answersRefused: boolean): Promise<unknown> =>
    gateways.left.culvertd.ask('interface.setOptions', { name, answersRefused });

  test('by itself a tunnel is silent about what it keeps back', async () => {
    await gateways.establish({ family: 4 });
    await gateways.left.culvertd.ask('association.flush', {});
    assert.match(said('172.16.2.1'), /0 received, 100% packet loss/);
  });

  test('without an association the host cannot be reached; with it again, it can', async () => {
    await gateways.establish({ family: 4 });
    await answerRefused(true);
    await gateways.left.culvertd.ask('association.flush', {});
    assert.match(said('172.16.2.1'), /Destination Host Unreachable/);
    await gateways.addAssociations(gateways.left, { family: 4 });
    assert.equal(gateways.ping().received, 3);
  });

  test('inner IPv6 without link2 is administratively prohibited', async () => {
    await gateways.establish({ family: 4 });
    await gateways.left.culvertd.ask('interface.setFlags', { name, link2: false });
    await answerRefused(true);
    assert.match(said('fd00::2:1'), /Administratively prohibited/i);
    await answerRefused(false);
    assert.doesNotMatch(said('fd00::2:1'), /prohibited/i);
  });
});
