// What the rules know about a place in a text: completion, hover and fixes. The workbench, the page's second program,
// answers; until it has arrived there is no answer, and the editor goes on without.
//
// A question is an event `podwhy:assist` on the document, whose `detail` holds the question and takes the `answer` (plain
// objects, places in UTF-16 units). Questions: `{ask: "complete" | "hover", id, text, offset}`,
// `{ask: "fixes", id, text, code, from, to}`; `id` is the text area's.

/** Of larger texts only the document around the place is sent: who types must not wait for the others. */
const LARGE = 400_000;

function ask(question) {
  const event = new CustomEvent("podwhy:assist", { detail: question });
  document.dispatchEvent(event);
  return event.detail.answer;
}

/** The document around `at` in a large text, and where it begins; a small text as a whole. */
function around(text, at) {
  if (text.length <= LARGE) return { text, begin: 0 };
  const before = text.lastIndexOf("\n---", at - 1);
  const after = text.indexOf("\n---", at);
  const begin = Math.max(before < 0 ? 0 : before + 1, at - LARGE);
  return { text: text.slice(begin, Math.min(after < 0 ? text.length : after + 1, at + LARGE)), begin };
}

const moved = (answer, begin) => answer && { ...answer, from: answer.from + begin, to: answer.to + begin };

/**
 * What can be written at `at`: `{from, before, after, items: [{label, detail, info, insert, back}]}`. The word begins at
 * `from`; what is written replaces `before` units before it and `after` units behind `at`, which are quotes and the rest
 * of the word.
 */
export function completionsAt(id, whole, at) {
  const { text, begin } = around(whole, at);
  const answer = ask({ ask: "complete", id, text, offset: at - begin });
  if (!answer) return undefined;
  const { from, start, end, items } = answer;
  return { from: from + begin, before: from - start, after: end + begin - at, items };
}

/** What stands at `at`: `{from, to, title, lines}`. */
export function hoverAt(id, whole, at) {
  const { text, begin } = around(whole, at);
  return moved(ask({ ask: "hover", id, text, offset: at - begin }), begin);
}

/** The one-click fixes of a problem: `[{title, from, to, insert}]`. */
export function fixesOf(id, whole, { code, from, to }) {
  const { text, begin } = around(whole, from);
  const fixes = ask({ ask: "fixes", id, text, code, from: from - begin, to: to - begin }) ?? [];
  return fixes.map((fix) => moved(fix, begin));
}
