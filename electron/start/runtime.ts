/**
 * Whether this process runs in the Electron that the build was made for. An older one serves tests: it lacks years of
 * mended holes, so the window says what it is.
 * @module
 */

/** Whether `running` (process.versions.electron) is another than the build was made for. */
export function isForOtherRuntime(running: string | undefined, builtFor: string): boolean {
  return majorOf(running ?? '') !== majorOf(builtFor);
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? '';
}
