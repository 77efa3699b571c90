/**
 * Notices that nothing more comes of a status that is watched, which is no news only for so long: then the window says
 * that it does not know, until something comes again.
 * @module
 */
import type { HelperLink } from '#core/api/relay.ts';
import { heartbeatMs } from '#core/api/watch/watch-contract.ts';

/** More than the program around the window waits for the helper: it knows better why nothing comes. */
const patienceMs = 3 * heartbeatMs;

const silent: HelperLink = {
  state: 'connecting',
  message: `Nothing has come for ${patienceMs / 1000} seconds.`,
  hint: 'The program that shows this window, or the helper, hangs. The window goes on by itself when it answers.',
  command: null,
};

/** The link as it is told and as it seems. */
export type SilenceWatch = {
  /** What was told last of the link. */
  toldLink(): HelperLink;
  noteLink(link: HelperLink): void;
  /** Something has come, or is waited for from now on. */
  noteSign(): void;
  /** Begin to look; gives what ends that. */
  start(): () => void;
};

/** A watch that tells `show` which link the window shall go by. */
export function watchSilence(show: (link: HelperLink) => void): SilenceWatch {
  let told: HelperLink = { state: 'connecting', message: '', hint: '', command: null };
  let signMs = 0;
  let isSilent = false;
  const look = (): void => {
    if (document.hidden || told.state !== 'connected' || isSilent) return;
    isSilent = performance.now() - signMs >= patienceMs;
    if (isSilent) show(silent);
  };
  const noteSign = (): void => {
    signMs = performance.now();
    if (isSilent) show(told);
    isSilent = false;
  };
  return {
    toldLink: () => told,
    noteLink(link) {
      told = link;
      isSilent = false;
      signMs = performance.now();
      show(link);
    },
    noteSign,
    start() {
      let timer: ReturnType<typeof setTimeout>;
      const wait = (): void => {
        const leftMs = signMs + patienceMs - performance.now();
        timer = setTimeout(lookAgain, Math.max(heartbeatMs, leftMs));
      };
      const lookAgain = (): void => {
        look();
        wait();
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}
