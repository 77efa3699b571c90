/**
 * `udp-receiver.ts LOCAL`: counts the datagrams of each trial with recvmmsg(2) and answers questions about them.
 * Composition root.
 * @module
 */
import { addressBytes16, parseIpAddress } from '#core/ip/address.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes, SendRow } from '#core/datapath/ports.ts';
import { loadNative } from '#core/host/linux/native.ts';
import { datagramBytes, DatagramKind, readKind, readTrial, receiverPort, writeDatagram } from './datagram.ts';

const maxMessages = 64;
const trialsKept = 65536;

const native = loadNative();
const local = addressBytes16(parseIpAddress(process.argv[2] ?? '')).subarray(0, 4);
const { fd: socket } = native.openUdpSocket(4, local, receiverPort);
const waiter = native.createWaiter();
native.addToWaiter(waiter, socket, socket);

const arena = new Uint8Array(maxMessages * receiveSlotBytes);
const rows = new Int32Array(maxMessages * ReceiveRow.stride);
const senders = new Uint8Array(maxMessages * AddressEntry.stride);
const answer = new Uint8Array(datagramBytes);
const send = new Int32Array(SendRow.stride);
const ready = new Int32Array(1);
const received = new Uint32Array(trialsKept);

/** Count a message, of one datagram or of several merged ones. */
function take(message: number): void {
  const at = message * ReceiveRow.stride;
  const offset = rows[at + ReceiveRow.offset]!;
  const trial = readTrial(arena, offset) % trialsKept;
  if (readKind(arena, offset) === DatagramKind.question) return reply(message, trial);
  received[trial]! += Math.ceil(rows[at + ReceiveRow.length]! / rows[at + ReceiveRow.segmentBytes]!);
}

function reply(message: number, trial: number): void {
  writeDatagram(answer, 0, DatagramKind.answer, trial, received[trial]);
  send.set([socket, 0, datagramBytes, datagramBytes, message, 0, 0, 64, 0]);
  native.send(send, 1, answer, senders);
}

process.stdout.write('ready\n');
for (;;) {
  native.wait(waiter, -1, ready);
  for (;;) {
    const count = native.receive(socket, arena, rows, senders, maxMessages);
    if (count <= 0) break;
    for (let message = 0; message < count; message++) take(message);
  }
}
