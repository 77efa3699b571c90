/**
 * A profile as the helper answers with it, for tests of what shows it.
 * @module
 */
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import { exampleProfile } from './profiles.ts';

/** The example, up and heard. */
export function exampleAnswer(changes: Partial<ProfileAnswer> = {}): ProfileAnswer {
  const lengths = { encryptionBits: 128, integrityBits: 256 };
  return {
    id: '0000000000000001',
    profile: exampleProfile(),
    savedRevision: 3,
    secrets: {
      pairs: [
        { out: lengths, in: lengths },
        { out: lengths, in: lengths },
      ],
    },
    phase: 'on',
    sinceMs: 1000,
    problem: null,
    nextTryMs: null,
    outer: { local: '192.0.2.1', peer: '192.0.2.2', localPort: 0, peerPort: 0 },
    revision: 3,
    tunnelState: 'up',
    refused: [],
    ...changes,
  };
}

/** A problem that may pass. */
export const exampleProblem = {
  code: 'PROFILE_UNRESOLVED',
  message: 'vpn.example.com cannot be resolved (ENOTFOUND)',
  hint: 'Check the name.',
  details: {},
};
