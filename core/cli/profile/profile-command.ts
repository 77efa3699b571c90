/**
 * `culvert profile`: what is saved of tunnels. Reads show no key; new keys are made by the helper, or come by standard
 * input or a file.
 * @module
 */
import { randomFillSync } from 'node:crypto';
import type { Params } from '#core/api/contract.ts';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { migrateProfile } from '#core/profile/profile-migration.ts';
import { profileWarnings } from '#core/profile/profile-warning.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import { exitStatusOf } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import { formatPause, readPause } from '#core/cli/pause-note.ts';
import { assign, profileFromFlags, type CreateFlags } from './profile-flags.ts';
import { formatProfile, formatProfiles } from './profile-output.ts';
import type { Terminal } from '#core/cli/terminal.ts';
import type { TextEditor } from './text-editor.ts';

/** What the command stands on. */
export type ProfileSurroundings = HelperSurroundings & {
  readonly editor: TextEditor;
  /** The environment, which says where this person's files lie. */
  readonly environment?: NodeJS.ProcessEnv;
};

/** What commander gives for `profile edit`. */
export type EditFlags = {
  readonly file?: string;
  readonly set?: readonly string[];
  readonly newKeys?: boolean;
  readonly json?: boolean;
};

/** One subcommand with its words. */
export type ProfileAction =
  | { readonly kind: 'list'; readonly isJson: boolean }
  | { readonly kind: 'show'; readonly name: string; readonly isJson: boolean }
  | { readonly kind: 'create'; readonly name: string | null; readonly flags: CreateFlags }
  | { readonly kind: 'edit'; readonly name: string; readonly flags: EditFlags }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'delete'; readonly name: string };

/** Text of `culvert profile --help`. */
export const profileHelp = `
Examples:
  culvert profile create office --peer vpn.example.com --address 10.9.0.1,10.9.0.2 --route 10.2.0.0/16
  culvert up office
  culvert profile edit office --set mtu=1400 --set 'routes=["10.2.0.0/16","10.3.0.0/16"]'
  culvert profile create < office.json      {"profile": {...}, "secrets": {...}}; without secrets keys are made

Keys are never arguments, and nothing shows them again.
`;

type Secrets = Params<'profile.edit'>['secrets'];

/** Run a subcommand. Returns the exit status. */
export function runProfile(action: ProfileAction, around: ProfileSurroundings): Promise<number> {
  return exitStatusOf('profile', around.terminal, async () => {
    await withHelper(around, (client) => carryOut(action, client, around));
    return 0;
  });
}

async function carryOut(action: ProfileAction, client: HelperClient, around: ProfileSurroundings): Promise<void> {
  const { terminal } = around;
  switch (action.kind) {
    case 'list': {
      const answer = await client.call('profile.list', {});
      terminal.print(action.isJson ? json(answer) : formatProfiles(answer));
      const pause = action.isJson ? null : await readPause(client, around.environment ?? process.env);
      if (pause !== null) terminal.print(formatPause(pause, Date.now()));
      for (const { file, message } of answer.setAside) terminal.complain(`profile: set aside: ${file}: ${message}\n`);
      return;
    }
    case 'show':
      return show(await client.call('profile.show', { name: action.name }), action.isJson, terminal);
    case 'create':
      return saved(await create(action, client, terminal), action.flags.json === true, terminal);
    case 'edit':
      return saved(await edit(action, client, around), action.flags.json === true, terminal);
    case 'rename':
      return void (await client.call('profile.rename', { name: action.name, to: action.to }));
    case 'delete':
      return void (await client.call('profile.delete', { name: action.name }));
  }
}

