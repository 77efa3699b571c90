/**
 * A thousand tunnels in one culvertd, over real TUN devices in a namespace: made in under ten seconds, one request after
 * the other as a script would.
 * @module
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { suite, test } from 'node:test';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { Culvertd } from '#test/support/culvertd.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

const count = 1000;
const limitMs = 10_000;

/** How many times slower everything is than on a machine of one's own, at least 1. */
function crowding(): number {
  return Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}

suite('a thousand tunnels', { skip: missingForTunnels() ?? false }, () => {
  test('are created, configured and brought up in under ten seconds, and each keeps its routes when culvertd is killed', async (context) => {
    const namespace = new NetworkNamespace('many');
    context.after(() => namespace.remove());
    namespace.ip('address add 10.0.0.1/8 dev lo');
    const culvertd = await Culvertd.start(namespace);
    context.after(() => culvertd.dispose());
    const elapsedMs = await createTunnels(culvertd);
    const devices = namespace.devices();
    assert.equal(devices.length, count, culvertd.log.slice(-2000));
    const { interfaces, policies } = await culvertd.ask('status.get', {});
    assert.ok(interfaces.length === count && interfaces.every(({ isUp, isRunning }) => isUp && isRunning));
    assert.equal(policies.length, 4 * count);
    context.diagnostic(`${count} tunnels in ${elapsedMs.toFixed(0)} ms`);
    assert.ok(elapsedMs < limitMs * crowding(), `${elapsedMs} ms`);
    await culvertd.kill('SIGKILL');
    assert.equal(namespace.devices().length, count);
  });
});

/** Over one connection, each request when the one before is answered. */
async function createTunnels(culvertd: Culvertd): Promise<number> {
  const stream = connect(culvertd.socket);
  await new Promise((resolve, reject) => stream.once('connect', resolve).once('error', reject));
  const client = createMessageConnection(new StreamMessageReader(stream), new StreamMessageWriter(stream));
  client.listen();
  const started = performance.now();
  try {
    for (let unit = 0; unit < count; unit++) {
      const name = `ipsec${unit}`;
      const peer = `10.1.${unit >> 8}.${unit & 255}`;
      const tunnel = { name, local: '10.0.0.1', peer, localPort: 0, peerPort: 0 };
      for (const [method, params] of [
        ['interface.create', { name }],
        ['interface.setTunnel', tunnel],
        ['interface.setFlags', { name, isUp: true }],
      ] as const) {
        const answer: { readonly ok: boolean } = await client.sendRequest(method, params);
        assert.ok(answer.ok, `${method} ${name}: ${JSON.stringify(answer)}`);
      }
    }
    return performance.now() - started;
  } finally {
    stream.destroy();
  }
}
