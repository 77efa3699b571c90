/**
 * Messages of the helper as sentences: they come without a capital and without a full stop, as commands print them.
 * @module
 */

/** Each message begins with a capital, unless with a name, and ends with a full stop; empty ones are left out. */
export function asSentences(...messages: readonly string[]): string {
  return messages
    .filter((message) => message !== '')
    .map((message) => `${capitalized(message)}${/[.!?]$/.test(message) ? '' : '.'}`)
    .join(' ');
}

/** Names of hosts and interfaces are written as they are. */
function capitalized(message: string): string {
  return /^[a-z]+[,:;]?(\s|$)/.test(message) ? `${message.charAt(0).toUpperCase()}${message.slice(1)}` : message;
}
