/**
 * Carries out what a person changed of an interface: in the machine, in the profile, or both. The machine first, so that
 * what it refuses is not saved.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { SessionStore } from '../../state/session.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { changedOptions, changedRoutes, ifconfigChanges, profileWith, type InterfaceDraft } from './interface-draft.ts';

/** Make the interface in the machine as `after` says. @throws {IpsecError} what was refused; all before it is done. */
export async function applyToMachine(
  { bridge }: SessionStore,
  name: string,
  before: InterfaceDraft,
  after: InterfaceDraft,
): Promise<void> {
  const text = ifconfigChanges(before, after);
  if (text !== '') {
    const { errors } = await bridge.call('ifconfig.run', { name, text, semantics: 'file' });
    const [first] = errors;
    if (first !== undefined) throw new IpsecError('IFCONFIG_TEXT', first.message, { line: first.line });
  }
  const options = changedOptions(before, after);
  if (Object.keys(options).length > 0) await bridge.call('interface.setOptions', { name, ...options });
  const { added, removed } = changedRoutes(before, after);
  for (const destination of removed)
    await bridge.call('route.delete', { destination, kind: 'unicast', gateway: null, interface: name });
  for (const destination of added)
    await bridge.call('route.add', {
      destination,
      kind: 'unicast',
      gateway: null,
      interface: name,
      source: null,
      isFailClosed: false,
    });
}

/** Save `after` in the tunnel's profile. @throws {IpsecError} what was refused; nothing is saved then. */
export async function saveInProfile(
  { bridge }: SessionStore,
  { profile }: Tunnel,
  before: InterfaceDraft,
  after: InterfaceDraft,
): Promise<void> {
  if (profile === null) return;
  await bridge.call('profile.edit', {
    name: profile.profile.name,
    revision: profile.savedRevision,
    profile: profileWith(profile, before, after),
    secrets: 'keep',
  });
}
