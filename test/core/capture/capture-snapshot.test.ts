import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAssociations } from '#core/capture/association-file.ts';
import { compileCapture, type CaptureOptions, type CaptureSnapshot } from '#core/capture/capture-snapshot.ts';
import { captureAssociation } from '#test/support/capture/capture-sender.ts';
import { ip } from '#test/support/test-datapath.ts';

function compile(text: string, options: Partial<CaptureOptions> = {}): CaptureSnapshot {
  const { associations } = readAssociations(text);
  return compileCapture(associations, {
    transformOf: () => 3,
    checksReplay: true,
    initialSequenceOf: () => 9,
    ...options,
  });
}

test('an association receives either encapsulation, from its start on', () => {
  const [sa] = compile(captureAssociation('-r 32')).snapshot.inbound;
  assert.equal(sa?.acceptsEncapsulated, true);
  assert.deepEqual([sa?.transform, sa?.initialSequence, sa?.replayWindow], [3, 9, 256]);
});

test('the replay window is 64 where none is given, and none where nothing is authenticated or nobody asks', () => {
  const windowOf = (text: string, checksReplay: boolean): number | undefined =>
    compile(text, { checksReplay }).snapshot.inbound[0]?.replayWindow;
  assert.equal(windowOf(captureAssociation(), true), 64);
  assert.equal(windowOf(captureAssociation('-r 32'), false), 0);
  assert.equal(windowOf(`add 192.0.2.1 192.0.2.2 esp 0x1000 -E aes-cbc 0x${'01'.repeat(16)} ;`, true), 0);
});

test('each destination has a socket of either kind, all others share one that no association is at', () => {
  const text = captureAssociation() + captureAssociation().replaceAll('192.0.2.', '2001:db8::');
  const { snapshot, sockets } = compile(text);
  assert.equal(snapshot.sockets.length, 8);
  for (const [address, family, isKnown] of [
    ['192.0.2.2', 4, true],
    ['192.0.2.1', 4, false],
    ['2001:db8::2', 6, true],
    ['2001:db8::1', 6, false],
  ] as const) {
    const bytes = ip(address);
    assert.equal(sockets.isKnown(bytes, 0, family), isKnown);
    for (const isUdp of [false, true]) {
      const socket = snapshot.sockets[sockets.tokenFor(bytes, 0, family, isUdp)];
      assert.deepEqual([socket?.family, socket?.kind], [family, isUdp ? 'udp' : 'esp']);
      assert.deepEqual(socket?.localAddress, isKnown ? bytes : new Uint8Array(16));
    }
  }
});
