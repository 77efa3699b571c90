import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { PathMtus } from '#core/host/memory/path-mtus.ts';
import { addressBytes, parseIpAddress } from '#core/ip/address.ts';
import { emitFragmentationNeeded, emitPacketTooBig } from '#core/ip/icmp.ts';

const pairs = {
  4: { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('198.51.100.1'), router: '192.0.2.254' },
  6: { source: parseIpAddress('2001:db8::1'), destination: parseIpAddress('2001:db8:9::1'), router: '2001:db8::ff' },
} as const;

/** Tell `paths` that a packet of ours was too big; gives what it then knows. */
function tell(paths: PathMtus, family: 4 | 6, mtu: number, now: number, isOwn = true): number {
  const { source, destination, router } = pairs[family];
  const bytes = buildIpPacket({ source, destination, protocol: 50 }, new Uint8Array(1400));
  const out = new Uint8Array(1280);
  const tooBig = { bytes, offset: 0, length: bytes.length, mtu, source: addressBytes(parseIpAddress(router)) };
  (family === 4 ? emitFragmentationNeeded : emitPacketTooBig)(tooBig, out, 0);
  paths.learn(out, family === 4 ? 20 : 40, (address) => isOwn && address === source, now);
  return paths.mtuTo(destination, now);
}

describe('what a host knows of its paths', () => {
  for (const family of [4, 6] as const) {
    test(`IPv${family}: learned from ICMP, only downwards, with a floor, and forgotten after ten minutes`, () => {
      const paths = new PathMtus();
      const { destination } = pairs[family];
      assert.equal(paths.mtuTo(destination, 0), Infinity);
      assert.equal(tell(paths, family, 1400, 0), 1400);
      assert.equal(tell(paths, family, 1450, 0), 1400);
      assert.equal(tell(paths, family, 100, 5), family === 4 ? 552 : 1280);
      assert.equal(paths.mtuTo(destination, 600_004), family === 4 ? 552 : 1280);
      assert.equal(paths.mtuTo(destination, 600_005), Infinity);
    });

    test(`IPv${family}: a packet that is not ours is not believed, nor one cut short`, () => {
      const paths = new PathMtus();
      assert.equal(tell(paths, family, 1400, 0, false), Infinity);
      paths.learn(
        buildIpPacket({ ...pairs[family], protocol: 1 }, new Uint8Array(8)),
        family === 4 ? 20 : 40,
        () => true,
        0,
      );
      assert.equal(paths.mtuTo(pairs[family].destination, 0), Infinity);
    });
  }
});
