/**
 * A number with its noun, for people.
 * @module
 */

/** `1 packet`, `2 packets`; `many` where the plural is no mere s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