async function create(
  { name, flags }: ProfileAction & { kind: 'create' },
  client: HelperClient,
  terminal: Terminal,
): Promise<ProfileAnswer> {
  if (flags.peer === undefined) {
    if (flags.file === undefined && terminal.isTyped === true) {
      terminal.complain('profile: write the profile as JSON here, and Ctrl-D behind it; with --peer none is needed\n');
    }
    const { profile, secrets } = readDocument(await readText(flags.file ?? '-', terminal), 'generate');
    const named = name === null ? profile : assign(profile, `name=${JSON.stringify(name)}`);
    return client.call('profile.create', {
      profile: parseProfile(named),
      secrets: secrets === 'keep' ? 'generate' : secrets,
    });
  }
  if (flags.file !== undefined) usage('give --peer or --file, not both');
  if (name === null) usage('give the profile a name');
  const [status, { profiles }] = [await client.call('status.get', {}), await client.call('profile.list', {})];
  const spis = new Set(status.associations.map(({ spi }) => spi));
  const saved = profiles.flatMap(({ profile }) => profile.keys.pairs.flatMap(({ spiIn, spiOut }) => [spiIn, spiOut]));
  const input = profileFromFlags(name, flags, {
    random: { fill: (out) => void randomFillSync(out) },
    isSpiUsed: (spi) => spis.has(spi) || saved.includes(spi),
    interfaces: new Set([...status.interfaces.map((row) => row.name), ...profiles.map((row) => row.profile.interface)]),
  });
  return client.call('profile.create', { profile: parseProfile(input), secrets: 'generate' });
}

async function edit(
  { name, flags }: ProfileAction & { kind: 'edit' },
  client: HelperClient,
  { terminal, editor }: ProfileSurroundings,
): Promise<ProfileAnswer> {
  const { profile, savedRevision: revision } = await client.call('profile.show', { name });
  const save = (document: unknown, secrets: Secrets): Promise<ProfileAnswer> => {
    const choice = flags.newKeys === true ? 'generate' : secrets;
    return client.call('profile.edit', { name, revision, profile: parseProfile(document), secrets: choice });
  };
  if (flags.set !== undefined) return save(flags.set.reduce<unknown>(assign, profile), 'keep');
  if (flags.newKeys === true && flags.file === undefined) return save(profile, 'generate');
  if (flags.file !== undefined) {
    const document = readDocument(await readText(flags.file, terminal), 'keep');
    return save(document.profile, document.secrets);
  }
  const edited = await editor(json(profile), 'profile.json');
  try {
    const document = readDocument(edited.text, 'keep');
    const answer = await save(document.profile, document.secrets);
    await edited.discard();
    return answer;
  } catch (error) {
    terminal.complain(`profile: what you wrote is kept in ${edited.path}\n`);
    throw error;
  }
}

/** A profile alone, or `{ profile, secrets }`. Values are not repeated: they may be keys. */
function readDocument(text: string, otherwise: 'generate' | 'keep'): { profile: unknown; secrets: Secrets } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new IpsecError('PROFILE_INVALID', 'the text is no JSON', { field: '' });
  }
  if (typeof document !== 'object' || document === null || !('profile' in document)) {
    return { profile: upToDate(document), secrets: otherwise };
  }
  // The helper checks them by the contract; here nothing is known of their shape.
  const secrets = 'secrets' in document ? (document.secrets as Secrets) : otherwise;
  return { profile: upToDate(document.profile), secrets };
}

/** A file of an older Culvert is as good; one without a version is of this one. */
function upToDate(profile: unknown): unknown {
  const hasVersion = typeof profile === 'object' && profile !== null && 'version' in profile;
  return hasVersion ? migrateProfile({ ...profile }) : profile;
}

function readText(file: string, terminal: Terminal): Promise<string> {
  return file === '-' ? terminal.readInput() : terminal.readFile(file);
}

/** Warnings do not keep it from being saved. */
function saved(answer: ProfileAnswer, isJson: boolean, terminal: Terminal): void {
  show(answer, isJson, terminal);
  for (const { message, hint } of profileWarnings(answer.profile)) terminal.complain(`profile: ${message}: ${hint}\n`);
}

function show(answer: ProfileAnswer, isJson: boolean, terminal: Terminal): void {
  terminal.print(isJson ? json(answer) : formatProfile(answer));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function usage(message: string): never {
  throw new IpsecError('PROFILE_USAGE', message);
}
