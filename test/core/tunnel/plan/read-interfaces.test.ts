import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredInterface } from '#core/tunnel/plan/desired-state.ts';
import { scratchDatabases } from '#core/tunnel/plan/read-desired.ts';
import { readIfconfigFiles, type ReadSurroundings } from '#core/tunnel/plan/read-interfaces.ts';

async function read(
  text: string,
  owner: string | null = 'ipsec0',
): Promise<Omit<ReadSurroundings, 'databases'> & { interfaces: DesiredInterface[] }> {
  const around: ReadSurroundings = { databases: scratchDatabases(), problems: [], notes: [] };
  return { interfaces: await readIfconfigFiles([{ name: 'f', text, owner }], around), ...around };
}

test('an interface is what the lines of its file leave, and stands where it is named first', async () => {
  const { interfaces, problems } = await read(
    '# office\ncreate\ntunnel 10.0.0.1 10.0.0.2\nmtu 1300\nmtu 1400\ninet 172.16.1.1/32 172.16.2.1\nup\n',
  );
  assert.deepEqual(problems, []);
  const [found] = interfaces;
  assert.deepEqual(
    [found?.name, found?.mtu, found?.outer?.peer, found?.flags.isUp],
    ['ipsec0', 1400, '10.0.0.2', true],
  );
  assert.deepEqual(
    found?.addresses.map(({ address, peer }) => [address, peer]),
    [['172.16.1.1', '172.16.2.1']],
  );
  assert.deepEqual(found?.at, { file: 'f', line: 2, column: 1 });
});

test('a file may rely on an interface that is there, and may destroy what it made', async () => {
  assert.deepEqual((await read('tunnel 10.0.0.1 10.0.0.2\n')).problems, []);
  assert.deepEqual((await read('create\ndestroy\n')).interfaces, []);
});

test('routes of "!route add" lines are taken, what else is for the shell is noted', async () => {
  const { interfaces, notes } = await read('create\n!route add -inet 10.9.0.0/16 172.16.2.1\n!touch /tmp/x\n');
  assert.deepEqual(interfaces[0]?.routes, ['10.9.0.0/16']);
  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /^f:3: culvertd runs no shell/);
});

test('all problems are told, each at its line', async () => {
  const { problems } = await read('create\nmtu x\nmtu 70000\n');
  assert.deepEqual(
    problems.map(({ line }) => line),
    [2, 3],
  );
  const [nameless] = (await read('create\n', null)).problems;
  assert.equal(nameless?.message, 'the line names no interface');
});
