// What the page says about the text: problems, and the numbered places that an open explanation speaks of.
//
// The page writes both into the text area's `data-marks` (web/src/editor/marks.rs): the length of the text that they
// are about, then records of sign, start, end, code, message and help. Places are bytes; here they become UTF-16.

import { forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutter } from "@codemirror/view";
import { fixesOf } from "./core.js";
import { fill, plain } from "./words.js";

const RECORD = "\u001e";
const FIELD = "\u001f";
/** More problems are in the page's list; drawing them all would only cost time. */
const MOST = 1_000;

/** Reads `data-marks` and shows it, if it is about the text that the view has now. */
export function markAgain(view, area) {
  const [length, ...records] = (area.dataset.marks ?? "0").split(RECORD);
  const { doc } = view.state;
  const marks = records.slice(0, MOST).map(readRecord);
  if (!placeInUnits(marks, doc.toString(), Number(length))) return;
  const problems = marks.filter((mark) => mark.severity);
  view.dispatch(setDiagnostics(view.state, problems.map((mark) => diagnostic(mark, area, doc))), {
    effects: shown.of(marks),
  });
}

function readRecord(record) {
  const [sign, start, end, code, message, help] = record.split(FIELD);
  const severity = ["error", "warning", "info"].includes(sign) ? sign : undefined;
  return { severity, number: severity ? 0 : Number(sign), start: Number(start), end: Number(end), code, message, help };
}

/** Adds `from` and `to` in UTF-16 units; false if `text` does not have `length` bytes and the marks are of another. */
function placeInUnits(marks, text, length) {
  if (text.length > length) return false;
  if (text.length === length) {
    // One byte each: nothing to count.
    for (const mark of marks) [mark.from, mark.to] = [Math.min(mark.start, length), Math.min(mark.end, length)];
    return true;
  }
  const places = marks.flatMap((mark) => [[mark.start, mark, "from"], [mark.end, mark, "to"]]);
  places.sort((a, b) => a[0] - b[0]);
  let byte = 0;
  let next = 0;
  for (let unit = 0; unit <= text.length; unit += 1) {
    for (; next < places.length && places[next][0] <= byte; next += 1) places[next][1][places[next][2]] = unit;
    if (unit === text.length) break;
    const code = text.charCodeAt(unit);
    // Each half of a pair counts two of its four bytes.
    byte += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return byte === length && next === places.length;
}

function diagnostic(mark, area, doc) {
  const { from, to, severity, code, message, help } = mark;
  return {
    from,
    to: Math.max(from, to),
    severity,
    source: code,
    message: help ? `${message}\n${help}` : message,
    renderMessage() {
      const words = document.createElement("span");
      fill(words, this.message);
      return words;
    },
    // Asked for when somebody looks at the problem: thousands may be marked, and each question carries the text.
    get actions() {
      return fixesOf(area.id, doc, mark).map((fix) => action(fix, doc));
    },
  };
}

function action(fix, doc) {
  return {
    name: plain(fix.title),
    apply(view) {
      // Where the text went on meanwhile, the next marks bring the fix that is right then.
      const same = view.state.sliceDoc(fix.from, fix.to) === doc.sliceString(fix.from, fix.to);
      if (same) view.dispatch({ changes: fix, userEvent: "input.fix" });
      view.focus();
    },
  };
}

const shown = StateEffect.define();

class SignMarker extends GutterMarker {
  constructor(sign, titles) {
    super();
    this.sign = sign;
    this.titles = titles;
  }
  eq(other) {
    return other.sign === this.sign && other.titles === this.titles;
  }
  toDOM() {
    const element = document.createElement("span");
    element.className = /\d/.test(this.sign) ? "sign number" : `sign ${this.sign}`;
    element.textContent = { error: "!", warning: "!", info: "i" }[this.sign] ?? this.sign;
    element.title = this.titles;
    return element;
  }
}

const ORDER = ["error", "warning", "info"];
const lineWithError = Decoration.line({ class: "has-error" });
const lineWithEvidence = Decoration.line({ class: "lit" });
const evidence = Decoration.mark({ class: "evidence" });

/** What is drawn for the marks: signs beside the lines, and lines and ranges lit up. */
const drawn = StateField.define({
  create: () => ({ signs: RangeSet.empty, ranges: Decoration.none }),
  update(value, transaction) {
    const effect = transaction.effects.find((effect) => effect.is(shown));
    if (effect) return draw(transaction.state.doc, effect.value);
    if (!transaction.docChanged) return value;
    return { signs: value.signs.map(transaction.changes), ranges: value.ranges.map(transaction.changes) };
  },
  provide: (field) => EditorView.decorations.from(field, ({ ranges }) => ranges),
});

function draw(doc, marks) {
  const lines = new Map();
  const ranges = [];
  for (const mark of marks) {
    const line = doc.lineAt(mark.from);
    const known = lines.get(line.from) ?? [];
    lines.set(line.from, [...known, mark]);
    if (!mark.severity && mark.from < mark.to) ranges.push(evidence.range(mark.from, mark.to));
  }
  const signs = [];
  for (const [at, here] of lines) {
    const worst = ORDER.find((severity) => here.some((mark) => mark.severity === severity));
    const titles = here.map((mark) => plain(mark.message ?? "")).join("\n");
    signs.push(new SignMarker(worst ?? String(here[0].number), titles).range(at));
    if (worst === "error") ranges.push(lineWithError.range(at));
    if (here.some((mark) => !mark.severity)) ranges.push(lineWithEvidence.range(at));
  }
  return { signs: RangeSet.of(signs, true), ranges: Decoration.set(ranges, true) };
}

const signGutter = gutter({ class: "cm-signs", markers: (view) => view.state.field(drawn).signs });

/** Everything that draws marks. */
export const marks = [drawn, signGutter];

/** A command that selects the next problem, or the one before with `step` -1, round and round. */
export const goToProblem = (step) => (view) => {
  const problems = [];
  forEachDiagnostic(view.state, ({ message }, from, to) => problems.push({ message, from, to }));
  problems.sort((a, b) => a.from - b.from || a.to - b.to);
  if (problems.length === 0) return false;
  const { from, to } = view.state.selection.main;
  const beyond = (problem) => step * (problem.from - from || problem.to - to) > 0;
  const next = (step > 0 ? problems.find(beyond) : problems.findLast(beyond)) ?? problems.at(step > 0 ? 0 : -1);
  view.dispatch({
    selection: { anchor: next.from, head: next.to },
    effects: EditorView.announce.of(plain(next.message)),
    scrollIntoView: true,
  });
  return true;
};

/** The problems at a place, worst first, with their fixes. */
export function problemsAt(state, from, to) {
  const found = [];
  forEachDiagnostic(state, (problem, start, end) => {
    if (start <= to && end >= from) found.push({ ...problem, from: start, to: end });
  });
  return found.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}
