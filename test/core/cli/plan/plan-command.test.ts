import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from '#core/api/answer.ts';
import { dispatch } from '#core/api/dispatch.ts';
import { runApply, runConfirm, runDiff, runPlan } from '#core/cli/plan/plan-command.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

const key = '9f'.repeat(16);
const suite = `-E aes-cbc 0x${key} -A hmac-sha256 0x${key}${key}`;
const files: Record<string, string> = {
  'ifconfig.ipsec0': 'create\ntunnel 10.0.0.1 10.0.0.2\ninet 172.16.1.1/32 172.16.2.1\nup\n',
  'sa.conf': `add 10.0.0.2 10.0.0.1 esp 1000 -u 16385 ${suite};\nadd 10.0.0.1 10.0.0.2 esp 1001 -u 16386 ${suite};\n`,
  'other.conf': `add 10.0.0.2 10.0.0.1 esp 1000 -u 16385 ${suite};\n`,
  'bad.conf': 'add 10.0.0.2;\n',
};

/** The commands over a gateway without a socket between them. */
function around(machine: FakeMachine) {
  const printed: string[] = [];
  const told: string[] = [];
  const caller = { uid: 0, pid: 9, canOperate: true };
  const client: HelperClient = {
    call: async (method, params) => parseAnswer(method, await dispatch(machine.gateway, method, params, caller)),
    watch: () => Promise.reject(new Error('not here')),
    hearUpdates: () => undefined,
    close: () => undefined,
  };
  const terminal = {
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void told.push(text),
    readInput: async () => '',
    readFile: async (path: string) => files[path] ?? '',
  };
  return {
    surroundings: { terminal, connect: async () => client },
    screen: () => printed.splice(0).join(''),
    complaints: () => told.splice(0).join(''),
  };
}

test('plan exits with 2 where something changes, apply does it, and then plan exits with 0', async () => {
  const machine = new FakeMachine();
  const { surroundings, screen } = around(machine);
  const all = ['ifconfig.ipsec0', 'sa.conf'];
  assert.equal(await runPlan(all, false, surroundings), 2);
  const text = screen();
  assert.match(text, /^interfaces:\n {2}\+ ipsec0\n {6}flags UP,?.*\n/);
  assert.match(text, /associations:\n {2}\+ 10\.0\.0\.2 10\.0\.0\.1 esp 0x000003e8\n/);
  assert.match(text, /unchanged: 0 interfaces, 0 associations, 0 policies\n$/);
  assert.ok(!text.includes(key));
  assert.equal(await runApply(all, {}, surroundings), 0);
  screen();
  assert.equal(await runPlan(all, false, surroundings), 0);
  assert.match(screen(), /nothing changes \(1 interface, 2 associations, 4 policies\)/);
});

test('diff compares files without a helper, and files with what is running', async () => {
  const machine = new FakeMachine();
  const { surroundings, screen } = around(machine);
  const connect = () => Promise.reject(new Error('no helper is asked'));
  const alone = { ...surroundings, connect };
  assert.equal(await runDiff(['sa.conf', 'sa.conf'], false, alone), 0);
  screen();
  assert.equal(await runDiff(['ifconfig.ipsec0,sa.conf', 'ifconfig.ipsec0,other.conf'], false, alone), 2);
  const text = screen();
  assert.match(text, /- 10\.0\.0\.1 10\.0\.0\.2 esp 0x000003e9/);
  assert.match(
    text,
    /ipsec0 sends no inner IPv4: there is no association from 10\.0\.0\.1 to 10\.0\.0\.2 with reqid 16386/,
  );
  await runApply(['ifconfig.ipsec0', 'sa.conf'], {}, surroundings);
  screen();
  assert.equal(await runDiff(['running', 'other.conf'], true, surroundings), 2);
  const answer = JSON.parse(screen()) as { plan: { associations: { fate: string }[] } };
  assert.deepEqual(
    answer.plan.associations.map(({ fate }) => fate),
    ['removed'],
  );
});

test('apply --confirm says how long, is shown, and is kept by confirm', async () => {
  const machine = new FakeMachine();
  const { surroundings, screen, complaints } = around(machine);
  assert.equal(await runApply(['ifconfig.ipsec0', 'sa.conf'], { confirm: '1m' }, surroundings), 0);
  assert.match(complaints(), /in 60 s it is taken back, unless you say: culvert confirm/);
  screen();
  machine.now += 20_000;
  assert.equal(await runConfirm({ status: true }, surroundings), 0);
  assert.equal(screen(), 'a change waits to be confirmed; in 40 s it is taken back\n');
  assert.equal(await runConfirm({}, surroundings), 0);
  assert.equal(screen(), 'confirmed\n');
  assert.equal(await runConfirm({}, surroundings), 1);
  assert.match(complaints(), /no change waits/);
});

test('confirm --revert takes back at once, and the status says so', async () => {
  const machine = new FakeMachine();
  const { surroundings, screen } = around(machine);
  await runApply(['ifconfig.ipsec0'], { confirm: '30' }, surroundings);
  assert.equal(await runConfirm({ revert: true }, surroundings), 0);
  assert.deepEqual(machine.gateway.status().interfaces, []);
  screen();
  await runConfirm({ status: true }, surroundings);
  assert.match(screen(), /nothing waits.*\n0 s ago a change was taken back: somebody asked for it/);
});

test('problems are told with their places, and the exit status is 1', async () => {
  const { surroundings, complaints } = around(new FakeMachine());
  assert.equal(await runApply(['bad.conf'], {}, surroundings), 1);
  assert.match(complaints(), /^apply: bad\.conf:1:13: .*\n {2}.*\napply: nothing was changed\n$/);
  assert.equal(await runApply(['sa.conf'], { confirm: 'soon' }, surroundings), 1);
  assert.match(complaints(), /"soon" is no time/);
  assert.equal(await runDiff(['running', 'running'], false, surroundings), 1);
});
