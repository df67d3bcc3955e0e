// The code editor: puts CodeMirror in front of the page's text areas and takes it away again.
//
// Each `<div class="editor"><textarea id="…" data-marks="…">` gets a shadow root. With CodeMirror in it the div's own
// children are not drawn; with a <slot> in it they are as before. The text area stays the page's only door to the text
// (stand_in.js), so the page's program does not know which of the two is shown.

import { markAgain } from "./marks.js";
import { standIn } from "./stand_in.js";
import { makeView } from "./view.js";

/** What belongs to each enhanced text area: its shadow root, its view, its last state, and how to take it all away. */
const editors = new Map();

/** Texts from about this size on get no text area (web/src/texts.rs). */
const LARGE = 1_000_000;

/** Shows CodeMirror in front of the text areas that can be seen, and of the others as soon as they can. */
export function enter() {
  document.documentElement.dataset.editor = "code";
  enterAll();
  arrivals.observe(document.getElementById("app") ?? document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ["hidden"],
  });
  // The page shows a text that is too large for a text area without one; now it can be edited.
  if (document.querySelector(".large")) drawAgain(document.querySelector(".editor textarea[id]"));
}

/** Shows the text areas themselves. The undo history is kept for the way back. */
export function leave() {
  delete document.documentElement.dataset.editor;
  arrivals.disconnect();
  for (const [area, editor] of editors) {
    if (!editor.view) continue;
    // A text area would freeze while it lays such a text out. The page puts something else in its place.
    if (area.value.length > LARGE) drawAgain(area);
    else leaveOne(area, editor);
  }
}

/** Has the page draw its texts anew. */
const drawAgain = (area) => area?.dispatchEvent(new Event("input", { bubbles: true }));

const arrivals = new MutationObserver(enterAll);

/** Who knows the fixes has a new answer (web/src/workbench/assist.rs). */
new MutationObserver(() => {
  for (const [area, { view }] of editors) if (view) markAgain(view, area);
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-assist"] });

function enterAll() {
  for (const area of document.querySelectorAll(".editor textarea[id]")) {
    if (!editors.get(area)?.view && !area.closest("[hidden]")) enterOne(area);
  }
  for (const [area, editor] of editors) {
    if (area.isConnected) continue;
    editor.view?.destroy();
    editor.marks?.disconnect();
    editors.delete(area);
  }
}

function enterOne(area) {
  const editor = editors.get(area) ?? { root: area.closest(".editor").attachShadow({ mode: "open" }) };
  editors.set(area, editor);
  const focused = document.activeElement === area;
  const place = { start: area.selectionStart, end: area.selectionEnd, top: area.scrollTop, left: area.scrollLeft };
  editor.root.replaceChildren();
  // For who listens to keys on the whole page: those that come from here are text.
  editor.root.host.dataset.typedInto = "";
  editor.view = makeView(area, editor.root, editor.state);
  editor.release = standIn(area, editor.view);
  editor.marks = new MutationObserver(() => markAgain(editor.view, area));
  editor.marks.observe(area, { attributes: true, attributeFilter: ["data-marks"] });
  markAgain(editor.view, area);
  if (focused) editor.view.focus();
  area.setSelectionRange(place.start, place.end);
  showPlace(editor.view.scrollDOM, place);
}

function leaveOne(area, editor) {
  const focused = editor.view.hasFocus;
  const place = { start: area.selectionStart, end: area.selectionEnd, top: area.scrollTop, left: area.scrollLeft };
  const text = area.value;
  editor.state = editor.view.state;
  editor.marks.disconnect();
  editor.release();
  editor.view.destroy();
  editor.view = undefined;
  editor.root.replaceChildren(document.createElement("slot"));
  delete editor.root.host.dataset.typedInto;
  if (area.value !== text) area.value = text;
  if (focused) area.focus({ preventScroll: true });
  area.setSelectionRange(place.start, place.end);
  showPlace(area, place);
}

/** CodeMirror has measured itself only after a frame; before that it may not be scrollable that far. */
function showPlace(element, { top, left }) {
  const scroll = () => element.scrollTo({ top, left, behavior: "instant" });
  scroll();
  requestAnimationFrame(() => requestAnimationFrame(scroll));
}
