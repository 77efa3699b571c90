import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SealRow, type TransformPort } from '#core/crypto/transform.ts';
import type { SnapshotAssociation } from '#core/datapath/snapshot.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { inner4, nullSpec, tokens } from '#test/support/test-datapath.ts';
import { makeSender, udp } from '#test/support/test-sender.ts';

/** A transform that records jobs and pretends to have sealed super-packets. */
class RecordingTransform implements TransformPort {
  jobs: Int32Array[] = [];
  create(): number {
    return 0;
  }
  free(): void {}
  seal(rows: Int32Array, count: number): void {
    let offset = 0;
    for (let row = 0; row < count; row++) {
      const job = rows.subarray(row * SealRow.stride, (row + 1) * SealRow.stride);
      const segments = job[SealRow.segmentCount]!;
      job[SealRow.outOffset] = offset;
      job[SealRow.outSegmentBytes] = 100;
      job[SealRow.outLength] = segments * 100;
      offset += segments * 100;
      this.jobs.push(job.slice());
    }
  }
  open(): void {}
}

describe('super-packets', () => {
  function tcp(payloadBytes: number): Uint8Array {
    const segment = new Uint8Array(32 + payloadBytes);
    segment[12] = 0x80;
    return buildIpPacket({ ...inner4, protocol: 6 }, segment);
  }
  const makeRecorder = (changes: Partial<SnapshotAssociation> = {}) => {
    const transform = new RecordingTransform();
    return { transform, ...makeSender(changes, {}, nullSpec, transform) };
  };

  test('one sequence number is reserved for each segment', () => {
    const { datapath, transform } = makeRecorder();
    datapath.tun.toRead.push({ bytes: tcp(3000), gsoType: 1, gsoSize: 1000 });
    datapath.tun.toRead.push({ bytes: tcp(3001), gsoType: 1, gsoSize: 1000 });
    datapath.tun.toRead.push({ bytes: udp() });
    datapath.outbound.pump(tokens.tun, 1000);
    const reserved = transform.jobs.map((job) => [job[SealRow.sequenceLow], job[SealRow.segmentCount]]);
    assert.deepEqual(reserved, [
      [1, 3],
      [4, 4],
      [8, 1],
    ]);
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 8);
    // each segment repeats 52 bytes of headers
    assert.equal(datapath.interfaceCell(1, 'outputBytes'), 3000 + 3 * 52 + 3001 + 4 * 52 + 60);
  });

  test('a UDP super-packet repeats its UDP header', () => {
    const { datapath, transform } = makeRecorder();
    datapath.tun.toRead.push({ bytes: udp(1000), gsoType: 5, gsoSize: 300 });
    datapath.outbound.pump(tokens.tun, 1000);
    assert.equal(present(transform.jobs[0])[SealRow.segmentCount], 4);
  });

  test('the MTU holds for each segment, not for the whole', () => {
    const { datapath, transform } = makeRecorder();
    datapath.tun.toRead.push({ bytes: tcp(20000), gsoType: 1, gsoSize: 1348 });
    datapath.tun.toRead.push({ bytes: tcp(20000), gsoType: 1, gsoSize: 1349 });
    datapath.outbound.pump(tokens.tun, 1000);
    assert.equal(transform.jobs.length, 1);
    assert.deepEqual(datapath.allDrops(), { outTooBig: 15 });
  });

  test('the last numbers go to no part of a super-packet that needs more of them', () => {
    const { datapath } = makeRecorder({ initialSequence: 0xfffffffd });
    datapath.tun.toRead.push({ bytes: tcp(3000), gsoType: 1, gsoSize: 1000 });
    datapath.tun.toRead.push({ bytes: tcp(2000), gsoType: 1, gsoSize: 1000 });
    datapath.outbound.pump(tokens.tun, 1000);
    assert.deepEqual(datapath.allDrops(), { outSeqOverflow: 3 });
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 2);
  });

  const bad: [string, Uint8Array, number, number][] = [
    ['a TCP offload on a UDP packet', udp(3000), 1, 1000],
    ['a segment size of 0', tcp(3000), 1, 0],
    ['an unknown offload', tcp(3000), 3, 1000],
    ['an IPv6 offload on an IPv4 packet', tcp(3000), 4, 1000],
    ['a super-packet without payload', tcp(0), 1, 1000],
    ['a packet shorter than its TCP header', tcp(0).subarray(0, 40), 1, 1000],
  ];
  for (const [what, bytes, gsoType, gsoSize] of bad) {
    test(`refuses ${what}`, () => {
      const { datapath, transform } = makeRecorder();
      const packet = bytes.slice();
      packet[2] = packet.length >>> 8;
      packet[3] = packet.length;
      const checked = buildIpPacket({ ...inner4, protocol: present(packet[9]) }, packet.subarray(20));
      datapath.tun.toRead.push({ bytes: checked, gsoType, gsoSize });
      datapath.outbound.pump(tokens.tun, 1000);
      assert.equal(transform.jobs.length, 0);
      assert.deepEqual(datapath.allDrops(), { outSegmentation: 1 });
    });
  }

  test('refuses a super-packet with bytes behind it: which of them are payload?', () => {
    const { datapath } = makeRecorder();
    datapath.tun.toRead.push({ bytes: Uint8Array.of(...tcp(3000), 1, 2, 3), gsoType: 1, gsoSize: 1000 });
    datapath.outbound.pump(tokens.tun, 1000);
    assert.deepEqual(datapath.allDrops(), { outSegmentation: 1 });
  });

  test('more than the destination arena holds is sealed in parts, in order', () => {
    const { datapath, transform } = makeRecorder();
    // 1000 segments of 1 byte become about 100 KiB each; the arena has 1 MiB.
    for (let index = 0; index < 30; index++) datapath.tun.toRead.push({ bytes: tcp(1000), gsoType: 1, gsoSize: 1 });
    datapath.outbound.pump(tokens.tun, 1000);
    assert.deepEqual(
      transform.jobs.map((job) => job[SealRow.sequenceLow]),
      Array.from({ length: 30 }, (_, index) => index * 1000 + 1),
    );
    assert.ok(transform.jobs.some((job, index) => index > 0 && job[SealRow.outOffset] === 0));
    assert.equal(datapath.interfaceCell(1, 'outputPackets'), 30_000);
  });
});
