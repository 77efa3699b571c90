/**
 * The stages of a packet's way in one process of its own (in-process/stages.ts).
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { Processes } from '#examples/two-gateways/netns/process.ts';
import { figureNames, type Measured } from '../figure.ts';

const stagesPath = fileURLToPath(new URL('../in-process/stages.ts', import.meta.url));

/** Measure them for about `seconds`. */
export async function measureStages(processes: Processes, seconds: number): Promise<Measured> {
  const timeoutMs = seconds * 1000 + 60_000;
  const { stdout } = await processes.run([process.execPath, stagesPath, String(seconds)], { timeoutMs });
  return parseStages(stdout);
}

/** Read their JSON. */
export function parseStages(text: string): Measured {
  const value: unknown = JSON.parse(text);
  const found = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return Object.fromEntries(
    figureNames().flatMap((name) => {
      const time = found.get(name);
      return typeof time === 'number' ? [[name, time] as const] : [];
    }),
  );
}
