/**
 * Names that the page of `culvert ui` and its server agree on. They stand apart from the relay, which the server loads
 * only when its address is out.
 * @module
 */

/** The WebSocket's subprotocol, which the server chooses; beside it the window offers the key of its session. */
export const relayProtocol = 'culvert';
/** Under which name the page keeps that key in its origin's storage. */
export const relayKeyName = 'culvert-relay-key';
