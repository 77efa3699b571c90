/**
 * Whether two values that JSON can carry are the same.
 * @module
 */

/** Deeply; properties that are undefined count as absent, as in JSON. */
export function isSameValue(left: unknown, right: unknown): boolean {
  if (left === right || Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) return isSameArray(left, right);
  return hasFieldsOf(left, right) && lacksNoneOf(left, right);
}

function isSameArray(left: unknown, right: unknown): boolean {
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (!isSameValue(left[index], right[index])) return false;
  return true;
}

type Fields = Readonly<Record<string, unknown>>;

/** Whether `right` has every field that `left` has. Nothing is allocated: statuses are compared every second. */
function hasFieldsOf(left: object, right: object): boolean {
  for (const name in left) {
    if (!isSameValue((left as Fields)[name], Object.hasOwn(right, name) ? (right as Fields)[name] : undefined)) {
      return false;
    }
  }
  return true;
}

/** Whether `left` lacks no field of `right`; those of both were compared. */
function lacksNoneOf(left: object, right: object): boolean {
  for (const name in right) if (!Object.hasOwn(left, name) && (right as Fields)[name] !== undefined) return false;
  return true;
}
