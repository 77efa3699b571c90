/**
 * The examples that are text, over the in-process network: each works as its README says, nothing of it is found wrong by
 * `culvert check`, and a migration's table names what the files hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { ipv4Protocol, ipVersion } from '#core/ip/ipv4.ts';
import { ipv6NextHeader } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { checkFiles } from '#core/lint/check.ts';
import { MemoryExample } from './text/memory-example.ts';
import {
  configurationFiles,
  examplesPath,
  firstWords,
  foldersWithText,
  machinePath,
  oldFiles,
  textExamples,
  upCommands,
  type TextExample,
} from './text/text-example.ts';

async function openExample(context: TestContext, example: TextExample): Promise<MemoryExample> {
  const network = await MemoryExample.open(example);
  context.after(() => network.close());
  return network;
}

async function upAll(network: MemoryExample, { machines }: TextExample): Promise<void> {
  for (const { name } of machines) await network.up(name);
}

/** IP protocols of everything on the wire from now on. */
function protocolsOnWire({ wire }: MemoryExample): Set<number> {
  const seen = new Set<number>();
  wire.tap((packet) => void seen.add(ipVersion(packet, 0) === 4 ? ipv4Protocol(packet, 0) : ipv6NextHeader(packet, 0)));
  return seen;
}

for (const example of textExamples) {
  suite(example.folder, () => {
    test('after up.sh on every machine all pings are answered, and nothing but ESP is on the wire', async (context) => {
      const network = await openExample(context, example);
      for (const ping of example.pings)
        assert.equal(await network.ping(ping), 0, 'without tunnels nobody reaches anybody');
      await upAll(network, example);
      const protocols = protocolsOnWire(network);
      // Until it has heard the client, the other end sends to the port that the NAT did not choose.
      for (const ping of firstWords(example)) await network.ping(ping);
      for (const ping of example.pings) assert.equal(await network.ping(ping), 3, JSON.stringify(ping));
      const isInUdp = upText(example, example.machines[0]?.name ?? '').includes('\nlink0\n');
      assert.deepEqual([...protocols], [isInUdp ? IpProtocol.udp : IpProtocol.esp]);
    });

    test('what runs then is what the files say: culvert plan would change nothing', async (context) => {
      const network = await openExample(context, example);
      await upAll(network, example);
      for (const { name } of example.machines) {
        const files = configurationFiles(machinePath(example, name)).map((file) => file.name.split('/').at(-1) ?? '');
        const { status, output, errors } = await network.culvert(name, ['plan', ...files]);
        assert.equal(status, 0, `${name}: ${output}${errors}`);
        assert.match(output, /^nothing changes/m);
      }
    });

    test('culvert check finds neither error nor warning in any of its files', () => {
      for (const { name } of example.machines) {
        const folder = machinePath(example, name);
        const old = oldFiles(folder).filter((file) => file.name.endsWith('ipsec.conf'));
        for (const files of [configurationFiles(folder), old]) {
          const serious = checkFiles(files, []).findings.filter(({ severity }) => severity !== 'notice');
          assert.deepEqual(serious, []);
        }
      }
    });

    test('its keys say that they are for documentation, and no two are equal', () => {
      const keys = new Map<string, Set<string>>();
      for (const { name } of example.machines) {
        const folder = machinePath(example, name);
        const files = [...configurationFiles(folder), ...oldFiles(folder)];
        for (const { name: file, text } of files.filter((each) => /0x[0-9a-f]{32}|PrivateKey/.test(each.text))) {
          assert.match(text, /^# Documentation keys, published: never use them\./m, file);
        }
        for (const [, spi = '', key = ''] of joinedText(files).matchAll(
          /esp(?:-udp)? (0x[0-9a-f]+) [^;]*?-E \S+ (\S+)/g,
        )) {
          keys.set(key, (keys.get(key) ?? new Set()).add(spi));
        }
      }
      assert.ok(keys.size > 0);
      assert.deepEqual(
        [...keys].filter(([, spis]) => spis.size > 1),
        [],
      );
    });

    test('its README names every machine', () => {
      const text = readFileSync(join(examplesPath, example.folder, 'README.md'), 'utf8');
      for (const { name } of example.machines) assert.ok(text.includes(`\`${name}/\``), name);
      for (const { wan } of example.machines)
        for (const address of wan) assert.ok(text.includes(address.split('/')[0] ?? ''), address);
    });
  });
}

for (const example of textExamples.filter(({ folder }) => folder.startsWith('migrate-'))) {
  test(`${example.folder}: each word in the table of the README stands in the files`, () => {
    const rows = tableRows(readFileSync(join(examplesPath, example.folder, 'README.md'), 'utf8'));
    const folder = machinePath(example, 'left');
    const before = joinedText(oldFiles(folder));
    const now = upText(example, 'left');
    assert.ok(rows.length > 5, 'the table has rows');
    for (const [was = '', is = ''] of rows) {
      for (const word of codeIn(was)) assert.ok(before.includes(word), `before: ${word}`);
      for (const word of codeIn(is)) assert.ok(now.includes(word), `now: ${word}`);
    }
  });
}

test('every folder with text is an example that is tested', () => {
  assert.deepEqual(foldersWithText(), textExamples.map(({ folder }) => folder).sort());
});

test('every line of an up.sh is a comment, the way into its folder, or a culvert command without quoting', () => {
  for (const example of textExamples) {
    for (const { name } of example.machines) {
      const text = readFileSync(join(machinePath(example, name), 'up.sh'), 'utf8');
      const others = text
        .split('\n')
        .filter((line) => !/^(#.*|cd "\$\(dirname "\$0"\)"|culvert [\w ./:=-]+|)$/.test(line));
      assert.deepEqual(others, [], `${example.folder}/${name}`);
      assert.ok(upCommands(machinePath(example, name)).length > 0);
    }
  }
});

/** Everything that a machine's new configuration says. */
function upText(example: TextExample, name: string): string {
  const folder = machinePath(example, name);
  return `${readFileSync(join(folder, 'up.sh'), 'utf8')}\n${joinedText(configurationFiles(folder))}`;
}

function joinedText(files: readonly { readonly text: string }[]): string {
  return files.map(({ text }) => text).join('\n');
}

/** Rows of the tables of a document, without their heads. */
function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n');
  return lines
    .filter((line, index) => line.startsWith('|') && !/^\| ?-/.test(line) && !/^\| ?-/.test(lines[index + 1] ?? ''))
    .map((line) => line.split('|').slice(1, -1));
}

function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');
}
