/**
 * culvertd, the helper: the composition root, and nothing else. Options, then the parts in the order in which they stand
 * on each other; each says at once how it is undone (lifecycle.ts).
 * @module
 */
import { readFileSync } from 'node:fs';
import { getRandomValues } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { contractVersion } from '#core/api/contract.ts';
import { dispatch, isQuestion } from '#core/api/dispatch.ts';
import { IpsecError, toWireError } from '#core/base/error.ts';
import type { Clock, Log, Random } from '#core/base/port.ts';
import { canMark, markedDevices, removeKeptDevices } from '#core/host/linux/kept-device.ts';
import { LinuxHost } from '#core/host/linux/linux-host.ts';
import { trimNowAndThen } from '#core/host/linux/memory-trim.ts';
import { loadNative, NativeTransform, type NativePackage } from '#core/host/linux/native.ts';
import { checkOpenFileLimit } from '#core/host/linux/open-file-limit.ts';
import { anchorClock, steadyClock, wallTime } from '#core/host/linux/steady-clock.ts';
import { LinuxSurvey } from '#core/host/linux/survey.ts';
import { WorkerDatapath } from '#core/host/linux/worker-datapath.ts';
import { planWorkers } from '#core/host/linux/worker-plan.ts';
import { mostWorkers } from '#core/datapath/sharing/send-line.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import { DesktopService } from '#core/tunnel/desktop-service.ts';
import { Gateway } from '#core/tunnel/gateway.ts';
import { ProfileControl } from '#core/tunnel/profile/profile-control.ts';
import { formatTimeAt, type TimeFormatter } from '#core/setkey/time-stamp.ts';
import { openControlSocket, type ControlSocket } from './control-socket.ts';
import { FileIvStore } from './iv-store.ts';
import { Lifecycle, type StopReason } from './lifecycle.ts';
import { logLevels, openLog, type LogLevel } from './log.ts';
import { systemResolver } from './name-resolver.ts';
import { operatorGroup } from './operator-group.ts';
import { identifyPeer, parseOperator, type Operators } from './peer.ts';
import { FileProfileStore } from './profile-store.ts';
import { Pulse } from './pulse.ts';
import { removeLeftRoutes } from './left-routes.ts';
import { FileWayBackStore } from './way-back-store.ts';
import { ApiServer } from './server.ts';

type Options = {
  readonly socket: string;
  readonly stateDir: string;
  readonly operator?: string;
  readonly operatorGroup?: string;
  readonly allowWeak: boolean;
  readonly fixedReqid: boolean;
  readonly reqidBase: number;
  readonly keepInterfaces: KeepWhen;
  readonly removeLeftovers: boolean;
  readonly workers: number | 'auto';
  readonly logLevel: LogLevel;
  readonly logFile?: string;
};

/** When devices outlive culvertd and drop what is routed into them, rather than that it leaves in the clear. */
const keepWhen = ['never', 'failure', 'always'] as const;
type KeepWhen = (typeof keepWhen)[number];

const clockAnchor = anchorClock();
const clock: Clock = steadyClock(clockAnchor);
const toWallTime = wallTime(clock);
/** setkey's dumps show local time, as setkey(8) does. */
const formatTime: TimeFormatter = (milliseconds) => {
  const wallMs = toWallTime(milliseconds);
  return formatTimeAt(-new Date(wallMs).getTimezoneOffset())(wallMs);
};
const random: Random = { fill: (out) => void getRandomValues(out) };

function parseOptions(version: string): Options {
  return new Command('culvertd')
    .description('The helper of Culvert: owns TUN devices, sockets, policies and associations.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--socket <path>', 'where to listen for culvert and the window', '/run/culvert/control.sock')
    .option('--state-dir <path>', 'where profiles and reserved IVs are kept', '/var/lib/culvert')
    .option('--operator <user>', 'user (name or uid) who may change things, besides root')
    .option('--operator-group <group>', 'group whose members may change things')
    .option('--allow-weak', 'accept algorithms that RFC 8221 says not to use, and ESP without integrity', false)
    .option('--fixed-reqid', 'compute reqids from the unit (sysctl net.ipsecif.use_fixed_reqid)', false)
    .addOption(
      new Option('--reqid-base <number>', 'where fixed reqids start, 8192 to 16383')
        .default(initialSettings.reqidBase)
        .argParser(parseCount),
    )
    .addOption(
      new Option('--keep-interfaces <when>', 'when devices outlive culvertd, and drop what is routed into them')
        .choices(keepWhen)
        .default('failure'),
    )
    .addOption(
      new Option('--workers <number>', `threads that seal, and that open: 1 to ${mostWorkers}, or auto`)
        .default(1)
        .argParser(parseWorkers),
    )
    .option('--remove-leftovers', 'remove the devices that a killed culvertd has left, and exit', false)
    .addOption(new Option('--log-level <level>', 'least severe lines to log').choices(logLevels).default('info'))
    .option('--log-file <path>', 'append the log to this file (default: standard error)')
    .configureOutput({ outputError: (text, write) => write(complain(text)) })
    .parse()
    .opts<Options>();
}

