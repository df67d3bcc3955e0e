// The page starts, keeps its policy, and says so when it cannot run.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, closeBrowser, screenshot, withPage, workbench } from "./support.mjs";

after(closeBrowser);

test("the program starts under a base path that is not the root", (t) =>
  withPage(t, {}, async (page) => {
    assert.equal(await page.title(), "Podwhy");
    assert.equal((await page.locator("header h1").textContent()).trim(), "Podwhy");
    assert.equal(await page.locator("main").count(), 1, "the static page gave way to the program's");
    for (const notice of await page.locator(".notice").all()) assert.equal(await notice.isVisible(), false);
  }));

test("the policy is in the page and refuses inline script, inline style and other origins", (t) =>
  withPage(t, { expectedErrors: [/Content Security Policy/, /request failed/, /request to another origin/] }, async (page) => {
    const violated = await page.evaluate(async () => {
      const seen = new Set();
      addEventListener("securitypolicyviolation", (event) => seen.add(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "globalThis.inlineRan = true";
      const style = document.createElement("style");
      style.textContent = "body { outline: 1px solid }";
      document.body.append(script, style);
      await fetch("http://podwhy.invalid/").catch(() => {});
      for (let left = 100; left > 0 && seen.size < 3; left--) await new Promise((done) => setTimeout(done, 20));
      return { seen: [...seen].sort(), inlineRan: globalThis.inlineRan };
    });
    assert.deepEqual(violated.seen, ["connect-src", "script-src-elem", "style-src-elem"]);
    assert.equal(violated.inlineRan, undefined);
  }));

test("the second program's styles change nothing of the first answers", (t) => {
  let release;
  const held = new Promise((done) => (release = done));
  const before = (page) => page.route(/workbench\/all\.css/, (route) => held.then(() => route.continue()));
  return withPage(t, { before }, async (page) => {
    const sizes = async () => {
      const all = {};
      for (const view of ["Images", "Credentials"]) {
        await page.getByRole("tab", { name: view }).click();
        all[view] = await page.getByRole("tabpanel").last().evaluate((panel) => {
          // What the second program draws in a view of the first is its own.
          const own = panel.querySelector("#create-secret");
          if (own) own.hidden = true;
          return [...panel.querySelectorAll("*")].filter((one) => !own?.contains(one)).map((one) => {
            const { width, height } = one.getBoundingClientRect();
            return { name: `${one.tagName} ${one.getAttribute("class") ?? ""}`, width, height };
          });
        });
      }
      return all;
    };
    await page.mouse.move(9, 9);
    await workbench(page);
    const first = await sizes();
    for (const view of Object.values(first)) assert.ok(view.length > 50, "there is something to compare");
    release();
    await page.waitForFunction(() => [...document.styleSheets].some(({ href }) => href?.includes("all.css")));
    const second = await sizes();
    for (const [view, elements] of Object.entries(first)) {
      assert.equal(second[view].length, elements.length, view);
      // The line between the halves takes a pixel.
      const changed = elements.filter(({ width, height }, index) => {
        const now = second[view][index];
        return Math.abs(now.width - width) > 2 || Math.abs(now.height - height) > 2;
      });
      assert.deepEqual(changed.map(({ name }) => name), [], view);
    }
  });
});

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of [["wide", { width: 1280, height: 800 }], ["phone", { width: 390, height: 844 }]]) {
    test(`axe-core finds nothing: ${colorScheme}, ${size}`, (t) =>
      withPage(t, { colorScheme, viewport }, async (page) => {
        await assertAccessible(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
        await screenshot(page, `start-${colorScheme}-${size}`);
      }));
  }
}

test("without WebAssembly the page says what is missing", (t) =>
  withPage(t, { open: false, before: (page) => page.addInitScript("delete globalThis.WebAssembly") }, async (page) => {
    await page.goto(page.url0);
    await page.locator("#notice-no-wasm").waitFor();
    await assertAccessible(page);
  }));

test("without JavaScript the page says so", (t) =>
  withPage(t, { open: false, javaScriptEnabled: false, expectedErrors: [/^request failed: .*\.js csp$/] }, async (page) => {
    await page.goto(page.url0);
    const notice = page.locator("noscript .notice");
    assert.match(await notice.textContent(), /needs JavaScript/);
    // isVisible() leaves out whatever is inside <noscript>.
    assert.ok((await notice.boundingBox())?.height > 20);
  }));

test("a program that cannot be fetched is reported, and the page stays", (t) =>
  withPage(
    t,
    {
      open: false,
      before: (page) => page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "" })),
      expectedErrors: [/^console:/],
    },
    async (page) => {
      await page.goto(page.url0);
      await page.locator("#notice-not-loaded").waitFor();
      assert.equal(await page.locator("header h1").isVisible(), true);
    },
  ));

// A real trap of WebAssembly, raised as the program's own would be: a module of one function that is `unreachable`.
const TRAP = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];

test("after a fault the page says so, keeps the text, and a reload gives it back", (t) =>
  withPage(t, { expectedErrors: [/unreachable/] }, async (page) => {
    // Beside the program's own elements, which it draws anew when it starts.
    const addTextarea = () => {
      const area = document.createElement("textarea");
      area.id = "proof";
      area.setAttribute("aria-label", "proof");
      const section = document.createElement("section");
      section.setAttribute("aria-label", "proof");
      section.append(area);
      document.body.append(section);
    };
    await page.evaluate(addTextarea);
    await page.locator("#proof").fill("kind: Pod");
    await page.evaluate((bytes) => {
      const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
      setTimeout(f, 0);
    }, TRAP);
    await page.locator("#notice-fault").waitFor();
    assert.equal(await page.locator("#proof").inputValue(), "kind: Pod");
    assert.match(await page.locator("#notice-detail").textContent(), /unreachable/);
    await assertAccessible(page);
    await page.locator("#proof").fill("kind: Pod # typed after the fault");
    await page.addInitScript(`addEventListener("DOMContentLoaded", ${addTextarea})`);
    await page.getByRole("button", { name: "Reload and keep my text" }).click();
    await page.locator("html[data-ready]:not([data-fault])").waitFor({ state: "attached" });
    assert.equal(await page.locator("#notice-fault").isVisible(), false);
    assert.equal(await page.locator("#proof").inputValue(), "kind: Pod # typed after the fault");
  }));
