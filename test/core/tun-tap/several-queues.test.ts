/**
 * Devices with several queues and ports with several sockets, over the kernel: who takes over what, who is refused, and
 * which socket gets which packet.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

suite('several queues and sockets', { skip: missingForTunnels() ?? false }, () => {
  let namespace: NetworkNamespace;
  before(() => {
    namespace = new NetworkNamespace('queues');
  });
  after(() => namespace.remove());

  const evaluate = (statements: string): unknown =>
    namespace.evaluate(`
      import { loadNative } from '#core/host/linux/native.ts';
      const native = loadNative();
      const codeOf = (run) => { try { run(); return 'done'; } catch (error) { return error.code; } };
      const read = (fd) => {
        const [rows, senders] = [new Int32Array(64 * 6), new Uint8Array(64 * 20)];
        const spis = [];
        const arena = new Uint8Array(64 * 65536);
        const count = native.receive(fd, arena, rows, senders, 64);
        for (let row = 0; row < count; row++) {
          const at = rows[row * 6] + (rows[row * 6 + 3] < 0 ? 20 : 0);
          spis.push(new DataView(arena.buffer, at, 4).getUint32(0));
        }
        return spis;
      };
      const siblings = (fd, count) => Array.from({ length: count }, (_, index) => native.sibling(fd, index));
      const run = async () => { ${statements} };
      console.log(JSON.stringify(await run()));`);

  test('a device that somebody holds is not joined, neither to be used nor to be removed', () => {
    const seen = evaluate(`
      const { fd } = native.openTunQueues('held0', true, false, 3);
      native.setPersistent(fd, true);
      const refused = [
        codeOf(() => native.openTunQueues('held0', true, true, 3)),
        codeOf(() => native.openTunQueues('held0', true, false, 3)),
        codeOf(() => native.adoptTun('held0', true)),
        codeOf(() => native.openTun('held0', true)),
      ];
      native.setPersistent(fd, false);
      const queues = siblings(fd, 4).filter((queue) => queue >= 0).length;
      native.closeDescriptor(fd);
      return [refused, queues];`);
    assert.deepEqual(seen, [['EBUSY', 'EBUSY', 'EBUSY', 'EBUSY'], 3]);
    assert.deepEqual(namespace.devices(), []);
  });

  test('what was left is taken over, whether it has one queue or several, and whether it is up or down', () => {
    const seen = evaluate(`
      const leave = (fd) => { native.setPersistent(fd, true); native.closeDescriptor(fd); };
      leave(native.openTunQueues('left0', true, false, 3).fd);
      leave(native.openTun('left1', true).fd);
      native.setUp('left0', false);
      const one = native.adoptTun('left0', true);
      const other = native.openTunQueues('left1', true, true, 3);
      const queues = [one, other].map(({ fd }) => siblings(fd, 3).filter((queue) => queue >= 0).length);
      leave(one.fd);
      leave(other.fd);
      const several = native.openTunQueues('left0', true, true, 2);
      queues.push(siblings(several.fd, 3).filter((queue) => queue >= 0).length);
      const last = [several.fd, native.adoptTun('left1', true).fd];
      for (const fd of last) { native.setPersistent(fd, false); native.closeDescriptor(fd); }
      return [queues, one.name, several.vnetHeader];`);
    assert.deepEqual(seen, [[1, 1, 2], 'left0', true]);
    assert.deepEqual(namespace.devices(), []);
  });

  for (const { family, local } of [
    { family: 4, local: [127, 0, 0, 1] },
    { family: 6, local: [...new Array<number>(15).fill(0), 1] },
  ]) {
    test(`raw sockets of IPv${family} get the SPIs of one remainder each, and the first what is too short`, () => {
      const seen = evaluate(`
        const local = Uint8Array.from(${JSON.stringify(local)});
        const fd = native.openEspShares(${family}, local, 3);
        const to = new Uint8Array(20);
        to.set(local);
        to[18] = ${family};
        const send = (bytes) => {
          const rows = Int32Array.from([fd, 0, bytes.length, bytes.length, 0, 0, 0, 64, 0]);
          native.send(rows, 1, bytes, to);
        };
        for (let spi = 1000; spi < 1012; spi++) {
          const bytes = new Uint8Array(16);
          new DataView(bytes.buffer).setUint32(0, spi);
          send(bytes);
        }
        const shares = siblings(fd, 3).map((socket) => read(socket).map((spi) => spi % 3));
        send(Uint8Array.of(1, 2, 3));
        const short = siblings(fd, 3).map((socket) => read(socket).length);
        native.closeDescriptor(fd);
        return [shares, short];`);
      assert.deepEqual(seen, [
        [
          [0, 0, 0, 0],
          [1, 1, 1, 1],
          [2, 2, 2, 2],
        ],
        [1, 0, 0],
      ]);
    });
  }

  test('UDP sockets of one port get each sender whole, and a port of another program is not shared', () => {
    const seen = evaluate(`
      const { createSocket } = await import('node:dgram');
      const local = Uint8Array.of(127, 0, 0, 1);
      const { fd, port } = native.openUdpShares(4, local, 0, 3);
      const refused = [codeOf(() => native.openUdpShares(4, local, port, 3)), codeOf(() => native.openUdpSocket(4, local, port))];
      const senders = Array.from({ length: 40 }, () => createSocket('udp4'));
      for (const [index, sender] of senders.entries()) {
        for (let turn = 0; turn < 3; turn++) {
          await new Promise((sent) => sender.send(Uint8Array.of(0, 0, 0, index), port, '127.0.0.1', sent));
        }
      }
      const shares = siblings(fd, 3).map((socket) => {
        const all = [];
        for (let more = read(socket); more.length > 0; more = read(socket)) all.push(...more);
        return all;
      });
      for (const sender of senders) sender.close();
      native.closeDescriptor(fd);
      const owners = shares.flatMap((share) => [...new Set(share)]);
      return [refused, shares.every((share) => share.length > 0), owners.length, new Set(owners).size];`);
    assert.deepEqual(seen, [['EADDRINUSE', 'EADDRINUSE'], true, 40, 40]);
  });
});
