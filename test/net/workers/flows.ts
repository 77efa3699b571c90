/**
 * TCP streams and UDP datagrams through a tunnel, many at once, in both directions: the answering end sends back what it
 * gets.
 * @module
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import type { NetworkNamespace } from '#test/support/network-namespace.ts';

/** What to send. */
export type FlowPlan = {
  readonly streams: number;
  readonly bytesEach: number;
  readonly datagramSockets: number;
  readonly datagramsEach: number;
};

/** What came back: streams whose bytes were those that were sent, and datagrams. */
export type FlowOutcome = { readonly streams: number; readonly datagrams: number };

const port = 7;

const echoScript = `
  require('node:net').createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(${port});
  const udp = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: 4 << 20, sendBufferSize: 4 << 20 });
  udp.on('message', (data, from) => udp.send(data, from.port, from.address, () => undefined));
  udp.bind(${port}, () => console.log('ready'));`;

const clientScript = (target: string, plan: FlowPlan): string => `
  const { createHash, randomBytes } = require('node:crypto');
  const block = randomBytes(1 << 16);
  const digestOf = (bytes) => {
    const digest = createHash('sha256');
    for (let left = bytes; left > 0; left -= block.length) digest.update(block.subarray(0, Math.min(left, block.length)));
    return digest.digest('hex');
  };
  const wanted = digestOf(${plan.bytesEach});
  const stream = () => new Promise((resolve) => {
    const digest = createHash('sha256');
    const socket = require('node:net').connect(${port}, '${target}');
    let left = ${plan.bytesEach};
    const write = () => {
      while (left > 0) {
        const part = block.subarray(0, Math.min(left, block.length));
        left -= part.length;
        if (left === 0) return socket.end(part);
        if (!socket.write(part)) return;
      }
    };
    socket.on('connect', write).on('drain', write).on('data', (data) => digest.update(data));
    socket.on('error', () => resolve(0)).on('end', () => resolve(digest.digest('hex') === wanted ? 1 : 0));
  });
  const datagrams = () => new Promise((resolve) => {
    const udp = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
    let came = 0;
    let sent = 0;
    const send = () => udp.send(block.subarray(0, 64 + (sent % 1200)), ${port}, '${target}', () => undefined);
    // Each answer brings the next, so that no queue overflows; what is lost is sent anew after a while.
    const next = () => {
      if (came >= ${plan.datagramsEach}) return finish();
      sent++;
      send();
    };
    const timer = setInterval(next, 200);
    const finish = () => { clearInterval(timer); udp.close(); resolve(came); };
    udp.on('message', () => { came++; next(); });
    udp.bind(0, () => { for (let index = 0; index < 8; index++) next(); });
  });
  const all = (count, make) => Promise.all(Array.from({ length: count }, make));
  Promise.all([all(${plan.streams}, stream), all(${plan.datagramSockets}, datagrams)]).then(([streams, came]) => {
    const sum = (values) => values.reduce((left, right) => left + right, 0);
    console.log(JSON.stringify({ streams: sum(streams), datagrams: sum(came) }));
    process.exit();
  });`;

/** Start what sends everything back. Ends with `kill`. */
export async function startEcho(namespace: NetworkNamespace): Promise<ChildProcess> {
  const child = namespace.start(process.execPath, '-e', echoScript);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

/** Send what the plan says to an echo, and wait for what comes back. */
export async function runFlows(namespace: NetworkNamespace, target: string, plan: FlowPlan): Promise<FlowOutcome> {
  const child = namespace.start(process.execPath, '-e', clientScript(target, plan));
  let said = '';
  let failed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (failed += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  await ended;
  clearTimeout(timer);
  assert.ok(said !== '', `the flows ended without a word: ${failed}`);
  return JSON.parse(said) as FlowOutcome;
}
