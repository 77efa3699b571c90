/**
 * What the built page's document names in its head: the modules that run, and what is fetched beside them. The entry page
 * puts them into itself once it has a session, so that a window need not be loaded a second time for it.
 * @module
 */

/** A `<link>` by the names of its element's properties (HTML Living Standard §4.2.4). */
export type PageLink = Readonly<Record<string, string>>;

/** The parts of a page. */
export type PageParts = {
  readonly links: readonly PageLink[];
  /** Addresses of modules, in their order. */
  readonly modules: readonly string[];
};

/** Attributes that matter → the property that reflects each. */
const properties: ReadonlyMap<string, string> = new Map([
  ['rel', 'rel'],
  ['href', 'href'],
  ['as', 'as'],
  ['type', 'type'],
  ['crossorigin', 'crossOrigin'],
]);

/** The parts of the document `html`, which our own build has written: no more of HTML is understood than that writes. */
export function listPageParts(html: string): PageParts {
  const links = [...html.matchAll(/<link\s([^>]*)>/g)].map(([, attributes = '']) => readLink(attributes));
  const modules = [...html.matchAll(/<script\s([^>]*)>/g)].flatMap(([, attributes = '']) => {
    const { src } = Object.fromEntries(listAttributes(attributes));
    return src === undefined ? [] : [src];
  });
  return { links, modules };
}

function readLink(attributes: string): PageLink {
  return Object.fromEntries(
    listAttributes(attributes).flatMap(([name, value]) => {
      const property = properties.get(name);
      return property === undefined ? [] : [[property, value]];
    }),
  );
}

/** Name and value of each; of one without a value, an empty text. */
function listAttributes(text: string): (readonly [string, string])[] {
  return [...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, value] as const);
}
