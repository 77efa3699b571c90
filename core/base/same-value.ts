/**
 * Whether two values that JSON can carry are the same.
 * @module
 */

/** Deeply; properties that are undefined count as absent, as in JSON. */
export function isSameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) return isSameArray(left, right);
  return hasFieldsOf(left, right) && hasFieldsOf(right, left);
}

function isSameArray(left: unknown, right: unknown): boolean {
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
  return left.every((item, index) => isSameValue(item, right[index]));
}

/** Whether `right` has every field that `left` has. */
function hasFieldsOf(left: object, right: object): boolean {
  const others = right as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(left)) if (!isSameValue(value, others[name])) return false;
  return true;
}
