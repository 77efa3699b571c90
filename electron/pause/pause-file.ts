/**
 * A pause on disk: until when, and which tunnels come up again then. One that cannot be read or written costs what it
 * would have told the next start, and nothing else.
 * @module
 */
import { readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { writePrivateFile } from '#core/client/private-file.ts';

const keptPauseSchema = z.object({
  /** Milliseconds since the epoch. */
  untilMs: z.number().int().nonnegative(),
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
