/**
 * A stand-in for the native package: what a test does not give throws when it is called.
 * @module
 */
import type { NativePackage } from '#core/host/linux/native.ts';

/** A native package of exactly these functions. */
export function fakeNative(functions: Partial<NativePackage>): NativePackage {
  // Callers see the whole package; what is not given is found out when it is called.
  const whole: unknown = new Proxy(functions, {
    get(target, name) {
      if (name in target) return Reflect.get(target, name);
      return () => {
        throw new Error(`the test gives no ${String(name)}`);
      };
    },
  });
  return whole as NativePackage;
}

/** An error as the native package throws it. */
export function nativeError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
