/**
 * Where culvertd listens. Apart from the client, so that who only prints it need not load that.
 * @module
 */

/** Where culvertd listens when nobody says otherwise. */
export const defaultSocketPath = '/run/culvert/control.sock';
