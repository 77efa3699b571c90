/**
 * What the packages need of the system, by the names that Debian and Fedora have for it.
 * @module
 */

/** One need. */
type NeededPackage = { readonly deb: string; readonly rpm: string };

/** Without these, window or helper do not start. */
const needed: readonly NeededPackage[] = [
  { deb: 'libc6 (>= 2.34)', rpm: 'glibc >= 2.34' },
  { deb: 'libstdc++6', rpm: 'libstdc++' },
  { deb: 'libgtk-3-0', rpm: 'gtk3' },
  { deb: 'libnss3', rpm: 'nss' },
  { deb: 'libasound2', rpm: 'alsa-lib' },
  { deb: 'libgbm1', rpm: 'mesa-libgbm' },
  { deb: 'libxss1', rpm: 'libXScrnSaver' },
  { deb: 'xdg-utils', rpm: 'xdg-utils' },
];

/** Names for one kind of package. */
export function neededPackages(kind: keyof NeededPackage): string[] {
  return needed.map((names) => names[kind]);
}

/** Asks the person before the window starts the helper; without it there is a command to type. */
export const recommended = {
  deb: ['pkexec | policykit-1', 'polkit-1-auth-agent'],
  rpm: ['polkit'],
} as const;
