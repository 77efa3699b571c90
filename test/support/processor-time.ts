/**
 * Time as this process has used it, for limits that hold on a machine that is busy with something else.
 * @module
 */

/** Milliseconds of processor time since the process began, of all its threads. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
