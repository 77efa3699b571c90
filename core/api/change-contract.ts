/**
 * The part of the contract that changes an interface and the profile that it comes from together, or tells what that
 * would do. No key is in it: a profile keeps those that it has.
 * @module
 */
import { z } from 'zod';
import { profileSchema } from '#core/profile/profile.ts';
import { interfacePreviewSchema } from './desktop-contract.ts';

const prefixes = z.array(z.string().max(100)).max(4096).default([]);

/** method → who may call it, what it takes, what it gives. */
export const changeContract = {
  /**
   * All of it or nothing. `ifconfig`: lines of /etc/ifconfig.ipsecN that lead from what is to what is wanted; a route that
   * is there already, or gone already, is left as it is. `profile`: what is saved with it, of the profile that is `name` at
   * `revision`; null for an interface made by hand. The routes of
   * a tunnel that is up become those of its profile. With `isCheck` nothing changes, and a refusal is the `problem`.
   */
  'interface.change': {
    access: 'operate',
    // Strict: a misspelled isCheck must not become a change.
    params: z.strictObject({
      name: z.string().max(15),
      ifconfig: z.string().max(65_536).default(''),
      options: profileSchema.shape.options,
      addedRoutes: prefixes,
      removedRoutes: prefixes,
      profile: z
        .strictObject({ name: z.string().max(200), revision: z.number().int(), profile: profileSchema })
        .nullable()
        .default(null),
      isCheck: z.boolean().default(false),
    }),
    result: interfacePreviewSchema,
  },
} as const;
