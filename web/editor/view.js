// One CodeMirror view for one text area.
//
// Tab moves on, as everywhere on a page; Ctrl-] and Ctrl-[ indent. F8 and Shift-F8 go through the problems, Ctrl-. fixes
// the one at the caret, Ctrl-F searches, Ctrl-Space completes, Ctrl-Shift-[ folds.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { assist, closeHovers } from "./assist.js";
import { followsLanguage } from "./language.js";
import { goToProblem, marks } from "./marks.js";
import { fixHere, problemBar } from "./problem_bar.js";
import { tellsArea } from "./stand_in.js";
import { theme } from "./theme.js";

const keys = keymap.of([
  { key: "F8", run: goToProblem(1) },
  { key: "Shift-F8", run: goToProblem(-1) },
  { key: "Mod-.", run: fixHere },
  { key: "Escape", run: closeHovers },
  ...closeBracketsKeymap,
  ...completionKeymap,
  ...searchKeymap,
  ...foldKeymap,
  ...historyKeymap,
  ...defaultKeymap,
]);

/** A view with the text of `area`, drawn into `root`; `before` is the state that it had when it was shown last. */
export function makeView(area, root, before) {
  const doc = area.value;
  const view = new EditorView({ state: before ?? EditorState.create({ doc, extensions: extensions(area) }), parent: root, root });
  if (before && before.doc.toString() !== doc) {
    view.dispatch({ changes: { from: 0, to: before.doc.length, insert: doc } });
  }
  return view;
}

/**
 * Writes over selected text itself. Left to the browser, the colours of what was there would be carried over in style
 * attributes, which the page's policy refuses with a complaint. And writes several lines itself that come as if they were
 * typed, from a dictation or a program: the browser would do it line by line, a second for every few hundred.
 */
const writeOver = EditorView.domEventHandlers({
  textInput(event, view) {
    if (view.composing || !event.data?.includes("\n")) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data.replace(/\r\n?/g, "\n")), { userEvent: "input.paste", scrollIntoView: true });
    return true;
  },
  beforeinput(event, view) {
    const { main } = view.state.selection;
    if (event.inputType !== "insertText" || event.data === null || main.empty || view.composing) return false;
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    const handled = handlers.some((handle) => handle(view, main.from, main.to, event.data, insert));
    if (!handled) view.dispatch(insert());
    return true;
  },
});

function extensions(area) {
  return [
    EditorView.contentAttributes.of({ "aria-label": area.getAttribute("aria-label"), tabindex: "0", translate: "no" }),
    writeOver,
    placeholder(area.placeholder),
    indentUnit.of("  "),
    EditorState.tabSize.of(4),
    marks,
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches({ minSelectionLength: 3 }),
    search({ top: false }),
    assist(area.id),
    followsLanguage(area.value),
    problemBar,
    keys,
    theme,
    tellsArea(area),
  ];
}
