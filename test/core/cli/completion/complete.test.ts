/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { filesMark, printCompletion, type LiveNames } from '#core/cli/completion/candidate.ts';
import { complete } from '#core/cli/completion/complete.ts';
import { ifconfigWords } from '#core/ifconfig/syntax.ts';

const live: LiveNames = {
  interfaces: async () => ['ipsec0', 'ipsec7'],
  profiles: async () => ['office'],
  sysctls: async () => ['net.inet.ipsec.dfbit'],
};

function makeProgram(): Command {
  const program = new Command('culvert').option('--socket <path>', 'the socket');
  for (const name of ['ifconfig', 'route', 'setkey', 'sysctl', 'completion'])
    program.command(name).argument('[words...]');
  const profile = program.command('profile');
  profile.command('show <name>').option('--json', 'as JSON');
  profile.command('create [name]').option('-f, --file <file>', 'a file').option('--mtu <number>', 'the MTU');
  program.command('up <name...>');
  program.command('decrypt').argument('<capture>').option('-w, --write <pcapng>', 'write it');
  return program;
}

/** The words that a shell would offer for a line that ends at the cursor, `:files` among them. */
async function offered(line: string): Promise<string[]> {
  const words = line.split(' ');
  const written = words.pop() ?? '';
  const text = printCompletion(await complete(makeProgram(), words, live), written);
  return text
    .split('\n')
    .filter((each) => each !== '')
    .map((each) => each.split('\t')[0] ?? '');
}

test('commands, their subcommands and options come from the registry', async () => {
  assert.deepEqual(await offered('pro'), ['profile']);
  assert.deepEqual(await offered('profile '), ['show', 'create', '--help']);
  assert.deepEqual(await offered('profile show --j'), ['--json']);
  assert.deepEqual(await offered('--socket /run/x if'), ['ifconfig']);
  assert.deepEqual(await offered('--socket=/run/x if'), ['ifconfig']);
  assert.deepEqual(await offered('nonsense pro'), ['profile']);
});

test('files are completed where a file is wanted, and not where an option stands', async () => {
  for (const line of ['--socket ', 'decrypt -w ', 'profile create -f ', 'setkey -f ', 'setkey -nf ', 'ifconfig -f ']) {
    assert.deepEqual(await offered(line), [filesMark], line);
  }
  assert.deepEqual(await offered('decrypt x'), [filesMark]);
  assert.deepEqual(await offered('decrypt x.pcap --w'), ['--write']);
  assert.deepEqual(await offered('profile create --mtu '), []);
  assert.ok(!(await offered('decrypt -')).includes(filesMark));
});

test('names of profiles and interfaces are those that there are', async () => {
  assert.deepEqual(await offered('up o'), ['office']);
  assert.deepEqual(await offered('up office o'), ['office']);
  assert.deepEqual(await offered('profile show o'), ['office']);
  assert.deepEqual(await offered('profile create o'), []);
  assert.deepEqual(await offered('ifconfig ips'), ['ipsec0', 'ipsec7']);
  assert.deepEqual(await offered('route add 10/8 -interface '), ['ipsec0', 'ipsec7']);
  assert.deepEqual(await offered('sysctl net'), ['net.inet.ipsec.dfbit']);
});

test('BSD’s words come from the tables that the commands read', async () => {
  const words = await offered('ifconfig ipsec0 ');
  for (const word of ifconfigWords) assert.ok(words.includes(word), word);
  assert.deepEqual(await offered('ifconfig ipsec0 link1 -link'), ['-link0', '-link1', '-link2']);
  assert.deepEqual(await offered('route '), ['add', 'change', 'delete', 'get', 'show', 'flush']);
  assert.deepEqual(await offered('route -n show -i'), ['-inet', '-inet6']);
  assert.deepEqual(await offered('route add 10/8 172.16.2.1 -f'), ['-failclosed']);
  assert.deepEqual(await offered('route add 10/8 -netmask '), []);
  assert.deepEqual(await offered('setkey -DP'), ['-DP', '-DPv']);
  assert.deepEqual(await offered('completion '), ['bash', 'zsh', 'fish']);
});
