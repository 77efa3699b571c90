import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyUdpPayload, UdpPayload } from '#core/esp/udp-encapsulation.ts';
import { hexBytes, readFixture } from '#test/fixtures/read-fixture.ts';

function classify(hex: string): number {
  const payload = hexBytes(hex);
  const bytes = Uint8Array.of(0xa5, 0xa5, ...payload, 0xa5, 0xa5, 0xa5, 0xa5);
  return classifyUdpPayload(bytes, 2, payload.length);
}

test('one byte ff is a keepalive, and only that (RFC 3948 §2.3)', () => {
  assert.equal(classify('ff'), UdpPayload.keepalive);
  assert.equal(classify('00'), UdpPayload.tooShort);
  assert.equal(classify('fe'), UdpPayload.tooShort);
  assert.equal(classify('ffff'), UdpPayload.tooShort);
  assert.equal(classify('ffffffff'), UdpPayload.esp);
});

test('fewer than four bytes are nothing, whatever stands behind them in memory', () => {
  for (const hex of ['', '0000', '000000', 'ff00ff']) assert.equal(classify(hex), UdpPayload.tooShort, hex);
});

test('four zero bytes are the non-ESP marker, anything else an SPI (RFC 3948 §2.1, §2.2)', () => {
  assert.equal(classify('00000000'), UdpPayload.ike);
  assert.equal(classify('000000004142434445464748'), UdpPayload.ike);
  assert.equal(classify('00000001'), UdpPayload.esp);
  assert.equal(classify('80000000'), UdpPayload.esp);
});

test('agrees with the hostile cases for UDP encapsulation', () => {
  type Step = { packet?: string; expect: string; counter: string | null };
  const { cases } = readFixture<{ cases: { id: string; category: string; steps: Step[] }[] }>('negative-vectors.json');
  const expected: Record<string, number> = {
    natKeepalive: UdpPayload.keepalive,
    udpShort: UdpPayload.tooShort,
    toIke: UdpPayload.ike,
    ikeTooShort: UdpPayload.ike,
    ikeMalformed: UdpPayload.ike,
  };
  let checked = 0;
  for (const { id, category, steps } of cases) {
    for (const { packet, counter } of steps) {
      const kind = counter === null ? UdpPayload.esp : expected[counter];
      if (category !== 'udp-encap' || packet === undefined || !packet.startsWith('45') || kind === undefined) continue;
      if (packet.slice(18, 20) !== '11') continue;
      assert.equal(classify(packet.slice(56)), kind, id);
      checked++;
    }
  }
  assert.ok(checked >= 5, `${checked} cases`);
});
