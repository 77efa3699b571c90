import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#core/base/port.ts';
import { AssociationCell } from '#core/datapath/counters.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import { Sad } from '#core/sad/sad.ts';
import { Spd } from '#core/spd/spd.ts';
import { Deployment } from '#core/tunnel/deployment.ts';
import { Transaction } from '#core/tunnel/transaction.ts';
import { gcmSuite, testAssociation } from '#test/support/associations.ts';
import { FakeDatapath, FakeHost, FakeIvStore, FakeTransforms } from '#test/support/fake-machine.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

function bench(outboundWorkers = 1) {
  const ports = {
    ...{
      host: new FakeHost(),
      datapath: Object.assign(new FakeDatapath(), { outboundWorkers }),
      transforms: new FakeTransforms(),
    },
    ...{ ivStore: new FakeIvStore(), log: silentLog, sad: new Sad({ limit: 10 }), ipsecif: new Ipsecif(new Spd()) },
  };
  const { ipsecif } = ports;
  ipsecif.create('ipsec0');
  const [local, peer] = [parseIpAddress('192.0.2.1'), parseIpAddress('192.0.2.2')];
  ipsecif.setTunnel('ipsec0', { local, peer, localPort: 0, peerPort: 0 });
  const deployment = new Deployment(ports);
  deployment.devices.set('ipsec0', { slot: 1, tun: 3 });
  return { ...ports, deployment };
}

test('knows whether the workers know everything', async () => {
  const { deployment, datapath, sad } = bench();
  await deployment.prepare(new Transaction(), 'refuse');
  assert.equal(deployment.hasChanges(), true);
  await deployment.publish();
  assert.equal(deployment.hasChanges(), false);
  sad.add(testAssociation(256), 0, 1);
  await deployment.prepare(new Transaction(), 'refuse');
  assert.equal(deployment.hasChanges(), true);
  await deployment.publish();
  assert.deepEqual(
    datapath.published.map(({ inbound }) => inbound.length),
    [0, 1],
  );
});

test('frees a transform and its slot when a snapshot without them is applied', async () => {
  const { deployment, sad, transforms } = bench();
  const association = sad.add(testAssociation(256), 0, 1);
  await deployment.prepare(new Transaction(), 'refuse');
  await deployment.publish();
  sad.delete(association);
  await deployment.publish();
  assert.equal(transforms.live.size, 1);
  await deployment.collect();
  assert.equal(transforms.live.size, 0);
  assert.equal(sad.add(testAssociation(257), 0, 1).slot, association.slot);
});

test('an association that came back after a failed publication goes on behind its numbers, with new IVs', async () => {
  const { deployment, sad, datapath } = bench();
  const association = sad.add(testAssociation(256, { ...gcmSuite(), reqid: 16386 }), 0, 1);
  await deployment.prepare(new Transaction(), 'refuse');
  await deployment.publish();
  assert.deepEqual(datapath.current.outbound[0]?.ivHighs, [0]);
  const { counters } = datapath;
  counters.cells[counters.associationBase(association.slot) + AssociationCell.sequence] = 4711;
  const mark = sad.mark();
  sad.delete(association);
  datapath.check = () => {
    throw new Error('no worker');
  };
  await assert.rejects(deployment.publish(), /no worker/);
  datapath.check = () => {};
  sad.rollback(mark);
  await deployment.recover();
  const [row] = datapath.current.outbound;
  assert.deepEqual([row?.id, row?.initialSequence, row?.ivHighs], [association.id, 4711, [1]]);
  assert.equal(datapath.current.inbound[0]?.initialSequence, 4711);
});

test('a rolled-back preparation leaves no socket, no transform and no IVs', async () => {
  const { deployment, sad, transforms, host, ivStore } = bench();
  sad.add(testAssociation(256, { ...gcmSuite(), reqid: 16386 }), 0, 1);
  const transaction = new Transaction();
  await deployment.prepare(transaction, 'refuse');
  assert.deepEqual([host.sockets.size, transforms.live.size, ivStore.requests.length], [2, 1, 1]);
  await transaction.rollback(silentLog);
  assert.deepEqual([host.sockets.size, transforms.live.size], [0, 0]);
  await deployment.prepare(new Transaction(), 'refuse');
  assert.deepEqual([host.sockets.size, transforms.live.size, ivStore.requests.length], [2, 1, 2]);
});

test('without IVs it refuses or goes on, as the command demands', async () => {
  const { deployment, sad, ivStore, datapath } = bench();
  sad.add(testAssociation(256, { ...gcmSuite(), reqid: 16386 }), 0, 1);
  ivStore.isFailing = true;
  assert.equal(await rejectedCode(deployment.prepare(new Transaction(), 'refuse')), 'STATE_UNWRITABLE');
  await deployment.prepare(new Transaction(), 'later');
  await deployment.publish();
  assert.deepEqual(datapath.current.outbound[0]?.ivHighs, []);
  ivStore.isFailing = false;
  await deployment.prepare(new Transaction(), 'later');
  await deployment.publish();
  assert.equal(datapath.current.outbound[0]?.ivHighs.length, 1);
});

test('reserves more IVs only for associations that are there and count them', () => {
  const { deployment, sad, ivStore } = bench();
  const counting = sad.add(testAssociation(256, gcmSuite()), 0, 1);
  const random = sad.add(testAssociation(257), 0, 1);
  assert.equal(deployment.reserveMoreIvs(counting.id), true);
  assert.equal(deployment.reserveMoreIvs(random.id), false);
  assert.equal(deployment.reserveMoreIvs(999), false);
  assert.equal(ivStore.requests.length, 1);
});

test('each of several outbound workers gets high words of IVs of its own, at first and later', async () => {
  const { deployment, sad, datapath } = bench(3);
  const association = sad.add(testAssociation(256, { ...gcmSuite(), reqid: 16386 }), 0, 1);
  await deployment.prepare(new Transaction(), 'refuse');
  await deployment.publish();
  assert.deepEqual(datapath.current.outbound[0]?.ivHighs, [0, 1, 2]);
  assert.equal(deployment.reserveMoreIvs(association.id), true);
  await deployment.publish();
  assert.deepEqual(datapath.current.outbound[0]?.ivHighs, [0, 1, 2, 3, 4, 5]);
});
