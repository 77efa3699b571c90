/**
 * What others have written of the window, as its part About tells it.
 * @module
 */

/** One of them. */
export type Library = {
  /** As people call it. */
  readonly name: string;
  readonly license: string;
  /** npm's packages of it, one or several; none for what is no package. */
  readonly packages: readonly string[];
};

/** All that the window carries in itself; licences as the packages have them. */
export const libraries: readonly Library[] = [
  { name: 'IBM Plex', license: 'OFL-1.1', packages: [] },
  { name: 'React', license: 'MIT', packages: ['react', 'react-dom'] },
  { name: 'Base UI', license: 'MIT', packages: ['@base-ui/react'] },
  {
    name: 'TanStack Table and Virtual',
    license: 'MIT',
    packages: ['@tanstack/react-table', '@tanstack/react-virtual'],
  },
  {
    name: 'CodeMirror',
    license: 'MIT',
    packages: [
      ...['@codemirror/autocomplete', '@codemirror/commands', '@codemirror/lint'],
      ...['@codemirror/state', '@codemirror/view'],
    ],
  },
  { name: 'zustand', license: 'MIT', packages: ['zustand'] },
  { name: 'zod', license: 'MIT', packages: ['zod'] },
  { name: 'react-hook-form', license: 'MIT', packages: ['react-hook-form'] },
  { name: 'i18next', license: 'MIT', packages: ['i18next', 'react-i18next'] },
  { name: 'wouter', license: 'Unlicense', packages: ['wouter'] },
  { name: 'uqr', license: 'MIT', packages: ['uqr'] },
];
