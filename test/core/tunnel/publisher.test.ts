import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '#core/datapath/snapshot.ts';
import { Publisher } from '#core/tunnel/publisher.ts';
import { FakeDatapath } from '#test/support/fake-machine.ts';

function snapshot(version: number): Snapshot {
  return { version, interfaces: [], outbound: [], inbound: [], sockets: [] };
}

test('publishes one at a time, and only the latest of what came meanwhile', async () => {
  const datapath = new FakeDatapath();
  datapath.isHeld = true;
  const publisher = new Publisher(datapath);
  const offers = [1, 2, 3, 4].map((version) => publisher.offer(snapshot(version)));
  assert.equal(publisher.appliedVersion, 0);
  datapath.release();
  await Promise.all(offers);
  assert.deepEqual(
    datapath.published.map(({ version }) => version),
    [1, 4],
  );
  assert.equal(publisher.appliedVersion, 4);
});

test('a failed publication fails those who waited for it, and the next one is tried', async () => {
  const datapath = new FakeDatapath();
  const publisher = new Publisher(datapath);
  datapath.check = ({ version }) => {
    if (version === 1) throw new Error('worker died');
  };
  await assert.rejects(publisher.offer(snapshot(1)), /worker died/);
  assert.equal(publisher.appliedVersion, 0);
  await publisher.offer(snapshot(2));
  assert.equal(publisher.appliedVersion, 2);
});
