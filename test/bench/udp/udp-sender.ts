/**
 * `udp-sender.ts LOCAL PEER SECONDS`: searches the highest rate of 64-byte datagrams that reach the peer's udp-receiver.ts
 * with under 1 % loss, in about that time, and prints it as JSON. Each datagram is a message of sendmmsg(2) of its own,
 * with no segmentation offload. Composition root.
 * @module
 */
import { addressBytes16, parseIpAddress } from '#core/ip/address.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes, SendFlag, SendRow } from '#core/datapath/ports.ts';
import { loadNative } from '#core/host/linux/native.ts';
import { peerTable } from '../relay/limit-relay.ts';
import {
  datagramBytes,
  DatagramKind,
  readKind,
  readReceived,
  readTrial,
  receiverPort,
  writeDatagram,
} from './datagram.ts';
import { searchRate, type Trial } from './rate-search.ts';

/** Datagrams of one call at most: sooner the device's queue (500 packets) would be the limit, not what drains it. */
const burst = 64;
/** A burst is due this often at most. */
const tickMs = 0.1;
const trialCount = 14;
/** For datagrams that are still under way. */
const settleMs = 30;
const answerPatienceMs = 50;
const questionsAtMost = 40;

const [local = '', peer = '', seconds = '8'] = process.argv.slice(2);
const native = loadNative();
const { fd: socket } = native.openUdpSocket(4, addressBytes16(parseIpAddress(local)).subarray(0, 4), 0);
const waiter = native.createWaiter();
native.addToWaiter(waiter, socket, socket);

const addresses = peerTable(peer, receiverPort);
const load = new Uint8Array(burst * datagramBytes);
const row = Int32Array.of(socket, 0, 0, datagramBytes, 0, 0, SendFlag.noOffload, 64, 0);
const inbox = new Uint8Array(receiveSlotBytes);
const received = new Int32Array(ReceiveRow.stride);
const senders = new Uint8Array(AddressEntry.stride);
const ready = new Int32Array(1);
const clock = new Int32Array(new SharedArrayBuffer(4));

let trial = 0;

/** Send at a rate for a while, then ask how much arrived. */
async function runTrial(rate: number, durationMs: number): Promise<Trial> {
  trial++;
  for (let index = 0; index < burst; index++) writeDatagram(load, index * datagramBytes, DatagramKind.load, trial);
  const { sent, elapsedMs } = sendPaced(rate, durationMs);
  Atomics.wait(clock, 0, 0, settleMs);
  const arrived = await ask();
  return { sentPerSecond: (sent / elapsedMs) * 1000, receivedPerSecond: (arrived / elapsedMs) * 1000 };
}

function sendPaced(rate: number, durationMs: number): { sent: number; elapsedMs: number } {
  const started = performance.now();
  let sent = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    const due = Math.floor((rate * elapsedMs) / 1000) - sent;
    if (due > 0) sent += sendBurst(load, Math.min(due, burst));
    // Whoever is late after a burst goes on at once.
    if (due <= burst) Atomics.wait(clock, 0, 0, tickMs);
    elapsedMs = performance.now() - started;
  }
  return { sent, elapsedMs };
}

function sendBurst(from: Uint8Array, count: number): number {
  row[SendRow.length] = count * datagramBytes;
  native.send(row, 1, from, addresses);
  return Math.max(0, row[SendRow.result]!);
}

/** Ask until an answer comes. @throws Error when none does. */
function ask(): Promise<number> {
  const question = new Uint8Array(datagramBytes);
  writeDatagram(question, 0, DatagramKind.question, trial);
  for (let attempt = 0; attempt < questionsAtMost; attempt++) {
    sendBurst(question, 1);
    native.wait(waiter, answerPatienceMs, ready);
    while (native.receive(socket, inbox, received, senders, 1) === 1) {
      if (readKind(inbox, 0) === DatagramKind.answer && readTrial(inbox, 0) === trial) {
        return Promise.resolve(readReceived(inbox, 0));
      }
    }
  }
  return Promise.reject(new Error(`no answer from ${peer}`));
}

const trialMs = Math.max(150, (Number(seconds) * 1000) / trialCount - settleMs);
// Paths, caches and clocks wake up in a trial that does not count.
await runTrial(20_000, 100);
const best = await searchRate((rate) => runTrial(rate, trialMs), trialCount);
process.stdout.write(`${JSON.stringify(best)}\n`);
process.exit(0);
