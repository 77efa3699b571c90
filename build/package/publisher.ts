/**
 * Who publishes a package, and where it has its home. The sources name neither: a release is told by its environment,
 * and a build for tests has names that can never be somebody's (RFC 2606, section 2).
 * @module
 */

/** Both. */
export type Publisher = {
  /** The project's page. */
  readonly homepage: string;
  /** `NAME <ADDRESS>`, as deb-control(5) has it. */
  readonly maintainer: string;
};

/** Of builds for tests. */
export const publisherOfTests: Publisher = {
  homepage: 'https://culvert.invalid/',
  maintainer: 'Culvert test build <nobody@culvert.invalid>',
};

const reserved = /(?:^|[.@/])(?:[^/@]*\.)?(?:invalid|example|test|localhost|localdomain)(?:[/:>]|$)/;

/** Read a release's. @throws {Error} for what is missing, is none, or is a name that nobody has. */
export function readPublisher(environment: NodeJS.ProcessEnv): Publisher {
  const homepage = environment['CULVERT_HOMEPAGE'] ?? '';
  const maintainer = environment['CULVERT_MAINTAINER'] ?? '';
  if (!/^https:\/\/[^\s/]+\/\S*$/.test(homepage) || reserved.test(homepage))
    throw new Error(`a release needs the project's address in CULVERT_HOMEPAGE, https://HOST/…: "${homepage}"`);
  if (!/^[^\s<>][^<>]* <[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>$/.test(maintainer) || reserved.test(maintainer))
    throw new Error(`a release needs its maintainer in CULVERT_MAINTAINER, NAME <ADDRESS>: "${maintainer}"`);
  return { homepage, maintainer };
}

/** A text of `build/package/linux/` with both put in. */
export function fillIn(text: string, { homepage, maintainer }: Publisher): string {
  return text.replaceAll('@HOMEPAGE@', homepage).replaceAll('@MAINTAINER@', maintainer);
}
