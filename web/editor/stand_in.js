// The text area stands in for the view: what the page reads and writes on it (text, selection, focus, scrolling)
// happens in CodeMirror, and what is typed there is an `input` event of the text area. While this lasts the properties
// below lie on the element itself and hide those of its prototype.

import { isolateHistory } from "@codemirror/commands";
import { foldedRanges, unfoldEffect } from "@codemirror/language";
import { Annotation } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** Texts of more UTF-16 units are handed to the page after a pause in typing, and not copied into the text area. */
const LARGE = 1_000_000;
const PAUSE = 300;

/** Marks a change that the page's program made itself, of which it need not learn. */
const byProgram = Annotation.define();

const native = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
const pending = new WeakMap();

/** Tells the text area of a change in its view; belongs into the view's extensions. */
export const tellsArea = (area) =>
  EditorView.updateListener.of((update) => {
    if (!update.docChanged || update.transactions.some((one) => one.annotation(byProgram))) return;
    clearTimeout(pending.get(area));
    if (update.state.doc.length > LARGE) pending.set(area, setTimeout(tell, PAUSE, area));
    else tell(area);
  });

function tell(area) {
  const text = area.value;
  // What looks at the text area by itself, such as the browser's own machinery, finds the text in it too.
  if (text.length <= LARGE) native.set.call(area, text);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts the view behind the text area's properties. The returned function takes them away. */
export function standIn(area, view) {
  const properties = {
    value: { get: () => view.state.doc.toString(), set: (text) => replace(view, String(text)) },
    selectionStart: { get: () => view.state.selection.main.from, set: (at) => select(view, at, at) },
    selectionEnd: { get: () => view.state.selection.main.to, set: (at) => select(view, area.selectionStart, at) },
    setSelectionRange: { value: (start, end) => select(view, start, end) },
    select: { value: () => select(view, 0, view.state.doc.length) },
    focus: { value: () => view.focus() },
  };
  for (const name of ["scrollTop", "scrollLeft"]) {
    properties[name] = { get: () => view.scrollDOM[name], set: (pixels) => (view.scrollDOM[name] = pixels) };
  }
  for (const name of ["clientHeight", "clientWidth"]) properties[name] = { get: () => view.scrollDOM[name] };
  for (const property of Object.values(properties)) property.configurable = true;
  Object.defineProperties(area, properties);
  return () => {
    clearTimeout(pending.get(area));
    const text = area.value;
    for (const name of Object.keys(properties)) delete area[name];
    if (native.get.call(area) !== text) native.set.call(area, text);
  };
}

/** Replaces what differs, so that the rest keeps its folds. */
function replace(view, text) {
  const before = view.state.doc.toString();
  if (text === before) return;
  const shorter = Math.min(text.length, before.length);
  let from = 0;
  while (from < shorter && text[from] === before[from]) from += 1;
  let tail = 0;
  while (tail < shorter - from && text.at(-1 - tail) === before.at(-1 - tail)) tail += 1;
  view.dispatch({
    changes: { from, to: before.length - tail, insert: text.slice(from, text.length - tail) },
    // One step of its own for who undoes it.
    annotations: [byProgram.of(true), isolateHistory.of("full")],
  });
}

/** Selects a range, out of folded parts too, and brings it into sight where someone is at work in the text. */
function select(view, start, end) {
  const { length } = view.state.doc;
  const [anchor, head] = [Math.min(start, length), Math.min(Math.max(start, end), length)];
  const effects = view.hasFocus
    ? [EditorView.scrollIntoView(anchor, { y: "nearest", x: "nearest", yMargin: 40, xMargin: 60 })]
    : [];
  foldedRanges(view.state).between(anchor, head, (from, to) => {
    effects.push(unfoldEffect.of({ from, to }));
  });
  view.dispatch({ selection: { anchor, head }, effects });
}
