// What the rules know about a place in a text: completion, hover and fixes. The workbench, the page's second program,
// answers; until it has arrived there is no answer, and the editor goes on without.
//
// A question is an event `podwhy:assist` on the document, whose `detail` holds the question and takes the `answer` (plain
// objects, places in UTF-16 units). Questions: `{ask: "complete" | "hover", id, text, offset}`,
// `{ask: "fixes", id, text, code, from, to}`; `id` is the text area's.

/** Of larger texts only what is around the place is sent, to the ends of its document: who types must not wait. */
const LARGE = 400_000;

function ask(question) {
  const event = new CustomEvent("podwhy:assist", { detail: question });
  document.dispatchEvent(event);
  return event.detail.answer;
}

/** What to send of `doc`, and where it begins. */
function around(doc, at) {
  if (doc.length <= LARGE) return { text: doc.toString(), begin: 0 };
  const from = doc.lineAt(Math.max(0, at - LARGE / 2)).from;
  const part = doc.sliceString(from, Math.min(doc.length, at + LARGE / 2));
  const before = part.lastIndexOf("\n---", at - from - 1);
  const after = part.indexOf("\n---", at - from);
  const begin = before < 0 ? 0 : before + 1;
  return { text: part.slice(begin, after < 0 ? undefined : after + 1), begin: from + begin };
}

/**
 * What can be written at `at`: `{from, before, after, items: [{label, detail, info, insert, back}]}`. The word begins at
 * `from`; what is written replaces `before` units before it and `after` units behind `at`, which are quotes and the rest
 * of the word.
 */
export function completionsAt(id, doc, at) {
  const { text, begin } = around(doc, at);
  const answer = ask({ ask: "complete", id, text, offset: at - begin });
  if (!answer) return undefined;
  const { from, start, end, items } = answer;
  return { from: from + begin, before: from - start, after: end + begin - at, items };
}

/** What stands at `at`: `{from, to, title, lines}`. */
export function hoverAt(id, doc, at) {
  const { text, begin } = around(doc, at);
  const answer = ask({ ask: "hover", id, text, offset: at - begin });
  return answer && { ...answer, from: answer.from + begin, to: answer.to + begin };
}

/** The one-click fixes of a problem: `[{title, from, to, insert}]`. */
export function fixesOf(id, doc, { code, from, to }) {
  const { text, begin } = around(doc, from);
  const fixes = ask({ ask: "fixes", id, text, code, from: from - begin, to: to - begin }) ?? [];
  return fixes.map((fix) => ({ ...fix, from: fix.from + begin, to: fix.to + begin }));
}
