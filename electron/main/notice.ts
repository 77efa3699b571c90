/**
 * Which changes are worth a notification of the desktop, and what it says: a tunnel that came up or went, and one that
 * has stopped to work. Told from events, each change once.
 * @module
 */
import type { ApiEvent } from '#core/api/event.ts';
import type { ShellSettings } from '#core/api/shell-contract.ts';

/** A notification. `target` is the tunnel that a click opens. */
export type Notice = { readonly title: string; readonly body: string; readonly target: string };

type ProfileEvent = Extract<ApiEvent, { kind: 'profile' }>;
type Told = { readonly word: string; readonly isTrouble: boolean; readonly body: string };

/** Remembers what each tunnel was told as, so that a change is told once. */
export class NoticeBoard {
  readonly #told = new Map<string, string>();

  /** The notification of `event`; null for none. */
  tell(event: ApiEvent, level: ShellSettings['notifications']): Notice | null {
    if (event.kind !== 'profile') return null;
    if (event.change === 'deleted') this.#told.delete(event.id);
    if (event.change !== 'state') return null;
    const told = describe(event);
    if (told === null) return null;
    const before = this.#told.get(event.id);
    this.#told.set(event.id, told.word);
    const isWanted = level === 'all' || (level === 'trouble' && told.isTrouble);
    // Off is no news of a tunnel that nobody has seen otherwise.
    if (!isWanted || before === told.word || (before === undefined && told.word === 'off')) return null;
    return { title: `${event.name}: ${told.word}`, body: told.body, target: event.name };
  }
}

/** Null for what is on its way to something else. */
function describe({ phase, tunnelState }: ProfileEvent): Told | null {
  switch (phase) {
    case 'starting':
      return null;
    case 'off':
      return { word: 'off', isTrouble: false, body: 'The tunnel is down.' };
    case 'retrying':
      return { word: 'not up', isTrouble: true, body: 'It could not come up, and is tried again.' };
    case 'failed':
      return { word: 'failed', isTrouble: true, body: 'It could not come up.' };
    case 'on':
      return describeTunnel(tunnelState);
  }
}

function describeTunnel(state: ProfileEvent['tunnelState']): Told | null {
  switch (state) {
    case 'up':
      return { word: 'up', isTrouble: false, body: 'Packets go both ways.' };
    case 'hears-nothing':
      return { word: 'hears nothing', isTrouble: true, body: 'It sends, and nothing comes back.' };
    case 'errors':
      return { word: 'errors', isTrouble: true, body: 'What comes back cannot be decrypted.' };
    case 'lost':
      return { word: 'lost', isTrouble: true, body: 'Its interface was taken away. Culvert can make it anew.' };
    case 'waiting-for-keys':
      return { word: 'waiting for keys', isTrouble: true, body: 'It has no keys to send or receive with.' };
    case 'off':
    case 'idle':
    case 'unconfigured':
    case null:
      return null;
  }
}
