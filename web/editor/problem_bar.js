// The problem at the caret, in words below the text: for those who come to it with F8 or the arrow keys, where nothing
// hovers. Its fixes are buttons there. While someone types it stays away.

import { StateField } from "@codemirror/state";
import { showPanel } from "@codemirror/view";
import { problemsAt } from "./marks.js";
import { fill } from "./words.js";

const atCaret = StateField.define({
  create: () => null,
  update(shown, { state, docChanged, selection }) {
    if (docChanged) return null;
    if (!selection && !shown) return null;
    const { from, to } = state.selection.main;
    const problem = problemsAt(state, from, to)[0] ?? null;
    return problem && shown && isSame(problem, shown) ? shown : problem;
  },
  provide: (field) => showPanel.from(field, (problem) => problem && ((view) => panel(view, problem))),
});

const isSame = (a, b) => a.message === b.message && a.from === b.from && a.actions?.length === b.actions?.length;

function panel(view, problem) {
  const dom = document.createElement("div");
  dom.className = `problem-bar ${problem.severity}`;
  const words = document.createElement("p");
  fill(words, problem.message);
  dom.append(words);
  for (const action of problem.actions ?? []) {
    const button = document.createElement("button");
    button.type = "button";
    fill(button, action.name);
    button.addEventListener("click", () => action.apply(view, problem.from, problem.to));
    dom.append(button);
  }
  return { dom };
}

/** Applies the first fix of the problem at the caret; for a key binding. */
export function fixHere(view) {
  const { from, to } = view.state.selection.main;
  const problem = problemsAt(view.state, from, to).find((problem) => problem.actions?.length);
  problem?.actions[0].apply(view, problem.from, problem.to);
  return Boolean(problem);
}

export const problemBar = atCaret;