function parseCount(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is not a number.');
}

function parseWorkers(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const workers = parseCount(text);
  if (workers >= 1 && workers <= mostWorkers) return workers;
  throw new InvalidArgumentError(`It is not from 1 to ${mostWorkers}.`);
}

/** commander's message as one line of this program, with what helps. */
function complain(text: string): string {
  const message = text.replace(/^error: /, '').trim();
  return `culvertd: ${message.replace(/\s*\n\s*/g, ' ')} (culvertd --help lists the options)\n`;
}

/** What culvertd is made of. */
type Parts = {
  readonly native: NativePackage;
  readonly datapath: WorkerDatapath;
  readonly gateway: Gateway;
  readonly profiles: ProfileControl;
  readonly desktop: DesktopService;
};

async function start(options: Options, version: string, log: Log, lifecycle: Lifecycle): Promise<void> {
  const mayOperate = operatorsOf(options);
  checkOpenFileLimit();
  const parts = openParts(options, version, log, lifecycle);
  const { native, gateway, profiles } = parts;
  let server: ApiServer | null = null;
  const pulse = startPulse(parts, (restedMs) => server?.tick(restedMs), log, lifecycle);

  // Before anybody can ask for anything.
  await gateway.configuration.recover();
  const socket = await openControlSocket(options.socket);
  const opened = serve(parts, socket, mayOperate, pulse, log);
  server = opened;
  lifecycle.onStop('the control socket', () => {
    socket.close();
    opened.close();
  });
  warnOfKeptDevices(options, log);
  const { uid: operatorUid } = mayOperate;
  log.info('culvertd is ready', { version, pid: process.pid, socket: socket.path, datapath: 'native', operatorUid });
  await profiles.start();
  lifecycle.onStop(
    'the trims of memory',
    trimNowAndThen(() => void native.trimMemory()),
  );
}

function operatorsOf({ operator, operatorGroup: group }: Options): Operators {
  return {
    uid: operator === undefined ? null : parseOperator(operator),
    isMember: group === undefined ? null : operatorGroup(group),
  };
}

/** What the options ask for, each part ended by `lifecycle` before what it stands on. */
function openParts(options: Options, version: string, log: Log, lifecycle: Lifecycle): Parts {
  const native = loadNative();
  const { datapath, gateway } = openGateway(native, options, version, log, lifecycle);
  const resolver = systemResolver();
  const profiles = new ProfileControl({
    ...{ gateway, clock, random, log },
    store: new FileProfileStore(options.stateDir),
    resolver,
  });
  gateway.configuration.holdBy(() => profiles.held());
  lifecycle.onStop('what is refused', () => leaveRefused(options.keepInterfaces, profiles, log));
  const desktop = new DesktopService({
    ...{ gateway, profiles, resolver, clock },
    counters: datapath.counters,
    survey: new LinuxSurvey(native),
  });
  lifecycle.onStop('the timeline', () => desktop.close());
  return { native, datapath, gateway, profiles, desktop };
}

function openGateway(
  native: NativePackage,
  options: Options,
  version: string,
  log: Log,
  lifecycle: Lifecycle,
): Pick<Parts, 'datapath' | 'gateway'> {
  const ivStore = FileIvStore.open(options.stateDir, log);
  lifecycle.onStop('the lock of the state directory', () => ivStore.close());
  const workers = planWorkers(options.workers, availableParallelism());
  const onDeath = (error: unknown): void => lifecycle.fail('the datapath died', error);
  const datapath = new WorkerDatapath(native, onDeath, clockAnchor, workers);
  lifecycle.onStop('the datapath workers', () => datapath.stop());
  const gateway = new Gateway({
    host: new LinuxHost(native, options.keepInterfaces !== 'never', workers),
    transforms: new NativeTransform(native),
    wayBackStore: new FileWayBackStore(options.stateDir),
    ...{ datapath, ivStore, clock, random, log },
    options: {
      ...{ helperVersion: version, datapath: 'native', pid: process.pid, formatTime },
      allowWeak: options.allowWeak,
      settings: { usesFixedReqid: options.fixedReqid, reqidBase: options.reqidBase },
    },
  });
  lifecycle.onStop('the interfaces', (reason) => gateway.stop(leavesInterfaces(options.keepInterfaces, reason)));
  return { datapath, gateway };
}

