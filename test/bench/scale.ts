/**
 * `node test/bench/scale.ts`: what a thousand interfaces and ten thousand associations cost the control plane, in time and
 * memory. Composition root; needs no root. Run with --expose-gc, so that memory is what is kept.
 *
 * The bounds: an association costs less than 20 KiB, and a change less than it takes a person to notice.
 * @module
 */
import { getRandomValues } from 'node:crypto';
import { silentLog, type Random } from '#core/base/port.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import { loadNative, NativeTransform } from '#core/host/linux/native.ts';
import { WorkerDatapath } from '#core/host/linux/worker-datapath.ts';
import { VirtualClock } from '#core/host/memory/clock.ts';
import { Host } from '#core/host/memory/host.ts';
import { MemoryHost } from '#core/host/memory/memory-host.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { volatileIvStore } from '#core/sad/iv-reservation.ts';
import type { DatapathPort } from '#core/tunnel/port/datapath-port.ts';
import { Gateway } from '#core/tunnel/gateway.ts';

const interfaceCount = 1000;
const associationCount = 10_000;
const suite = '-E aes-gcm-16 "0123456789abcdefsalt"';
const random: Random = { fill: (out) => void getRandomValues(out) };

type Figure = { readonly what: string; readonly value: string };

/** A gateway on the in-process network with one outer address. */
function makeGateway(transforms: TransformPort, datapath: DatapathPort | null): { gateway: Gateway; local: string } {
  const local = '10.0.0.1';
  const clock = new VirtualClock();
  const host = new Host('scale', clock);
  host.addInterface({ name: 'wan0', mtu: 1500, isUp: true, addresses: [], send: () => undefined });
  host.addAddress('wan0', { address: parseIpAddress(local), prefixLength: 8, peer: null });
  const machine = new MemoryHost(host, transforms, random);
  const gateway = new Gateway({
    ...{ host: machine, datapath: datapath ?? machine, transforms, ivStore: volatileIvStore(), clock, random },
    log: silentLog,
    options: { helperVersion: '0', pid: process.pid, datapath: 'memory' },
  });
  return { gateway, local };
}

/** Everything that one association in each direction per turn takes, ten for each of a thousand peers. */
function keysFor(local: string, count: number): string {
  const statements = Array.from({ length: count / 2 }, (_, index) => {
    const unit = index % interfaceCount;
    const peer = peerOf(unit);
    const spi = 0x1000 + index;
    const reqid = 16385 + 4 * unit;
    return [
      `add ${peer} ${local} esp ${spi} -u ${reqid} ${suite};`,
      `add ${local} ${peer} esp ${spi} -u ${reqid + 1} ${suite};`,
    ].join('\n');
  });
  return statements.join('\n');
}

function peerOf(unit: number): string {
  return `10.1.${unit >> 8}.${unit & 255}`;
}

async function timed(what: string, work: () => Promise<unknown>): Promise<Figure> {
  const started = performance.now();
  await work();
  return { what, value: `${(performance.now() - started).toFixed(0)} ms` };
}

/** All memory of this process that associations could be in: the worker threads' too. */
function usedBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

async function runSetkey(gateway: Gateway, text: string): Promise<void> {
  const { errors } = await gateway.runSetkey(text, 'file', process.pid);
  if (errors.length > 0) throw new Error(errors[0]?.message);
}

async function measureMemoryDatapath(): Promise<Figure[]> {
  const { gateway, local } = makeGateway(new PortableTransform(random), null);
  const figures: Figure[] = [];
  figures.push(
    await timed(`create and configure ${interfaceCount} interfaces`, async () => {
      for (let unit = 0; unit < interfaceCount; unit++) {
        await gateway.createInterface(`ipsec${unit}`);
        const [own, peer] = [parseIpAddress(local), parseIpAddress(peerOf(unit))];
        await gateway.setTunnel(`ipsec${unit}`, { local: own, peer, localPort: 0, peerPort: 0 });
      }
    }),
  );
  const before = usedBytes();
  const text = keysFor(local, associationCount);
  figures.push(await timed(`add ${associationCount} associations, one text`, () => runSetkey(gateway, text)));
  figures.push(perAssociation('portable engine, in process', usedBytes() - before));
  figures.push(
    await timed('add one more association', () => runSetkey(gateway, `add 10.0.0.1 10.9.9.9 esp 700 ${suite};`)),
  );
  figures.push(await timed('change one flag', () => gateway.setFlags('ipsec500', { link1: true })));
  figures.push(await timed('apply lifetimes (tick)', () => gateway.tick(0)));
  figures.push(await timed('status', () => Promise.resolve(gateway.status())));
  await gateway.stop();
  return figures;
}

async function measureWorkers(): Promise<Figure[]> {
  const native = loadNative();
  const datapath = new WorkerDatapath(native, (error) => {
    throw error;
  });
  const { gateway, local } = makeGateway(new NativeTransform(native), datapath);
  await runSetkey(gateway, keysFor(local, 200));
  await gateway.flushAssociations();
  const before = usedBytes();
  const text = keysFor(local, associationCount);
  const figures = [
    await timed(`add ${associationCount} associations, one text, two workers`, () => runSetkey(gateway, text)),
  ];
  figures.push(perAssociation('native engine, two workers', usedBytes() - before));
  figures.push(
    await timed('add one more association, two workers', () =>
      runSetkey(gateway, `add 10.0.0.1 10.9.9.9 esp 700 ${suite};`),
    ),
  );
  await gateway.stop();
  return figures;
}

function perAssociation(where: string, bytes: number): Figure {
  return { what: `memory of an association, ${where}`, value: `${(bytes / associationCount / 1024).toFixed(1)} KiB` };
}

const figures = await measureMemoryDatapath();
try {
  figures.push(...(await measureWorkers()));
} catch (error) {
  figures.push({ what: 'native engine', value: `not measured: ${error instanceof Error ? error.message : 'unknown'}` });
}
const width = Math.max(...figures.map(({ what }) => what.length));
for (const { what, value } of figures) process.stdout.write(`${what.padEnd(width)}  ${value.padStart(10)}\n`);
