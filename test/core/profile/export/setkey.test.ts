/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRouteWords } from '#core/cli/route/route-words.ts';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { assertGolden, exportCases, fileOf, sourceOf } from '#test/support/profile/export-source.ts';
import { carryOut, pictureProfile, pingsThatReturn } from '#test/support/profile/profile-gateways.ts';

for (const name of ['plain', 'keys', 'peer', 'nat-t'] as const) {
  test(`${name}: the file is as agreed`, () => assertGolden(name, 'setkey'));
}

/** The commands that stand in the comments, of one tool. */
function commandsOf(text: string, tool: string): string {
  const prefix = `# ${tool} `;
  const lines = text.split('\n').filter((line) => line.startsWith(prefix));
  return lines.map((line) => line.slice(2)).join('\n');
}

test('placeholders do not parse, so a file without keys changes nothing', async () => {
  const text = fileOf('setkey', exportCases.plain());
  assert.equal(parseSetkey(text).errors.length, 4);
  const { a } = buildTwoGateways();
  assert.equal((await a.gateway.runSetkey(text, 'statements', 1)).errors.length > 0, true);
  assert.deepEqual(a.gateway.status().associations, []);
});

for (const [outer, link0] of [
  [4, false],
  [6, false],
  [4, true],
  [6, true],
] as const) {
  const how = `over IPv${outer}${link0 ? ' in UDP' : ''}`;
  test(`what is exported for both ends carries pings of both inner versions ${how}`, async () => {
    const network = buildTwoGateways();
    const { profile, secrets } = pictureProfile(network, outer, link0);
    const mirrored = peerProfile(profile).profile;
    for (const [side, source] of [
      [network.a, sourceOf(profile, secrets, true)],
      [network.b, sourceOf(mirrored, peerSecrets(secrets), true)],
    ] as const) {
      const text = fileOf('setkey', source);
      const texts = { ifconfig: commandsOf(text, 'ifconfig'), interfaceName: null, setkey: text };
      await carryOut(side, texts, source.profile);
    }
    assert.equal(pingsThatReturn(network), 12);
    assert.deepEqual(network.b.gateway.status().interfaces[0]?.drops, []);
  });
}

test('the interpreter makes the associations that the profile itself makes', async () => {
  const network = buildTwoGateways();
  const { profile, secrets } = pictureProfile(network, 4, false);
  const text = fileOf('setkey', sourceOf(profile, secrets, true));
  await carryOut(network.a, { ifconfig: commandsOf(text, 'ifconfig'), interfaceName: null, setkey: text }, profile);
  const pair = literalPair(profile);
  assert.ok(pair !== null);
  const wanted = manualAssociations(profile, secrets, pair).map(({ spec }) => spec.spi);
  const { associations } = network.a.gateway.status();
  assert.deepEqual(associations.map(({ spi }) => spi).sort(), wanted.sort());
  for (const { interfaces, spi } of associations) assert.deepEqual(interfaces, ['ipsec0'], String(spi));
  const keys = secrets.pairs.flatMap((keyPair) => [keyPair.in.encryption, keyPair.out.encryption]);
  const dump = (await network.a.gateway.dumpSetkey('associations', true)).replace(/[\s]/g, '');
  for (const key of keys) assert.ok(dump.includes(key), 'each key is in the SAD');
});

test('route lines are in the words of culvert route', () => {
  for (const line of commandsOf(fileOf('setkey', exportCases.plain()), 'route').split('\n')) {
    assert.equal(parseRouteWords(line.split(' ').slice(1)).kind, 'add', line);
  }
});
