/**
 * The commands about profiles and their flags: `profile`, `up` and `down`.
 * @module
 */
import type { Command } from 'commander';
import {
  profileHelp,
  runProfile,
  type EditFlags,
  type ProfileAction,
  type ProfileSurroundings,
} from './profile-command.ts';
import type { CreateFlags } from './profile-flags.ts';
import { environmentEditor } from './text-editor.ts';
import { runUpDown } from './up-command.ts';

type Around = Omit<ProfileSurroundings, 'editor'>;
type SetStatus = (status: number) => void;
type JsonFlag = { readonly json?: boolean };

const helpFlags = ['-h, --help', 'print this help'] as const;

/** Add them to the program. */
export function addProfileCommands(program: Command, around: Around, setStatus: SetStatus): void {
  const run = async (action: ProfileAction): Promise<void> =>
    setStatus(await runProfile(action, { ...around, editor: environmentEditor() }));
  const profile = program
    .command('profile')
    .description('save tunnels by name')
    .helpOption(...helpFlags)
    .helpCommand(false)
    .addHelpText('after', profileHelp);
  const sub = (usage: string, description: string): Command =>
    profile
      .command(usage)
      .description(description)
      .helpOption(...helpFlags);
  addReads(sub, run);
  addCreate(sub('create [name]', 'save a tunnel; keys and SPIs are made unless a file has them'), run);
  addChanges(sub, run);
  addUpDown(program, around, setStatus);
}

type Sub = (usage: string, description: string) => Command;
type Run = (action: ProfileAction) => Promise<void>;

function addReads(sub: Sub, run: Run): void {
  sub('list', 'show all, with what they do')
    .option('--json', 'print everything as one JSON object')
    .action(({ json }: JsonFlag) => run({ kind: 'list', isJson: json === true }));
  sub('show <name>', 'show one')
    .option('--json', 'print everything as one JSON object')
    .action((name: string, { json }: JsonFlag) => run({ kind: 'show', name, isJson: json === true }));
}

function addCreate(create: Command, run: Run): void {
  create
    .option('-f, --file <file>', 'JSON of the profile, or - for standard input (the default without --peer)')
    .option('--peer <host[,port]>', 'address or DNS name of the other end')
    .option('--local <host[,port]>', 'address of this end (default: the one that the kernel uses)')
    .option('--interface <name>', 'ipsecN (default: the first that is free)')
    .option('--address <a[/len][,peer]>', 'inner address, with that of the other end', collect)
    .option('--route <prefix>', 'network at the other end, routed into the tunnel', collect)
    .option('--network <prefix>', 'network at this end, for the other end to route', collect)
    .option('--mtu <number>', '1280 to 8192')
    .option('--link0', 'NAT-Traversal (UDP 4500)')
    .option('--link1', 'ECN friendly mode')
    .option('--no-link2', 'carry no inner IPv6')
    .option('--encryption <name>', 'algorithm, in setkey’s words')
    .option('--integrity <name>', 'algorithm, or none')
    .option('--esn', 'extended sequence numbers')
    .option('--replay <number>', 'replay window, in groups of 8 packets')
    .option('--lifetime <soft,hard>', 'seconds')
    .option('--up-at-start', 'bring it up when culvertd starts')
    .option('--fail-closed <when>', 'when its networks are refused without the tunnel: while-up, always, never')
    .option('--description <text>', 'for people')
    .option('--json', 'print the profile as one JSON object')
    .action((name: string | undefined, flags: CreateFlags) => run({ kind: 'create', name: name ?? null, flags }));
}

function addChanges(sub: Sub, run: Run): void {
  sub('edit <name>', 'change one, in $EDITOR unless a flag says how')
    .option('--set <path=value>', 'replace one value', collect)
    .option('-f, --file <file>', 'replace all by JSON, or - for standard input')
    .option('--new-keys', 'make new keys; the other end needs them, too')
    .option('--json', 'print the profile as one JSON object')
    .action((name: string, flags: EditFlags) => run({ kind: 'edit', name, flags }));
  sub('rename <name> <to>', 'give one another name').action((name: string, to: string) =>
    run({ kind: 'rename', name, to }),
  );
  sub('delete <name>', 'forget one, with its keys').action((name: string) => run({ kind: 'delete', name }));
}

function addUpDown(program: Command, around: Around, setStatus: SetStatus): void {
  const descriptions = { up: 'bring saved tunnels up', down: 'take saved tunnels down' } as const;
  for (const verb of ['up', 'down'] as const) {
    program
      .command(verb)
      .description(descriptions[verb])
      .argument('<names...>', 'names of profiles')
      .option('--json', 'print the profiles as one JSON array')
      .helpOption(...helpFlags)
      .action(async (names: string[], { json }: JsonFlag) =>
        setStatus(await runUpDown(verb, names, { ...around, isJson: json === true })),
      );
  }
}

function collect(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}
