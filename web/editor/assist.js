// Completion and hover, drawn from what the rules answer (core.js).

import { autocompletion } from "@codemirror/autocomplete";
import { closeHoverTooltips, hasHoverTooltips, hoverTooltip } from "@codemirror/view";
import { completionsAt, hoverAt } from "./core.js";

/** Completion and hover for the text of the text area with this id. */
export function assist(id) {
  return [
    autocompletion({ override: [(context) => complete(id, context)], icons: false, maxRenderedOptions: 60 }),
    hoverTooltip((view, at) => hover(id, view, at), { hoverTime: 350 }),
  ];
}

/** Puts away what hovers; for a key binding. */
export function closeHovers(view) {
  if (!hasHoverTooltips(view.state)) return false;
  view.dispatch({ effects: closeHoverTooltips });
  return true;
}

function complete(id, { state, pos, explicit }) {
  const answer = completionsAt(id, state.doc, pos);
  if (!answer || answer.items.length === 0) return null;
  // Nothing was begun: who did not ask is not disturbed.
  if (!explicit && answer.from === pos) return null;
  const options = answer.items.map((item, index) => ({
    label: item.label,
    detail: item.detail,
    info: item.info || undefined,
    // The rules put the most useful first; how well a name fits what was typed counts more.
    boost: -index / 100,
    apply: (view, _, from, to) =>
      view.dispatch({
        changes: { from: from - answer.before, to: to + answer.after, insert: item.insert },
        selection: { anchor: from - answer.before + item.insert.length - item.back },
        userEvent: "input.complete",
        scrollIntoView: true,
      }),
  }));
  return { from: answer.from, options, validFor: /^[\w.\/-]*$/ };
}

function hover(id, view, at) {
  const answer = hoverAt(id, view.state.doc, at);
  return answer && { pos: answer.from, end: answer.to, above: true, create: () => ({ dom: card(answer) }) };
}

function card({ title, lines }) {
  const dom = document.createElement("div");
  dom.className = "hover-card";
  const head = document.createElement("strong");
  head.textContent = title;
  dom.append(head);
  for (const line of lines) {
    const words = document.createElement("p");
    words.textContent = line;
    dom.append(words);
  }
  return dom;
}
