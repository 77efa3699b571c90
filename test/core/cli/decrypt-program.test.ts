import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { addDecrypt } from '#core/cli/decrypt-program.ts';
import { fakeTerminal } from './fake-helper.ts';

test('decrypt takes a capture and a file of associations, and its help says so', async () => {
  const terminal = fakeTerminal();
  const program = new Command()
    .exitOverride()
    .configureOutput({ writeErr: terminal.complain, writeOut: terminal.print });
  addDecrypt(program, { terminal, setStatus: () => {} });
  await assert.rejects(
    program.parseAsync(['decrypt', 'x.pcap'], { from: 'user' }),
    /required option '-f, --file <sas>'/,
  );
  await assert.rejects(program.parseAsync(['decrypt', '--help'], { from: 'user' }));
  assert.match(terminal.output, /CAPTURE -f SAS\.conf/);
});
