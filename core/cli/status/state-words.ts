/**
 * States of a tunnel in words, for every table and line of the command line.
 * @module
 */
import type { TunnelState } from '#core/api/contract.ts';

/** What a tunnel is doing, in words. */
export const stateWords: Readonly<Record<TunnelState, string>> = {
  lost: 'its device was deleted',
  off: 'off',
  unconfigured: 'no outer addresses',
  'waiting-for-keys': 'waiting for keys',
  idle: 'ready',
  up: 'up',
  'hears-nothing': 'sends, hears nothing',
  errors: 'drops packets with errors',
};
