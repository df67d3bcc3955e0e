// Which editor shows the texts: the plain text area, or the code editor in front of it, and when the latter is fetched.
//
// The code editor is not part of the first answers. It comes when the page is idle after them, or as soon as someone
// goes into a text. On devices that are only touched the text area stays, unless asked otherwise: there the browser's
// own selection handles, magnifier, dictation and keyboards work in it, nothing more is downloaded, and CodeMirror's
// strong points (keys, hovering) are out of reach. Measured at a quarter of a desktop's speed in a text of 360 lines, it
// also takes half a second of work to show, and each letter appears 20 to 70 ms later. The choice is remembered.

const CHOICE = "podwhy.editor";
const touched = matchMedia("(pointer: coarse)").matches && !matchMedia("(any-pointer: fine)").matches;

function remembered() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

function remember(choice) {
  try {
    localStorage.setItem(CHOICE, choice);
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
}

let plain = (remembered() ?? (touched ? "plain" : "code")) === "plain";
let fetched;

const showChoice = () => {
  const box = document.getElementById("plain-editor");
  if (box) box.checked = plain;
};

async function apply() {
  showChoice();
  if (plain && !fetched) return;
  try {
    const address = new URL(document.getElementById("editor-js").content, document.baseURI);
    const editor = await (fetched ??= import(address));
    if (plain) editor.leave();
    else editor.enter();
  } catch (error) {
    // The text areas go on as they are; the next visit to a text tries again.
    fetched = undefined;
    console.warn("The code editor could not be loaded.", error);
  }
}

addEventListener("podwhy:ready", showChoice);
addEventListener("podwhy:idle", () => {
  if (!plain) apply();
});

// Several lines that come as if they were typed, from a dictation or a program: a browser writes them line by line, each
// with its own layout and its own event, a second for every few hundred.
document.addEventListener("textInput", (event) => {
  const area = event.target;
  if (!area.matches?.(".editor textarea") || event.data.split("\n", 100).length < 100) return;
  event.preventDefault();
  area.setRangeText(event.data, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("focusin", (event) => {
  if (!plain && !fetched && event.target.matches?.(".editor textarea") && document.documentElement.dataset.ready === "") apply();
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "plain-editor") return;
  plain = event.target.checked;
  remember(plain ? "plain" : "code");
  apply();
});
