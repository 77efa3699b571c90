/**
 * The two languages of the editor: colours, findings and completions. setkey's come from its own lexer and parser, and so
 * agree with what the helper does; ifconfig's words come from its syntax.
 * @module
 */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { linter, type Diagnostic } from '@codemirror/lint';
import { RangeSetBuilder, type Extension, type Text } from '@codemirror/state';
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from '@codemirror/view';
import { parseIfconfig } from '#core/ifconfig/parser.ts';
import { ifconfigWords } from '#core/ifconfig/syntax.ts';
import { completionsAt } from '#core/setkey/editor/completion.ts';
import { diagnose } from '#core/setkey/editor/diagnostic.ts';
import { editorTokens, type EditorTokenKind } from '#core/setkey/editor/editor-token.ts';

/** What is written. */
export type EditorLanguage = 'setkey' | 'ifconfig';

/** One coloured word: `tone` is a class of editor-theme.ts. */
export type Tone = { readonly from: number; readonly to: number; readonly tone: string };

const setkeyTones: Readonly<Record<EditorTokenKind, string | null>> = {
  command: 'cm-w',
  option: 'cm-w',
  algorithm: 'cm-t',
  protocol: 'cm-w',
  keyword: 'cm-w',
  port: 'cm-n',
  address: 'cm-t',
  number: 'cm-n',
  string: 'cm-s',
  key: 'cm-s',
  comment: 'cm-c',
  punctuation: null,
  word: null,
  error: null,
};

/** Extensions for one language. */
export function languageSupport(language: EditorLanguage): Extension {
  const tones = language === 'setkey' ? setkeyColours : ifconfigColours;
  const findings = language === 'setkey' ? setkeyFindings : ifconfigFindings;
  const complete = language === 'setkey' ? completeSetkey : completeIfconfig;
  return [
    highlighter(tones),
    linter((view) => findings(view.state.doc), { delay: 250 }),
    autocompletion({ override: [complete], icons: false }),
  ];
}

/** Colours of setkey text. */
export function setkeyColours(text: string): Tone[] {
  return editorTokens(text).flatMap(({ kind, from, to }) => {
    const tone = setkeyTones[kind];
    return tone === null ? [] : [{ from, to, tone }];
  });
}

/** Colours of ifconfig text: comments, its words, addresses and numbers. */
export function ifconfigColours(text: string): Tone[] {
  const words = new Set<string>(ifconfigWords);
  return [...text.matchAll(/#.*|[^\s#]+/g)].flatMap(({ 0: word, index }) => {
    const tone = word.startsWith('#')
      ? 'cm-c'
      : words.has(word)
        ? 'cm-w'
        : /^\d+$/.test(word)
          ? 'cm-n'
          : /[.:]/.test(word)
            ? 'cm-t'
            : null;
    return tone === null ? [] : [{ from: index, to: index + word.length, tone }];
  });
}

function setkeyFindings(doc: Text): Diagnostic[] {
  return diagnose(doc.toString()).map(({ from, to, severity, message, hint }) => ({
    from,
    to: Math.max(from, to),
    severity,
    message: hint === '' ? message : `${message}. ${hint}`,
  }));
}

function ifconfigFindings(doc: Text): Diagnostic[] {
  return parseIfconfig(doc.toString()).errors.map(({ line, column, message, hint }) => {
    const place = doc.line(Math.min(line, doc.lines));
    const from = Math.min(place.to, place.from + column - 1);
    const word = /^\S+/.exec(place.text.slice(from - place.from))?.[0] ?? '';
    return { from, to: from + word.length, severity: 'error', message: hint === '' ? message : `${message}. ${hint}` };
  });
}

function completeSetkey({ state, pos }: CompletionContext): CompletionResult | null {
  const found = completionsAt(state.doc.toString(), pos);
  return found === null
    ? null
    : { from: found.from, to: found.to, options: found.options.map(({ label, detail }) => ({ label, detail })) };
}

function completeIfconfig(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[-\w]+/);
  if (word === null && !context.explicit) return null;
  return { from: word?.from ?? context.pos, options: ifconfigWords.map((label) => ({ label })) };
}

function highlighter(colours: (text: string) => readonly Tone[]): Extension {
  const decorate = (view: EditorView): DecorationSet => {
    const builder = new RangeSetBuilder<Decoration>();
    for (const { from, to, tone } of colours(view.state.doc.toString())) {
      if (to > from) builder.add(from, to, Decoration.mark({ class: tone }));
    }
    return builder.finish();
  };
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = decorate(view);
      }

      update(update: ViewUpdate): void {
        if (update.docChanged) this.decorations = decorate(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
