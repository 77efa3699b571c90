/**
 * Reading ping's output.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePing } from '#examples/two-gateways/netns/ping.ts';

test('reads counts and round-trip times', () => {
  const text = `PING 192.168.200.2 (192.168.200.2) 56(84) bytes of data.
64 bytes from 192.168.200.2: icmp_seq=1 ttl=62 time=0.971 ms
64 bytes from 192.168.200.2: icmp_seq=3 ttl=62 time=12 ms

--- 192.168.200.2 ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 103ms
rtt min/avg/max/mdev = 0.971/6.485/12.000/5.514 ms
`;
  assert.deepEqual(parsePing(text), { sent: 3, received: 2, rttMs: [0.971, 12] });
});

test('reads a series in which nothing came back', () => {
  const text = '\n--- 192.0.2.9 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss\n';
  assert.deepEqual(parsePing(text), { sent: 2, received: 0, rttMs: [] });
});

test('output without a closing line is an error', () => {
  assert.throws(() => parsePing('ping: connect: Network is unreachable'), /Network is unreachable/);
});
