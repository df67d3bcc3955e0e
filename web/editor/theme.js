// How the code editor looks. Every colour is one of the page's own (web/styles/base.css), so both themes and forced
// colours come for free; sizes are those of the plain text area (web/styles/editor.css).

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--yes)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--warning)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.meta, tags.labelName, tags.typeName, tags.heading, tags.separator], color: "var(--evidence)" },
]);

const button = {
  minHeight: "24px",
  padding: "0 8px",
  font: "500 12.5px/1.4 system-ui, sans-serif",
  color: "var(--text)",
  background: "var(--surface)",
  border: "1px solid var(--line-strong)",
  borderRadius: "6px",
  cursor: "pointer",
};

const looks = EditorView.theme({
  "&": { flex: "1", minWidth: "0", height: "100%", color: "var(--text)", background: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "13px/20px var(--mono)", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-placeholder": { color: "var(--faint)", whiteSpace: "pre-wrap" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 22%, transparent) !important",
  },
  ".cm-activeLine": { background: "color-mix(in srgb, var(--hover) 55%, transparent)" },
  ".cm-line.has-error": { background: "var(--error-soft)" },
  ".cm-line.lit": { background: "var(--evidence-soft)" },
  ".evidence, .evidence *": { color: "var(--text) !important" },
  ".evidence": { background: "var(--evidence-strong)", borderRadius: "3px" },

  ".cm-gutters": { color: "var(--faint)", background: "var(--raised)", borderRight: "1px solid var(--line)" },
  ".cm-activeLineGutter": { color: "var(--text)", background: "none", fontWeight: "600" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2ch", padding: "0 2px 0 4px" },
  ".cm-signs": { minWidth: "24px" },
  ".cm-signs .cm-gutterElement, .cm-foldGutter .cm-gutterElement": { display: "grid", placeItems: "center" },
  ".cm-foldGutter .cm-gutterElement": { width: "16px", cursor: "pointer" },
  ".cm-foldPlaceholder": { padding: "0 6px", color: "var(--faint)", background: "var(--hover)", border: "1px solid var(--line-strong)" },
  ".sign": {
    display: "inline-grid",
    placeItems: "center",
    minWidth: "16px",
    height: "16px",
    padding: "0 4px",
    boxSizing: "border-box",
    borderRadius: "8px",
    font: "700 10.5px/1 var(--mono)",
    color: "var(--surface)",
    forcedColorAdjust: "none",
  },
  ".sign.number": { background: "var(--evidence)" },
  ".sign.error": { background: "var(--error)" },
  ".sign.warning": { background: "var(--warning)", borderRadius: "3px" },
  ".sign.info": { background: "var(--accent)", borderRadius: "3px" },

  ".cm-lintRange": { backgroundImage: "none !important", paddingBottom: "0", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
  ".cm-lintRange-error": { textDecorationColor: "var(--error)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warning)" },
  ".cm-lintRange-info": { textDecorationStyle: "dotted", textDecorationColor: "var(--accent)" },
  ".cm-lintRange-active": { background: "var(--hover)" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--error)" },
  ".cm-diagnostic": { padding: "6px 10px", whiteSpace: "pre-wrap", borderLeft: "3px solid var(--accent)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--error)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warning)" },
  ".cm-diagnosticAction": { ...button, margin: "4px 0 2px 8px", color: "var(--text)", background: "var(--surface)" },
  ".cm-diagnosticSource": { color: "var(--faint)", opacity: "1", font: "12px/1.4 var(--mono)" },

  ".cm-tooltip": {
    maxWidth: "min(480px, 90vw)",
    font: "13px/1.45 system-ui, sans-serif",
    color: "var(--text)",
    background: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "6px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 20%)",
    overflow: "hidden",
  },
  ".hover-card": { padding: "6px 10px" },
  ".hover-card p": { margin: "2px 0 0" },
  ".hover-card strong": { font: "600 13px/1.45 var(--mono)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "16em", font: "13px/1.4 var(--mono)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { display: "flex", gap: "12px", alignItems: "center", minHeight: "24px", padding: "2px 10px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--on-accent)", background: "var(--accent)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { marginLeft: "auto", fontStyle: "normal", color: "var(--faint)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionInfo": { padding: "6px 10px", whiteSpace: "pre-wrap" },

  ".cm-panels": { color: "var(--text)", background: "var(--raised)", font: "13px/1.45 system-ui, sans-serif" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 6px", padding: "6px 34px 6px 10px" },
  ".cm-panel.cm-search br": { display: "none" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "3px", minHeight: "24px", fontSize: "12.5px", margin: "0" },
  ".cm-panel.cm-search input[type=checkbox]": { width: "16px", height: "16px", margin: "0", accentColor: "var(--accent)" },
  ".cm-textfield": { minHeight: "24px", margin: "0", padding: "1px 6px", font: "13px/1.4 var(--mono)", color: "var(--text)", background: "var(--surface)", border: "1px solid var(--line-strong)", borderRadius: "6px" },
  ".cm-button": { ...button, backgroundImage: "none", margin: "0" },
  ".cm-panel.cm-search [name=close]": { top: "6px", right: "6px", width: "24px", height: "24px", color: "var(--text)", fontSize: "18px", cursor: "pointer" },
  ".cm-searchMatch": { background: "color-mix(in srgb, var(--warning) 30%, transparent)" },
  ".cm-searchMatch-selected": { background: "color-mix(in srgb, var(--warning) 55%, transparent)" },
  ".cm-selectionMatch": { background: "color-mix(in srgb, var(--accent) 14%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { background: "none", outline: "1px solid var(--line-strong)" },
  ".cm-specialChar": { color: "var(--error)" },
  ".problem-bar": { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 10px", padding: "5px 12px", borderLeft: "3px solid var(--accent)", maxHeight: "7em", overflow: "auto" },
  ".problem-bar.error": { borderLeftColor: "var(--error)" },
  ".problem-bar.warning": { borderLeftColor: "var(--warning)" },
  ".problem-bar p": { margin: "0", whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  ".problem-bar button": button,
  ":focus-visible:not(.cm-content)": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  "@media (forced-colors: active)": {
    ".evidence, .cm-line.lit": { outline: "1px solid Highlight" },
    ".sign": { border: "1px solid" },
  },
});

export const theme = [looks, syntaxHighlighting(colours)];
