/**
 * Several workers on one tunnel, over real devices: packets of an association leave in the order of their numbers, so a
 * far end with a replay window of 64 packets loses nothing, and no number or IV is used twice; keys change and interfaces
 * come and go under load.
 * @module
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingForTunnels } from '#test/support/native-package.ts';
import { EspCapture, furthestBehind, type SeenPackets } from './workers/esp-capture.ts';
import { runFlows, startEcho, type FlowPlan } from './workers/flows.ts';
import { innerOf, WorkerGateways, workerInterface } from './workers/worker-gateways.ts';

const plan: FlowPlan = { streams: 6, bytesEach: 12_000_000, datagramSockets: 6, datagramsEach: 1500 };
const whole = { streams: plan.streams, datagrams: plan.datagramSockets * plan.datagramsEach };

suite('several workers', { skip: missingForTunnels() ?? false }, () => {
  for (const { workers, isNatT } of [
    { workers: 2, isNatT: true },
    { workers: 3, isNatT: false },
    { workers: 4, isNatT: true },
  ]) {
    const way = isNatT ? 'ESP in UDP' : 'ESP';
    test(`${workers} workers, ${way}: streams and datagrams cross both ways, in the order of their numbers`, async () => {
      await inPicture(`w${workers}`, { workers, isNatT }, async (gateways) => {
        const { left, right } = gateways;
        await gateways.addAssociations(0x1000);
        // One datagram a packet, for the capture.
        for (const { namespace } of [left, right]) namespace.run('ethtool', '-K', 'wan0', 'tx-udp-segmentation', 'off');
        const capture = await EspCapture.start(right.namespace, 'wan0', left.outer);
        assert.deepEqual(await flowsBothWays(gateways, plan), [whole, whole]);
        const seen = (await capture.stop()).get(0x1000);
        assert.ok(seen !== undefined);
        checkOrder(seen);
        assert.ok(seen.ivHighs > 1 && seen.ivHighs <= workers, `${seen.ivHighs} workers have sent`);
        const sent = await gateways.usageOf(left, 0x1000);
        assert.ok(sent.sequence > 100_000, `${sent.sequence} packets`);
        assert.deepEqual([sent.packets, seen.sequences.length], [sent.sequence, sent.sequence]);
        await checkNothingLost(gateways, 0x1000);
      });
    });
  }

  test('keys are changed ten times while streams and datagrams cross, and each association keeps its order', async () => {
    await inPicture('rekey', { workers: 3, isNatT: false }, async (gateways) => {
      const { left, right } = gateways;
      await gateways.addAssociations(0x1000);
      const capture = await EspCapture.start(right.namespace, 'wan0', left.outer);
      const flows = flowsBothWays(gateways, plan);
      let spi = 0x1000;
      for (; spi < 0x1014; spi += 2) {
        await sleep(300);
        await gateways.addAssociations(spi + 2);
        await gateways.deleteAssociations(spi);
      }
      assert.deepEqual(await flows, [whole, whole]);
      const seen = await capture.stop();
      assert.ok(seen.size > 5, `${seen.size} associations were used`);
      for (const of of seen.values()) checkOrder(of);
      await checkReplays(gateways);
    });
  });

  test('interfaces that are destroyed and made anew under load go on behind the numbers that were used', async () => {
    await inPicture('anew', { workers: 2, isNatT: true }, async (gateways) => {
      const { left, right } = gateways;
      await gateways.addAssociations(0x1000);
      const capture = await EspCapture.start(right.namespace, 'wan0', left.outer);
      const flows = flowsBothWays(gateways, { ...plan, streams: 0 });
      for (let turn = 0; turn < 5; turn++) {
        await sleep(200);
        for (const { culvertd } of [left, right]) await culvertd.ask('interface.destroy', { name: workerInterface });
        await gateways.createInterfaces();
      }
      assert.deepEqual(await flows, [
        { ...whole, streams: 0 },
        { ...whole, streams: 0 },
      ]);
      const seen = (await capture.stop()).get(0x1000);
      assert.ok(seen !== undefined && seen.sequences.length > 1000);
      checkOrder(seen);
      await checkReplays(gateways);
    });
  });
});

/** Run with a picture of its own, which goes whatever happens. */
async function inPicture(
  label: string,
  options: { readonly workers: number; readonly isNatT: boolean },
  run: (gateways: WorkerGateways) => Promise<void>,
): Promise<void> {
  const cleanups: (() => unknown)[] = [];
  try {
    await run(await WorkerGateways.open(label, options, cleanups));
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

/** Packets came in the order of their numbers, and neither a number nor an IV twice. */
function checkOrder({ sequences, ivs }: SeenPackets): void {
  assert.equal(furthestBehind(sequences), 0);
  assert.equal(new Set(sequences).size, sequences.length);
  assert.equal(ivs, sequences.length);
}

/** What one end has sent by the association, the other has received, and neither dropped anything. */
async function checkNothingLost(gateways: WorkerGateways, spi: number): Promise<void> {
  const { left, right } = gateways;
  for (const [from, to, number] of [
    [left, right, spi],
    [right, left, spi + 1],
  ] as const) {
    const sent = await gateways.usageOf(from, number);
    const received = await gateways.usageOf(to, number);
    assert.deepEqual([received.sequence, received.packets, received.replayDrops], [sent.sequence, sent.packets, 0]);
  }
}

/** No packet was taken for a replay. */
async function checkReplays({ left, right }: WorkerGateways): Promise<void> {
  for (const { culvertd } of [left, right]) {
    const { interfaces, drops } = await culvertd.ask('status.get', {});
    const all = [...drops, ...interfaces.flatMap((row) => row.drops)].map(({ reason }) => reason);
    assert.deepEqual(
      all.filter((reason) => reason.startsWith('replay') || reason === 'authFail'),
      [],
    );
  }
}

async function flowsBothWays({ left, right }: WorkerGateways, wanted: FlowPlan): Promise<unknown> {
  const echoes = [await startEcho(left.namespace), await startEcho(right.namespace)];
  try {
    return await Promise.all([
      runFlows(left.namespace, innerOf(right.number), wanted),
      runFlows(right.namespace, innerOf(left.number), wanted),
    ]);
  } finally {
    for (const echo of echoes) echo.kill('SIGKILL');
  }
}
