// Sentences with `names` in backticks, shown as the page's own parts show them (web/src/parts/step_list.rs).

/** Puts a sentence into an element, its quoted names as code. */
export function fill(element, sentence) {
  sentence.split("`").forEach((piece, index) => {
    if (index % 2 === 0) element.append(piece);
    else element.append(Object.assign(document.createElement("code"), { textContent: piece }));
  });
}

/** The same sentence where nothing but plain text can stand. */
export const plain = (sentence) => sentence.replaceAll("`", "");
