/**
 * The look of the text editor, in the tokens of the page.
 * @module
 */
import { EditorView } from '@codemirror/view';

/** Colours, type and edges. */
export const editorTheme = EditorView.theme({
  '&': { background: 'var(--paper-raised)', color: 'var(--ink)', border: '1px solid var(--line)' },
  '&.cm-focused': { outline: 'var(--focus-ring)', outlineOffset: 'var(--focus-gap)' },
  '.cm-scroller': { font: '400 12px/18px var(--face-bits)', minHeight: '160px', maxHeight: '420px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { background: 'transparent', color: 'var(--ink-3)', border: 'none' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection': {
    background: 'var(--paper-pencil)',
  },
  '.cm-w': { color: 'var(--code-word)' },
  '.cm-n': { color: 'var(--code-number)' },
  '.cm-s': { color: 'var(--code-secret)' },
  '.cm-c': { color: 'var(--code-note)' },
  '.cm-t': { color: 'var(--code-text)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--fault-line) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--attention-line) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lint-marker': { width: '8px', height: '8px', content: '""', margin: '5px 2px' },
  '.cm-lint-marker-error': { content: '""', background: 'var(--fault-line)' },
  '.cm-lint-marker-warning': { content: '""', background: 'var(--attention-line)', borderRadius: '50%' },
  '.cm-tooltip': {
    background: 'var(--paper-raised)',
    color: 'var(--ink)',
    border: '1px solid var(--line-ink)',
    font: 'var(--type-small)',
  },
  '.cm-diagnostic': { padding: '4px 8px', border: '0', whiteSpace: 'pre-wrap', maxWidth: '360px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--fault-line)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--attention-line)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: '400 12px/18px var(--face-bits)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--ink)', color: 'var(--ink-on)' },
  '.cm-completionDetail': { font: 'var(--type-small)', marginLeft: '12px' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
});