/** What is done by time, and begun anew by whatever happens. */
function startPulse(
  { datapath, gateway, profiles, desktop }: Parts,
  tickServer: (restedMs: number) => void,
  log: Log,
  lifecycle: Lifecycle,
): Pulse {
  let nextTryMs = Infinity;
  const pulse = new Pulse({
    clock,
    look: (now, restedMs) => {
      const hasMoved = datapath.movement.take();
      nextTryMs = profiles.tick(now);
      const hasCounted = desktop.tick(now, restedMs);
      gateway.tick(now).catch((error: unknown) => {
        if (!(error instanceof IpsecError)) lifecycle.fail('the tick failed', error);
        else log.warn('the tick failed', { error });
      });
      tickServer(restedMs);
      return hasMoved || hasCounted;
    },
    dueMs: () => Math.min(nextTryMs, gateway.nextTickMs()),
    awaitPacket: () => datapath.movement.awaitNext(),
  });
  const stir = (): void => pulse.stir();
  datapath.onMovement(stir);
  datapath.onEvent(stir);
  gateway.subscribe(stir);
  profiles.subscribe(stir);
  pulse.start();
  lifecycle.onStop('the timer', () => pulse.stop());
  return pulse;
}

function serve(
  { native, gateway, profiles, desktop }: Parts,
  { server }: ControlSocket,
  mayOperate: Operators,
  pulse: Pulse,
  log: Log,
): ApiServer {
  const stir = (): void => pulse.stir();
  return new ApiServer({
    server,
    identify: (connection) => identifyPeer(connection, (fd) => native.peerCredentials(fd), mayOperate),
    answer: (method, params, caller) => {
      const attend = isQuestion(method) ? (): void => pulse.ask() : stir;
      attend();
      return dispatch(gateway, method, params, caller, profiles, desktop).finally(attend);
    },
    subscribe: (listener) => {
      const ends = [gateway.subscribe(listener), profiles.subscribe(listener), desktop.subscribe(listener)];
      return () => ends.forEach((end) => end());
    },
    read: () => ({ contractVersion, ...gateway.status(), ...profiles.list() }),
    ...{ clock, log },
  });
}

function leavesInterfaces(when: KeepWhen, reason: StopReason): boolean {
  return when === 'always' || (when === 'failure' && reason === 'failure');
}

/** What profiles refuse is refused until they are taken down, whoever ends culvertd; only `never` leaves nothing. */
async function leaveRefused(when: KeepWhen, profiles: ProfileControl, log: Log): Promise<void> {
  if (when === 'never') return profiles.dropRefusals();
  const names = profiles.refusing();
  const message = 'networks of profiles that were not taken down stay refused (culvertd --remove-leftovers ends that)';
  if (names.length > 0) log.warn(message, { names });
}

function warnOfKeptDevices({ keepInterfaces }: Options, log: Log): void {
  const names = markedDevices();
  if (names.length > 0) log.warn('devices of an earlier culvertd drop what is routed into them', { names });
  if (keepInterfaces === 'never' || canMark()) return;
  log.warn('devices cannot be marked (/proc/sys is read-only): they and their routes go when culvertd is killed');
}

/** Remove what a killed culvertd left. Says so; a device that a running one holds is left alone, and all routes then. */
async function removeLeftovers(): Promise<void> {
  const { removed, held } = removeKeptDevices(loadNative());
  for (const name of removed) process.stdout.write(`${name} removed\n`);
  for (const name of held) process.stdout.write(`${name} is held by a running culvertd\n`);
  if (held.length > 0) return;
  for (const destination of await removeLeftRoutes()) process.stdout.write(`${destination} is refused no longer\n`);
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const isObject = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isObject ? String(manifest.version) : 'unknown';
}

/** Say what went wrong in the two lines that every program of Culvert uses: what happened, what helps. */
function printError(error: unknown): void {
  const { message, hint } = toWireError(error);
  process.stderr.write(`culvertd: ${message}\n${hint}\n`);
}

async function main(): Promise<void> {
  process.title = 'culvertd';
  const version = readVersion();
  const options = parseOptions(version);
  if (options.removeLeftovers) return removeLeftovers();
  const log = openLog(options.logLevel, options.logFile ?? null);
  const lifecycle = new Lifecycle(log, (code) => process.exit(code));
  lifecycle.attach(process);
  try {
    await start(options, version, log, lifecycle);
  } catch (error) {
    printError(error);
    // Standard error has it now; a file is to have it too.
    if (options.logFile !== undefined) log.error('could not start', { error });
    await lifecycle.stop(1);
  }
}

main().catch((error: unknown) => {
  printError(error);
  process.exitCode = 1;
});
