/**
 * Capture files between Culvert and Wireshark's tools: description.md.
 * @module
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runDecrypt } from '#core/cli/decrypt-command.ts';
import { fakeTerminal } from '#test/core/cli/fake-helper.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { frameMakers, makePcap } from '#test/support/capture/capture-maker.ts';
import { captureAssociation, sendCaptured } from '#test/support/capture/capture-sender.ts';

const directory = mkdtempSync(join(tmpdir(), 'culvert-captures-'));
after(() => rmSync(directory, { recursive: true }));

const at = (name: string): string => join(directory, name);
const makerOf = (linkType: number): (typeof frameMakers)[number] =>
  present(frameMakers.find((maker) => maker.linkType === linkType));

/** A capture of ESP, numbers 1, 2 and 2 again, in frames of this link type; returns its path. */
function saveCapture(linkType: number): string {
  const { frame, name } = makerOf(linkType);
  const packets = [1, 2, 2].map((sequence, index) => ({
    bytes: frame(sendCaptured({ sequence })),
    seconds: 1_700_000_000 + index,
    fraction: 123_456,
  }));
  const path = at(`${name.replaceAll(' ', '-')}.pcap`);
  writeFileSync(path, makePcap(packets, { linkType }));
  return path;
}

async function decrypt(capture: string, output: string | null = null): Promise<string[]> {
  const terminal = fakeTerminal('', { 'sa.conf': captureAssociation() });
  const request = { capture, associations: 'sa.conf', output, isJson: true, checksReplay: true, highWords: [] };
  assert.equal(await runDecrypt(request, terminal), 0, terminal.errors);
  const { packets } = JSON.parse(terminal.output) as { packets: { verdict: string }[] };
  return packets.map(({ verdict }) => verdict);
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

for (const format of ['pcap', 'nsecpcap', 'pcapng']) {
  test(`a capture that editcap wrote as ${format} decrypts to the same`, async () => {
    const path = at(`converted.${format}`);
    run('editcap', '-F', format, saveCapture(1), path);
    assert.deepEqual(await decrypt(path), ['accept', 'accept', 'replayDup']);
  });
}

test('a file of several interfaces that mergecap wrote is read with the link type of each', async () => {
  const path = at('merged.pcapng');
  const captures = [1, 101, 113, 276, 0, 108].map(saveCapture);
  run('mergecap', '-F', 'pcapng', '-a', '-w', path, ...captures);
  const [first, second, ...more] = await decrypt(path);
  assert.deepEqual([first, second, more.length], ['accept', 'accept', 16]);
  assert.deepEqual(new Set(more), new Set(['replayDup']));
});

test('tshark shows what we wrote: inner packets, dropped ones in their frames, comments and times', async () => {
  const output = at('out.pcapng');
  await decrypt(saveCapture(1), output);
  const fields = ['frame.protocols', 'ip.src', 'frame.time_epoch', 'frame.comment'].flatMap((name) => ['-e', name]);
  const rows = run('tshark', '-r', output, '-T', 'fields', '-E', 'separator=|', ...fields)
    .trim()
    .split('\n');
  assert.deepEqual(rows, [
    'raw:ip:data|10.1.0.1|1700000000.123456000|accept, SPI 0x00001000, sequence number 1, packet 0 of the capture',
    'raw:ip:data|10.1.0.1|1700000001.123456000|accept, SPI 0x00001000, sequence number 2, packet 1 of the capture',
    'eth:ethertype:ip:esp|192.0.2.1|1700000002.123456000|' +
      'replayDup: received before, SPI 0x00001000, sequence number 2, packet 2 of the capture',
  ]);
});
