/**
 * Knows when a page has all that its document names: until then the server has nothing more urgent to do.
 * @module
 */
import type { PageParts } from './page-parts.ts';

/** The delivery of one page's files; the first window's counts. */
export class PageDelivery {
  /** Resolves when all was sent, or when nobody shall wait any more. */
  readonly done: Promise<void>;
  readonly #resolve: () => void;
  readonly #missing: Set<string>;

  constructor({ links, modules }: PageParts) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.#resolve = resolve;
    // A browser fetches an icon when it likes, or never.
    const fetched = links.filter(({ rel }) => rel !== 'icon').map(({ href = '' }) => href);
    this.#missing = new Set([...fetched, ...modules].map(pathOf));
  }

  /** The file at `path` has left. */
  noteSent(path: string): void {
    if (this.#missing.delete(path) && this.#missing.size === 0) this.end();
  }

  /** Wait no longer. */
  end(): void {
    this.#resolve();
  }
}

/** The path that a browser asks for, of an address in the document. */
function pathOf(href: string): string {
  return new URL(href, 'http://127.0.0.1/').pathname;
}
