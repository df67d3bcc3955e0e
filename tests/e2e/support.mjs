// What the end-to-end tests share: Chromium on the built page, served under a base path that is not the root.
//
//   test("…", (t) => withPage(t, {}, async (page) => { … }));
//
// withPage fails the test when the page logs an error, violates its Content-Security-Policy, lets an error escape or
// asks another origin for anything, unless the test said beforehand which of these it expects.

import assert from "node:assert/strict";
import { createReadStream, mkdirSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DIST = resolve(process.env.PODWHY_DIST ?? join(ROOT, "dist"));
const SCREENSHOTS = process.env.PODWHY_SCREENSHOTS ?? join(tmpdir(), "podwhy-screenshots");
const BASE = "/some/base/";

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
};

/** Serves dist/ under BASE, as any static host would, and nothing else. `close()` ends it. */
export async function serveDist() {
  await stat(join(DIST, "index.html")).catch(() => assert.fail(`no page in ${DIST}: run \`cargo xtask build\` first`));
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = path.startsWith(BASE) ? join(DIST, normalize("/" + (path.slice(BASE.length) || "index.html"))) : null;
    if (!file || !(await stat(file).catch(() => null))?.isFile()) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { origin, url: origin + BASE, close };
}

let shared;

/** One Chromium and one server for all tests of a file; they end with the process. */
async function sharedBrowser() {
  shared ??= (async () => {
    const server = await serveDist();
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    const browser = await chromium.launch({ executablePath, args: FLAGS, ignoreDefaultArgs: ["--headless"] });
    return { browser, server };
  })();
  return shared;
}

/** Ends what `withPage` started; every test file calls it in `after`. */
export async function closeBrowser() {
  if (!shared) return;
  const { browser, server } = await shared;
  await browser.close();
  await server.close();
  shared = undefined;
}

/**
 * Runs `body(page, context)` on the page in a fresh profile.
 *
 * Options: `colorScheme` "light" or "dark"; `viewport` {width, height}; `storageState` to start from; `before(page)`
 * runs before the page is opened; `expectedErrors` is a list of regular expressions: errors that match are part of
 * the test. `open: false` leaves opening to the body. `editor` is "plain" (the text areas, which a test can read and
 * select in as it likes) unless it says "code", or "usual" for what a visitor without a remembered choice gets.
 */
export async function withPage(t, options, body) {
  const { browser, server } = await sharedBrowser();
  const { before, expectedErrors = [], open = true, editor = "plain", ...contextOptions } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...contextOptions });
  if (editor !== "usual") await context.addInitScript(chooseEditor, editor);
  const problems = watch(context, server.origin);
  try {
    const page = await context.newPage();
    page.url0 = server.url;
    if (before) await before(page);
    if (open) await openPage(page);
    await body(page, context);
    // What the body caused last reaches the console a moment later.
    await page.waitForTimeout(20);
  } finally {
    await context.close();
  }
  const unexpected = problems.filter((problem) => !expectedErrors.some((pattern) => pattern.test(problem)));
  assert.deepEqual(unexpected, [], `${t.name}: the page had problems`);
}

/** Runs in the page before anything of it: as if the editor had been chosen on an earlier visit. */
function chooseEditor(editor) {
  try {
    if (!localStorage.getItem("podwhy.editor")) localStorage.setItem("podwhy.editor", editor);
  } catch {
    // Pages without an origin have no storage.
  }
}

/** Opens the page and waits until the program runs. */
export async function openPage(page) {
  await page.goto(page.url0);
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
}

