/**
 * A text editor for setkey's and ifconfig's languages: CodeMirror in a shadow root, whose style sheets the page's strict
 * Content-Security-Policy lets through. Loaded only where a text is edited.
 * @module
 */
import { completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, type ReactElement } from 'react';
import { editorTheme } from './editor-theme.ts';
import { languageSupport, type EditorLanguage } from './editor-language.ts';

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
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) listener.current(state.doc.toString());
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
    const now = editor?.state.doc.toString();
    if (editor !== null && now !== text) editor.dispatch({ changes: { from: 0, to: now?.length ?? 0, insert: text } });
  }, [text]);
  return <div ref={place} />;
}
