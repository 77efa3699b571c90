/**
 * Names of the channels between the preload and main.
 * @module
 */

/** The page asks, and gets an answer. */
export const askChannel = 'ask';
/** The page has begun to listen. */
export const listenChannel = 'listen';
/** Main tells the page something unasked. */
export const pushChannel = 'push';
