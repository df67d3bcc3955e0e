// The language of a text, by what stands in it. YAML's grammar reads JSON too.

import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { Compartment } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** So much of a text is looked at. */
const HEAD = 20_000;
/** Brackets nested deeper than this are no manifest; colouring them would only cost time. */
const DEEPEST = 200;

const languages = { yaml: yaml(), toml: StreamLanguage.define(toml), none: [] };
const compartment = new Compartment();
const current = new WeakMap();

/** The language of `doc`: "yaml", "toml" or "none". */
export function languageOf(doc) {
  const head = doc.sliceString(0, HEAD);
  if (deepest(head) > DEEPEST || head.includes("\0")) return "none";
  const line = head.split("\n").find((line) => /\S/.test(line) && !line.trimStart().startsWith("#")) ?? "";
  return /^\s*(\[[\w."'/ -]+\]\s*$|[\w.-]+\s*=)/.test(line) ? "toml" : "yaml";
}

function deepest(text) {
  let depth = 0;
  let deepest = 0;
  for (const letter of text) {
    if (letter === "{" || letter === "[") deepest = Math.max(deepest, ++depth);
    else if ((letter === "}" || letter === "]") && depth > 0) depth -= 1;
  }
  return deepest;
}

/** Keeps the language after the text. */
export function followsLanguage(doc) {
  const first = languageOf(doc);
  const follow = EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    const name = languageOf(update.state.doc);
    if (name === (current.get(update.view) ?? first)) return;
    current.set(update.view, name);
    queueMicrotask(() => update.view.dispatch({ effects: compartment.reconfigure(languages[name]) }));
  });
  return [compartment.of(languages[first]), follow];
}
