/**
 * What is not given does not change: fields that are undefined are as if they were not there.
 * @module
 */

/** The fields of `T` that may be missing, and none that is undefined. */
export type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the fields that are undefined. */
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
