// The language of a text, by what stands in it. YAML's grammar reads JSON too.

import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import { Compartment, EditorState } from "@codemirror/state";

/** A text's language is seen in its beginning. */
const HEAD = 20_000;
/** What has brackets nested deeper is no manifest, and the parser's own stack would not hold it. */
const DEEPEST = 200;
/** Changes that bring less than this nest nothing that deep. */
const LITTLE = 200;

const languages = { yaml: yaml(), toml: StreamLanguage.define(toml), none: [] };
const compartment = new Compartment();

/** The language of a text: "yaml", "toml", or "none" for what is not worth colouring. */
export function languageOf(text) {
  const head = text.slice(0, HEAD);
  if (isDeep(text) || head.includes("\0")) return "none";
  const line = head.split("\n").find((line) => /\S/.test(line) && !line.trimStart().startsWith("#")) ?? "";
  return /^\s*(\[[\w."'/ -]+\]\s*$|[\w.-]+\s*=)/.test(line) ? "toml" : "yaml";
}

/** Two hundred dashes in a row, or two thousand blanks before a line. */
const DEEP = /(?:- *){200}|^ {2000}/m;

function isDeep(text) {
  let depth = 0;
  for (const letter of text) {
    if (letter === "{" || letter === "[") depth += 1;
    else if ((letter === "}" || letter === "]") && depth > 0) depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return DEEP.test(text);
}

/** Keeps the language after the text: changed together with it, so that no parser meets what it cannot hold. */
export function followsLanguage(text) {
  const follow = EditorState.transactionExtender.of((transaction) => {
    if (!transaction.docChanged) return null;
    const before = compartment.get(transaction.startState);
    if (brought(transaction.changes) < LITTLE && before !== languages.none && !isAtHead(transaction.changes)) return null;
    const now = languages[languageOf(transaction.newDoc.toString())];
    return now === before ? null : { effects: compartment.reconfigure(now) };
  });
  return [compartment.of(languages[languageOf(text)]), follow];
}

function brought(changes) {
  let letters = 0;
  changes.iterChanges((_, __, from, to) => (letters += to - from));
  return letters;
}

/** Whether the lines that tell the language may have changed. */
function isAtHead(changes) {
  let first = Infinity;
  changes.iterChanges((from) => (first = Math.min(first, from)));
  return first < LITTLE;
}
