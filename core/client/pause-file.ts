/**
 * A pause of the desktop app on disk: until when, and which tunnels come up again then. The app writes it for its own next
 * start; the command line reads it to tell why tunnels are down. One that cannot be read or written costs that, and nothing
 * else.
 * @module
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from './private-file.ts';

const keptPauseSchema = z.object({
  /** Milliseconds since the epoch. */
  untilMs: z.number().int().nonnegative(),
  /** The clock when this was written: one that shows an earlier time has been set back since. */
  savedMs: z.number().int().nonnegative().optional(),
  tunnels: z
    .array(z.object({ name: z.string().max(64), isProfile: z.boolean() }))
    .max(10_000)
    .readonly(),
});

/** What is kept. */
export type KeptPause = z.output<typeof keptPauseSchema>;

/** Where it is kept. */
export type PauseFile = {
  /** Null for no pause. */
  load(): KeptPause | null;
  save(pause: KeptPause | null): void;
};

/** Where it lies: beside the settings in `settingsFile`. */
export function pausePath(settingsFile: string): string {
  return join(dirname(settingsFile), 'pause.json');
}

/** The file at `path`. */
export function pauseFile(path: string): PauseFile {
  return {
    load() {
      try {
        const parsed = keptPauseSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },
    save(pause) {
      try {
        if (pause === null) rmSync(path, { force: true });
        else writePrivateFile(path, `${JSON.stringify(pause)}\n`, true);
      } catch {
        // the next start does not know of it
      }
    },
  };
}
