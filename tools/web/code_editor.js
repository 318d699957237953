/*
 * code_editor.js - the editor of programs: CodeMirror as one script.
 *
 * build.mjs bundles this file with the packages into one script, because a page
 * that is opened from a folder loads no modules. Tab stays a key of the
 * page, so that the keyboard leaves the editor; Ctrl-] and Ctrl-[ move lines to
 * the right and to the left.
 */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { cpp } from "@codemirror/lang-cpp";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const THEME = EditorView.theme({
  "&": { color: "var(--text)", maxHeight: "32rem" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-gutters": {
    color: "var(--quiet)",
    backgroundColor: "var(--soft)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--soft)" },
  ".cm-scroller": { overflow: "auto" },
  ".cm-tooltip": { color: "#1f2328" },
});

/* An editor at the end of `parent`. */
function create(parent, text, label) {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        bracketMatching(),
        indentOnInput(),
        highlightActiveLine(),
        indentUnit.of("\t"),
        EditorState.tabSize.of(8),
        cpp(),
        syntaxHighlighting(classHighlighter),
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label }),
        THEME,
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),

    replace(text) {
      const { length } = view.state.doc;
      view.dispatch({ changes: { from: 0, to: length, insert: text } });
    },

    /* Show what the compiler says at its lines: { line, severity, message }. */
    mark(problems) {
      const marks = problems.map(({ line, severity, message }) => {
        const number = Math.min(Math.max(line, 1), view.state.doc.lines);
        const { from, to } = view.state.doc.line(number);
        return { from, to, severity, message };
      });
      view.dispatch(setDiagnostics(view.state, marks));
      if (!marks.length) return;
      view.dispatch({ effects: EditorView.scrollIntoView(marks[0].from) });
    },
  };
}

globalThis.CodeEditor = { create };
