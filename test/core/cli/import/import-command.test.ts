import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from '#core/api/answer.ts';
import { dispatch } from '#core/api/dispatch.ts';
import { runImport } from '#core/cli/import/import-command.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';

const key = '9f3c'.repeat(8);
const suite = `-E aes-cbc 0x${key} -A hmac-sha256 0x${key}${key}`;
const files: Record<string, string> = {
  '/etc/ifconfig.ipsec0': 'create\ntunnel 10.0.0.1 10.0.0.2\ninet 172.16.1.1/32 172.16.2.1\n!sh /root/x\nup\n',
  '/etc/ipsec.conf': `add 10.0.0.2 10.0.0.1 esp 1000 -u 16385 ${suite};\nadd 10.0.0.1 10.0.0.2 esp 1001 -u 16386 ${suite};\n`,
};

function around(profiles: FakeProfiles) {
  const printed: string[] = [];
  const told: string[] = [];
  const caller = { uid: 0, pid: 9, canOperate: true };
  const { gateway } = profiles.machine;
  const client: HelperClient = {
    call: async (method, params) =>
      parseAnswer(method, await dispatch(gateway, method, params, caller, profiles.control)),
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
  return { surroundings: { terminal, connect: async () => client }, screen: () => printed.splice(0).join(''), told };
}

test('shows what would be saved and what is not mapped, saves nothing without --yes, and all with it', async () => {
  const profiles = new FakeProfiles();
  const { surroundings, screen, told } = around(profiles);
  assert.equal(await runImport(Object.keys(files), {}, surroundings), 0);
  const text = screen();
  assert.match(text, /^\+ ipsec0\n {2}interface {2}ipsec0, mtu 1280\n {2}tunnel {5}10\.0\.0\.1 10\.0\.0\.2\n/);
  assert.match(text, /keys {7}from the files\n/);
  assert.match(text, /not mapped:\n {2}\/etc\/ifconfig\.ipsec0:4: sh \/root\/x: /);
  assert.ok(!text.includes('9f3c'));
  assert.match(told.join(''), /nothing was saved; --yes saves it/);
  assert.deepEqual(profiles.control.list().profiles, []);
  assert.equal(await runImport(Object.keys(files), { yes: true, name: ['office'] }, surroundings), 0);
  assert.match(screen(), /saved: office\n$/);
  assert.equal(profiles.control.reveal('office').secrets.pairs[0]?.out.encryption, key);
});

test('prints one JSON object without the token, and exits with 1 where there is no tunnel', async () => {
  const { surroundings, screen } = around(new FakeProfiles());
  assert.equal(await runImport(['/etc/ipsec.conf'], { json: true }, surroundings), 1);
  const answer = JSON.parse(screen()) as { profiles: unknown[]; saved: unknown[]; unmapped: unknown[] };
  assert.deepEqual([answer.profiles, answer.saved, answer.unmapped.length, 'token' in answer], [[], [], 2, false]);
});
