/**
 * A draft that is complete, for tests to spoil.
 * @module
 */
import { emptyDraft, type Draft } from '#renderer/draft/draft.ts';

/** Two sites over documentation addresses (RFC 5737). */
export function exampleDraft(changes: Partial<Draft> = {}): Draft {
  return {
    ...emptyDraft,
    name: 'Kyoto office',
    localHost: '192.0.2.1',
    peerHost: '198.51.100.7',
    ...{ spiOut: '0x00001000', spiIn: '0x00001001', spiOut6: '0x00001002', spiIn6: '0x00001003' },
    ...{ inner: '10.99.0.1', innerPeer: '10.99.0.2', inner6: 'fd00::1', innerPeer6: 'fd00::2' },
    routes: '192.168.20.0/24',
    networks: '192.168.10.0/24',
    ...changes,
  };
}
