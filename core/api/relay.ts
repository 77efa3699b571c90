/**
 * The one schema object between the window and the program that shows it: the helper's contract, relayed as it is, and
 * the shell's own. Electron's handlers, the preload's functions, the WebSocket of `culvert ui`, the window's client and
 * the tests' stand-ins all derive from it. An answer is always an `Answer`, so an error keeps code, message, hint and
 * details on every hop.
 * @module
 */
import { z } from 'zod';
import { IpsecError } from '#core/base/error.ts';
import { contract, type Method } from './contract.ts';
import { eventSchema } from './event.ts';
import { updateSchema } from '#core/api/watch/watch-contract.ts';
import { shellContract, type ShellMethod } from './shell-contract.ts';

/** Every method that the window may call. */
export const relayContract = { ...contract, ...shellContract };
/** A method of the window's. */
export type RelayMethod = Method | ShellMethod;
/** What a caller writes: what has a default may be left out. */
export type RelayInput<M extends RelayMethod> = z.input<(typeof relayContract)[M]['params']>;
/** What a method gives. */
export type RelayResult<M extends RelayMethod> = z.output<(typeof relayContract)[M]['result']>;

/** How the shell stands with the helper. */
export const linkStates = ['connecting', 'connected', 'absent', 'denied', 'mismatch'] as const;

/** The link to the helper as the window shows it: `command` is the one line to type where nothing else helps. */
const helperLinkSchema = z.object({
  state: z.enum(linkStates),
  message: z.string(),
  hint: z.string(),
  command: z.string().nullable(),
});
/** The link to the helper. */
export type HelperLink = z.output<typeof helperLinkSchema>;

/** What the shell tells the window unasked. */
export const pushSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('link'), link: helperLinkSchema }),
  z.object({ kind: z.literal('event'), event: eventSchema }),
  /** What has changed of the status, to a window that watches it. */
  z.object({ kind: z.literal('status'), update: updateSchema }),
  /** The person changed something outside the page: a menu or tray item, a second start. `target` is an interface or profile. */
  z.object({
    kind: z.literal('navigate'),
    to: z.enum(['tunnels', 'wizard', 'import', 'settings', 'events', 'about', 'tunnel']),
    target: z.string().max(64).nullable(),
  }),
]);
/** What the shell tells the window unasked. */
export type Push = z.output<typeof pushSchema>;

/** A frame from the window over a WebSocket; `id` comes back with the answer. */
export const relayRequestSchema = z.object({
  id: z.number().int().nonnegative(),
  method: z.string().max(64),
  params: z.unknown(),
});

/**
 * What a client sent as the parameters of `method`, read by its schema.
 * @throws {IpsecError} `API_BAD_PARAMS` with the path of the first field at fault; values are not repeated: they may be keys.
 */
export function parseParams<Schema extends z.ZodType>(
  method: string,
  schema: Schema,
  params: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(params ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // A field that is not known is named itself; the path ends at what holds it.
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const field = path.length === 0 ? 'params' : path.join('.').slice(0, 64);
  throw new IpsecError('API_BAD_PARAMS', `${method}: ${field}: ${issue?.message ?? 'invalid'}`, { field });
}
