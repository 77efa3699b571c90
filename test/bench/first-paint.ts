/**
 * When the page of a window had painted its list of tunnels, told from the page's own timeline: no driver's delay is in it.
 * @module
 */
/** The mark that the page sets when the list is there (renderer/screens/tunnels/tunnels-screen.tsx). */
const listMark = 'culvert-list';

/** Gives JSON of that moment in milliseconds since the epoch, or null while the list is not painted. */
export const listPaintedScript = `(() => {
  const times = ['${listMark}', 'first-contentful-paint'].map((name) => performance.getEntriesByName(name)[0]?.startTime);
  return times.includes(undefined) ? null : performance.timeOrigin + Math.max(...times);
})()`;

/** Resolves in a page when its window has shown a frame: before that a browser is still starting. */
export const frameShownScript = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))`;

/** Gives JSON of the addresses of the scripts that the page had got by then. */
export const listScriptsScript = `JSON.stringify(performance.getEntriesByType('resource')
  .filter(({ name, responseEnd }) => /\\/assets\\/.*\\.js$/.test(name) && responseEnd <= performance.getEntriesByName('${listMark}')[0].startTime)
  .map(({ name }) => name))`;

/** Ask until there is an answer. @throws {Error} when there is none for a minute. */
export async function untilNumber(ask: () => Promise<unknown>): Promise<number> {
  const giveUpMs = performance.now() + 60_000;
  while (performance.now() < giveUpMs) {
    const answer = await ask();
    if (typeof answer === 'number') return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the page has not told when its list was painted');
}
