/**
 * `culvert decrypt`: decrypts a capture with the associations of a setkey file. It needs no helper, no interface and no
 * privilege; the native engine works where it is built, the portable one elsewhere.
 * @module
 */
import { getRandomValues } from 'node:crypto';
import { IpsecError } from '#core/base/error.ts';
import { readAssociations } from '#core/capture/association-file.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import type { CaptureRecord } from '#core/capture/capture-record.ts';
import { DecryptedCapture } from '#core/capture/decrypted-capture.ts';
import { Decrypter, type DecrypterOptions, type DecryptVerdict } from '#core/capture/decrypter.ts';
import { isKnownLinkType } from '#core/capture/link-layer.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { loadNative, NativeTransform } from '#core/host/linux/native.ts';
import { sourceExcerpts } from '#core/setkey/source-excerpt.ts';
import { openCapture, openOutput, type OpenCapture, type OpenOutput } from './capture-file.ts';
import { formatComplaint } from './complaint.ts';
import { jsonPrinter, tablePrinter, type DecryptPrinter, type VerdictTotals } from './decrypt-output.ts';
import { parseStartSequences } from './decrypt-words.ts';
import { formatFailure } from './setkey-failure.ts';
import type { Terminal } from './terminal.ts';

/** Text of `culvert decrypt --help`, behind the options. */
export const decryptHelp = `
CAPTURE is a pcap or pcapng file, or - for standard input: Ethernet, raw IP, Linux cooked or BSD loopback, with ESP over
IPv4 or IPv6, plain or in UDP (port 4500, and the ports of the associations). Associations are found by SPI and destination;
the file may hold those of both directions. Its policies do not matter. Weak algorithms are taken.

Each packet has a verdict: accept, the reason why a gateway would drop it (docs/drop-reasons.md), or notEsp. Packets are
numbered from 0. OUT.pcapng gets the inner packets, and the dropped ones with the reason as a comment.

Replays are dropped by the window of the association (-r), or by one of 64 packets where it has none.

Example:
  culvert decrypt wire.pcap -f sa.conf -w inner.pcapng
  tcpdump -w - esp | culvert decrypt - -f sa.conf --json

Exit status: 0 when the capture was read to its end, whatever the verdicts; 1 otherwise. What was read before an error
is reported.
`;

/** Our own size: packets between two looks at how standard output does. */
const packetsPerPause = 512;

/** What the words of the command say. */
export type DecryptRequest = {
  readonly capture: string;
  readonly associations: string;
  readonly output: string | null;
  readonly isJson: boolean;
  readonly checksReplay: boolean;
  /** `SPI=NUMBER`, each. */
  readonly highWords: readonly string[];
};

/** Run `decrypt`. Returns the exit status. */
export async function runDecrypt(request: DecryptRequest, terminal: Terminal): Promise<number> {
  try {
    const startSequences = parseStartSequences(request.highWords);
    const text = await readText(request, terminal);
    const { associations, failures } = readAssociations(text);
    if (failures.length > 0) {
      const excerptAt = sourceExcerpts(text);
      terminal.complain(failures.map((failure) => formatFailure(excerptAt, failure)).join(''));
      terminal.complain(`decrypt: ${request.associations} is not used\n`);
      return 1;
    }
    const decrypter = createDecrypter({ associations, checksReplay: request.checksReplay, startSequences });
    return await decryptFile(request, decrypter, terminal);
  } catch (error) {
    return complain(error, terminal);
  }
}

function readText({ associations, capture }: DecryptRequest, terminal: Terminal): Promise<string> {
  if (associations !== '-') return terminal.readFile(associations);
  if (capture === '-') throw new IpsecError('DECRYPT_USAGE', 'only one of the two files can be standard input');
  return terminal.readInput();
}

