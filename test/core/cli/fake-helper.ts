/**
 * A helper that answers what a test tells it to, over the real framing on a real socket; and a terminal that remembers.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createMessageConnection, NullLogger, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import {
  contract,
  type InterfaceStatus,
  type Method,
  type Params,
  type Result,
  type Status,
} from '#core/api/contract.ts';
import { toWireError } from '#core/base/error.ts';
import { initialOptions, initialSettings } from '#core/ipsecif/interface-options.ts';
import type { Terminal } from '#core/cli/terminal.ts';

/** What each method gives; a method that throws answers with the error. */
export type Script = { readonly [M in Method]?: (params: Params<M>) => Result<M> };

/** A running fake helper. */
export type FakeHelper = {
  readonly path: string;
  /** Every request so far: method and parsed parameters. */
  readonly calls: (readonly [Method, unknown])[];
};

/** Start a fake helper for the time of a test. */
export async function startFakeHelper(context: TestContext, script: Script): Promise<FakeHelper> {
  const calls: (readonly [Method, unknown])[] = [];
  const path = await listenForTest(context, (socket) => {
    const connection = createMessageConnection(
      new StreamMessageReader(socket),
      new StreamMessageWriter(socket),
      NullLogger,
    );
    connection.onRequest((method, params) => {
      const name = method as Method;
      const parsed = contract[name].params.parse(params);
      calls.push([name, parsed]);
      try {
        const handler = (script[name] ?? watchOf(script)[name]) as ((params: unknown) => unknown) | undefined;
        return { ok: true, value: handler?.(parsed) ?? {} };
      } catch (error) {
        return { ok: false, error: toWireError(error) };
      }
    });
    connection.listen();
  });
  return { path, calls };
}

/** A script that gives a status gives it to whoever watches, too; it never changes. */
function watchOf(script: Script): Script {
  const status = script['status.get']?.({});
  if (status === undefined) return {};
  const saved = script['profile.list']?.({}) ?? { profiles: [], setAside: [] };
  return { 'status.watch': () => ({ number: 1, canOperate: true, status: { ...status, ...saved } }) };
}

/** Listen on a socket of the test's own; gives its path. Everything is gone after the test. */
export async function listenForTest(context: TestContext, serve: (socket: Socket) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-cli-'));
  const path = join(folder, 'control.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  context.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });
  return path;
}

/** A terminal that keeps what was written. */
export type FakeTerminal = Terminal & { output: string; errors: string };

/** A terminal with `input` on standard input and these files. */
export function fakeTerminal(input = '', files: Readonly<Record<string, string>> = {}): FakeTerminal {
  const terminal: FakeTerminal = {
    output: '',
    errors: '',
    print: (text) => void (terminal.output += text),
    complain: (text) => void (terminal.errors += text),
    readInput: () => Promise.resolve(input),
    readFile: (path) => Promise.resolve(files[path] ?? ''),
  };
  return terminal;
}

/** A configured interface that carries traffic. */
export const exampleInterface: InterfaceStatus = {
  name: 'ipsec0',
  isUp: true,
  isRunning: true,
  unnumbered: false,
  link0: false,
  link1: false,
  link2: true,
  mtu: 1280,
  options: initialOptions,
  tunnel: { family: 4, local: '192.0.2.1', peer: '198.51.100.1', localPort: 0, peerPort: 0 },
  movedTo: null,
  altered: null,
  addresses: [
    { address: '172.16.100.1', prefixLength: 32, peer: '172.16.200.1' },
    { address: '2001:db8:23::23', prefixLength: 128, peer: '2001:db8:45::45' },
  ],
  state: 'up',
  counters: {
    ...{ outputPackets: 3, outputBytes: 252, inputPackets: 2, inputBytes: 20480, lastOutputMs: 9, lastInputMs: 9 },
    ...{ ecnCongestion: 0, ecnSuspicious: 0, dummyPackets: 0 },
  },
  drops: [{ reason: 'outNoSa', packets: 5 }],
};

/** A whole status with that interface. */
export const exampleStatus: Status = {
  contractVersion: 1,
  helperVersion: '0.1.0',
  pid: 4711,
  datapath: 'native',
  nowMs: 10,
  settings: initialSettings,
  interfaces: [exampleInterface],
  associations: [],
  larvals: [],
  policies: [],
  drops: [],
};
