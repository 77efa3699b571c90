/**
 * A text editor for setkey's and ifconfig's languages: CodeMirror in a shadow root, whose style sheets the page's strict
 * Content-Security-Policy lets through. Loaded only where a text is edited.
 * @module
 */
import { completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { Annotation, EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, type ReactElement } from 'react';
import { editorTheme } from './editor-theme.ts';
import { languageSupport, type EditorLanguage } from './editor-language.ts';

/** Marks a text that came from outside: it is no change of the person's. */
const fromOutside = Annotation.define<true>();

/** The editor; `label` is its name for assistive technology. Escape, then Tab leaves it by keyboard. */
export function CodeEditor(props: {
  readonly text: string;
  readonly language: EditorLanguage;
  readonly label: string;
  readonly isReadOnly?: boolean;
  readonly onChange: (text: string) => void;
}): ReactElement {
  const { text, language, label, isReadOnly = false, onChange } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const listener = useRef(onChange);
  const first = useRef(text);
  /** What was typed and has not come back as `text` yet: a late echo must not undo what was typed since. */
  const told = useRef<string[]>([]);
  useEffect(() => {
    listener.current = onChange;
  }, [onChange]);
  useEffect(() => {
    const host = place.current;
    if (host === null) return;
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          history(),
          lintGutter(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off' }),
          EditorView.updateListener.of(({ docChanged, state, transactions }) => {
            if (!docChanged || transactions.some((one) => one.annotation(fromOutside) === true)) return;
            const typed = state.doc.toString();
            told.current.push(typed);
            listener.current(typed);
          }),
          EditorState.readOnly.of(isReadOnly),
          editorTheme,
          languageSupport(language),
        ],
      }),
    });
    view.current = editor;
    return () => {
      first.current = editor.state.doc.toString();
      editor.destroy();
      view.current = null;
    };
  }, [language, label, isReadOnly]);
  useEffect(() => {
    const editor = view.current;
    const echo = told.current.lastIndexOf(text);
    told.current = echo < 0 ? [] : told.current.slice(echo + 1);
    if (editor === null || echo >= 0 || editor.state.doc.toString() === text) return;
    const changes = { from: 0, to: editor.state.doc.length, insert: text };
    editor.dispatch({ changes, annotations: fromOutside.of(true) });
  }, [text]);
  return <div ref={place} />;
}