/** The native engine, unless it is not built or lacks an algorithm of the file. */
function createDecrypter(options: Omit<DecrypterOptions, 'transforms'>): Decrypter {
  try {
    return new Decrypter({ ...options, transforms: new NativeTransform(loadNative()) });
  } catch (error) {
    const isMissing = error instanceof IpsecError && ['HOST_NO_NATIVE', 'ALGORITHM_UNKNOWN'].includes(error.code);
    if (!isMissing) throw error;
    const random = { fill: (out: Uint8Array) => void getRandomValues(out) };
    return new Decrypter({ ...options, transforms: new PortableTransform(random) });
  }
}

async function decryptFile(request: DecryptRequest, decrypter: Decrypter, terminal: Terminal): Promise<number> {
  const capture = openCapture(request.capture);
  try {
    const output = createOutput(request, capture);
    const print = (text: string): void => terminal.print(text);
    const printer = request.isJson ? jsonPrinter(print) : tablePrinter(print);
    return await decryptAll(request.capture, capture, decrypter, printer, output, terminal);
  } finally {
    capture.close();
  }
}

/** Never over what is read. */
function createOutput(
  { output, capture: name, associations }: DecryptRequest,
  capture: OpenCapture,
): OpenOutput | null {
  if (output === null) return null;
  if (capture.isSameAs(output)) throw new IpsecError('DECRYPT_USAGE', `${output} is ${name}, which is being read`);
  if (output === associations) throw new IpsecError('DECRYPT_USAGE', `${output} is the file of the associations`);
  return openOutput(output);
}

async function decryptAll(
  name: string,
  { input }: OpenCapture,
  decrypter: Decrypter,
  printer: DecryptPrinter,
  output: OpenOutput | null,
  terminal: Terminal,
): Promise<number> {
  const totals = new Map<DecryptVerdict, number>();
  const unknownLinks = new Map<number, number>();
  let status = 0;
  try {
    const written = output === null ? null : new DecryptedCapture((block) => output.write(block));
    for (const record of readCapture(input)) {
      countUnknownLink(record, unknownLinks);
      const packet = decrypter.decrypt(record);
      totals.set(packet.verdict, (totals.get(packet.verdict) ?? 0) + 1);
      printer.add(packet, record);
      written?.add(packet, record);
      // Whoever reads what is printed may be slower than we are.
      if (packet.index % packetsPerPause === packetsPerPause - 1) await terminal.drained?.();
    }
  } catch (error) {
    status = complain(error, terminal, name);
  }
  printer.end(totals);
  try {
    output?.close();
  } catch (error) {
    status = complain(error, terminal);
  }
  return Math.max(status, complainOfLinks(name, unknownLinks, totals, terminal));
}

function countUnknownLink({ linkType }: CaptureRecord, unknownLinks: Map<number, number>): void {
  if (!isKnownLinkType(linkType)) unknownLinks.set(linkType, (unknownLinks.get(linkType) ?? 0) + 1);
}

/** Packets that nobody could look into are named; a capture of nothing else has not been read. Returns the exit status. */
function complainOfLinks(
  name: string,
  unknownLinks: ReadonlyMap<number, number>,
  totals: VerdictTotals,
  terminal: Terminal,
): number {
  if (unknownLinks.size === 0) return 0;
  const links = [...unknownLinks].map(([linkType, count]) => `${linkType} (packets: ${count})`).join(', ');
  complain(new IpsecError('CAPTURE_LINK_TYPE', `${name}: nothing is known of link type ${links}`), terminal);
  const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0);
  return sum(unknownLinks.values()) === sum(totals.values()) ? 1 : 0;
}

function complain(error: unknown, terminal: Terminal, name?: string): number {
  if (!(error instanceof IpsecError)) throw error;
  const isOfFile = name !== undefined && error.code.startsWith('CAPTURE_');
  const named = isOfFile ? new IpsecError(error.code, `${name}: ${error.message}`, error.details, error) : error;
  terminal.complain(formatComplaint('decrypt', null, named));
  return 1;
}
