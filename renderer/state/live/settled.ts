/**
 * What has been so for a while: a blip does not flash.
 * @module
 */
import { useEffect, useState } from 'react';

/** `value` once it has stayed the same for `afterMs`; before that, null. */
export function useSettled(value: string | null, afterMs: number): string | null {
  const [settled, setSettled] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), value === null ? 0 : afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled === value ? settled : null;
}
