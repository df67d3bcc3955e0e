// Starts the page: loads the WebAssembly, hands text over to it, and says so when something fails.
// It knows the page only by ids: #app-js and #app-wasm (written by Trunk.toml), #notice-* (index.html), and every
// <textarea id="…">, whose text it carries over a start and over a fault.

const RESCUED = "podwhy.rescued";
// #app-data is there when the build took the program's constants out of it (web/shrink.mjs).
const app = { js: document.getElementById("app-js").href, wasm: document.getElementById("app-wasm").href };
const data = document.getElementById("app-data");

const textareas = () => [...document.querySelectorAll("textarea[id]")];

/** What stands in the text areas: `{id: {text, start, end, top, focused}}` of those that `keep` accepts. */
function readTexts(keep) {
  const state = (area) => ({
    text: area.value,
    start: area.selectionStart,
    end: area.selectionEnd,
    top: area.scrollTop,
    focused: area === document.activeElement,
  });
  return Object.fromEntries(textareas().filter(keep).map((area) => [area.id, state(area)]));
}

/** Puts the texts back as if they had been typed, so that the page learns of them. */
function writeTexts(texts) {
  for (const area of textareas()) {
    const kept = texts[area.id];
    if (!kept) continue;
    if (area.value !== kept.text) {
      area.value = kept.text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (kept.focused) area.focus({ preventScroll: true });
    area.setSelectionRange(kept.start, kept.end);
    area.scrollTop = kept.top;
  }
}

/** The texts that a fault left behind; they are taken once. Session storage ends with the tab, as credentials need. */
function takeRescued() {
  try {
    const kept = sessionStorage.getItem(RESCUED);
    sessionStorage.removeItem(RESCUED);
    return JSON.parse(kept) ?? {};
  } catch {
    return {};
  }
}

function rescue() {
  try {
    sessionStorage.setItem(RESCUED, JSON.stringify(readTexts(() => true)));
  } catch {
    // Storage is full or forbidden: the text stays in the page as long as the page stays.
  }
}

const show = (id) => {
  document.getElementById(id).hidden = false;
};

const workbenchFiles = [];
const ours = () => [app.wasm, app.js, ...workbenchFiles];

/** Whether an uncaught error comes from the program and not from an extension of the browser. */
function isOurs(error) {
  const stack = String(error?.stack ?? "");
  return error instanceof WebAssembly.RuntimeError || ours().some((file) => stack.includes(file));
}

function onFault(error) {
  if (!isOurs(error)) return;
  document.getElementById("notice-detail").textContent = String(error.stack ?? error);
  show("notice-fault");
  document.documentElement.dataset.fault = "";
  // The program may be dead and no longer store what is typed from now on.
  addEventListener("pagehide", rescue);
}

let workbench;

/** Loads the second program, which has every view beyond the first answers; see web/src/bridge/mod.rs. */
function loadWorkbench() {
  workbench ??= (async () => {
    // Its files have fixed names. The first program's name changes with every build, so that no old file is taken.
    const build = new URL(app.js).pathname.split("/").pop();
    const file = (name) => new URL(`${name}?${build}`, document.baseURI).href;
    workbenchFiles.push(file("workbench.js"), file("workbench_bg.wasm"));
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: file("workbench/all.css") });
    document.head.append(style);
    const program = await import(file("workbench.js"));
    await program.default({ module_or_path: file("workbench_bg.wasm") });
    document.documentElement.dataset.workbench = "";
  })().catch((error) => {
    workbench = undefined;
    show("notice-not-loaded");
    console.error(error);
  });
}

/** Runs `work` at the first sign of somebody being there, and otherwise when the page has been quiet for a while. */
function whenThereIsTime(work) {
  const signs = ["pointerdown", "pointermove", "keydown", "focusin", "scroll"];
  const once = () => {
    for (const sign of signs) removeEventListener(sign, once, true);
    clearTimeout(timer);
    // A browser may never find the time by itself.
    (window.requestIdleCallback ?? setTimeout)(work, { timeout: 1000 });
  };
  const timer = setTimeout(once, 6000);
  for (const sign of signs) addEventListener(sign, once, { capture: true, passive: true });
}

/** Remembers a key that asks for a dialog of the workbench while that is not there yet; see bridge/mod.rs. */
function rememberKey(event) {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
  const command = ctrlKey || metaKey;
  const isText = target.matches?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, [data-typed-into]");
  const palette = command && !altKey && !shiftKey && key.toLowerCase() === "k";
  if (event.defaultPrevented || (!palette && (key !== "?" || command || isText))) return;
  event.preventDefault();
  document.documentElement.dataset.wantedDialog = palette ? "palette" : "keys";
  document.dispatchEvent(new Event("podwhy:wanted"));
}

/** The program, which does nothing yet, and its memory. */
async function compile(wasm) {
  const program = await import(app.js);
  const { memory } = await program.default({ module_or_path: wasm });
  return [program, memory];
}

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function start() {
  if (typeof WebAssembly !== "object") {
    show("notice-no-wasm");
    return;
  }
  addEventListener("error", (event) => onFault(event.error));
  document.addEventListener("podwhy:wanted", loadWorkbench);
  addEventListener("keydown", rememberKey);
  addEventListener("unhandledrejection", (event) => onFault(event.reason));
  document.getElementById("notice-reload").addEventListener("click", () => location.reload());
  try {
    const [[program, memory], constants] = await Promise.all([compile(fetch(app.wasm)), data && load(data.href)]);
    if (data) new Uint8Array(memory.buffer).set(constants, data.dataset.start);
    // The static page can be typed into while the program is on its way.
    const early = readTexts((area) => area.value !== area.defaultValue || area === document.activeElement);
    program.start();
    // The program draws in a microtask, which is queued by now: before that there is no text area to write into.
    await null;
    writeTexts({ ...takeRescued(), ...early });
    document.documentElement.dataset.ready = "";
    dispatchEvent(new Event("podwhy:ready"));
    // A link or an example in the address is opened by the workbench.
    if (location.hash.length > 1) loadWorkbench();
    whenThereIsTime(() => {
      loadWorkbench();
      dispatchEvent(new Event("podwhy:idle"));
    });
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) onFault(error);
    else show(error instanceof WebAssembly.CompileError ? "notice-no-wasm" : "notice-not-loaded");
    console.error(error);
  }
}

start();
