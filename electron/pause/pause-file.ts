/**
 * A pause on disk: until when, and which tunnels come up again then. One that cannot be read or written costs what it
 * would have told the next start, and nothing else.
 * @module
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makePrivateFolder } from '#core/client/private-folder.ts';

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
      const draft = `${path}.${process.pid}.new`;
      try {
        if (pause === null) return rmSync(path, { force: true });
        makePrivateFolder(dirname(path));
        writeFileSync(draft, `${JSON.stringify(pause)}\n`, { mode: 0o600, flush: true });
        renameSync(draft, path);
      } catch {
        removeDraft(draft);
      }
    },
  };
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // it was never there
  }
}