/** Collects what no page of ours may do. The policy's violations reach the console, whichever page they are on. */
function watch(context, origin) {
  const problems = [];
  context.on("console", (message) => {
    if (message.type() === "error" || /content.security.policy/i.test(message.text())) {
      problems.push(`console: ${message.text()}`);
    }
  });
  context.on("weberror", (error) => problems.push(`uncaught: ${error.error()?.stack ?? error.error()}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(url.protocol) && url.origin !== origin) {
      problems.push(`request to another origin: ${request.url()}`);
    }
  });
  context.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") {
      problems.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
    }
  });
  return problems;
}

const AXE = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/**
 * Fails when axe-core finds anything on the page. The debugger injects it, which the page's policy does not concern,
 * so that the policy stays as strict as in production. `options` go to `axe.run`. It need not copy the style sheets:
 * no rule in use reads them, and the copies of imported ones are inline styles, which the policy refuses.
 */
export async function assertAccessible(page, options = {}) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (runOptions) => {
    // Without preloading: axe would write the sheets of shadow roots into <style> elements, which the policy refuses.
    const result = await globalThis.axe.run(document, { preload: false, ...runOptions });
    return result.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
    }));
  }, options);
  assert.deepEqual(violations, [], "axe-core found problems");
}

/** Saves a picture of the whole page outside the project and returns its path. */
export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** What the page holds, asked as the second program asks: `{texts, cluster, view}`. */
export function session(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        document.addEventListener("podwhy:session", (event) => done(event.detail), { once: true });
        document.dispatchEvent(new CustomEvent("podwhy:hello"));
      }),
  );
}

/** Puts texts and cluster on the page, as the second program does, and waits for that program's answer, if it is there. */
export async function give(page, texts, cluster) {
  await answered(page, () =>
    page.evaluate(
      ([texts, cluster]) => {
        const detail = { ask: "replace", texts, message: "Given.", ...(cluster ? { cluster } : {}) };
        document.dispatchEvent(new CustomEvent("podwhy:ask", { detail }));
      },
      [texts, cluster],
    ),
  );
}

/** Does something that changes the texts and waits until the second program, if it is there, has answered them. */
export async function answered(page, change) {
  const before = await page.evaluate(() => {
    if (!("answers" in globalThis)) {
      globalThis.answers = 0;
      // Last of all it tells what is wrong.
      document.addEventListener("podwhy:ask", ({ detail }) => (globalThis.answers += Number(detail.ask === "problems")));
    }
    return document.documentElement.dataset.workbench === undefined ? Infinity : globalThis.answers;
  });
  await change();
  if (before !== Infinity) await page.waitForFunction((before) => globalThis.answers > before, before);
}

/**
 * How many times longer work takes in the page just now than on an idle, ordinary machine; at least 1. What a limit of
 * time is multiplied with, so that it is about the page and not about what else the machine does.
 */
export async function slowness(page) {
  const took = await page.evaluate(() => {
    const start = performance.now();
    let mixed = 1;
    for (let i = 0; i < 40_000_000; i += 1) mixed = Math.imul(mixed ^ i, 0x9e3779b1);
    return mixed === 0 ? 0 : performance.now() - start;
  });
  return Math.max(1, took / ORDINARY);
}

/** What the loop of `slowness` takes where nothing else runs, in milliseconds. */
const ORDINARY = 60;

/** Two frames: what the page does at once has been done, and is drawn. */
export function drawn(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/**
 * Waits until `what()` gives what is wanted: a part of a text, a pattern, or what a function accepts. Gives it back, and
 * fails with what is there instead.
 */
export async function becomes(page, what, wanted) {
  const fits = (seen) => {
    if (wanted instanceof RegExp) return wanted.test(seen);
    return typeof wanted === "function" ? wanted(seen) : seen.includes(wanted);
  };
  const until = Date.now() + 15_000;
  for (;;) {
    const seen = await what();
    if (fits(seen)) return seen;
    if (Date.now() > until) assert.fail(`“${wanted}” did not come: ${JSON.stringify(seen)}`);
    await page.waitForTimeout(20);
  }
}

/** The text area of the manifests, whichever editor shows it. */
export const manifests = (page) => page.getByRole("textbox", { name: /^Manifests/ });

/** The verdicts of the first answers. */
export const strip = (page) => page.getByRole("list", { name: "What happens to each container" });

/** A pod of one container. */
export const pod = (name, image) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: main\n      image: ${image}\n`;

/** Shows the half with the answers, where only one half is seen at a time. */
export async function showResult(page) {
  const button = page.getByRole("navigation", { name: "Shown half" }).getByRole("button", { name: /^Result/ });
  if (await button.isVisible()) await button.click();
}

/** Waits until the second program is there. */
export async function workbench(page) {
  await page.evaluate(() => document.dispatchEvent(new CustomEvent("podwhy:wanted")));
  await page.getByRole("button", { name: "Share" }).waitFor();
}

/** The texts of a workspace file, by their names, as crates/core/src/session/workspace.rs reads them. */
export function workspaceTexts(file) {
  const texts = {};
  let name;
  for (const line of file.replace(/\n$/, "").split("\n")) {
    const heading = line.match(/^=== (.+)$/);
    if (heading) name = heading[1];
    else if (name) (texts[name] ??= []).push(line.replace(/^\\(?=\\*===)/, ""));
  }
  delete texts.answer;
  return Object.fromEntries(Object.entries(texts).map(([name, lines]) => [name, lines.join("\n")]));
}
