// Whole jobs from beginning to end: with the keyboard alone, by touch, and as somebody does them who has never seen the page.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { assertAccessible, closeBrowser, drawn, give, openPage, screenshot, session, withPage, workbench, workspaceTexts } from "./support.mjs";

after(closeBrowser);

const FIXTURE = workspaceTexts(readFileSync(new URL("../fixtures/workspace.txt", import.meta.url), "utf8"));
const VIEWS = ["Images", "Credentials", "Pulls", "Use cases", "Nodes", "Start & stop", "Environment", "Stored", "Compare", "Problems"];

const dockerConfig = (key) => Buffer.from(JSON.stringify({ auths: { [key]: { username: "robot", password: "x-example" } } }));
const podWithKey = (image, key) => `apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  imagePullSecrets:
    - name: regcred
  containers:
    - name: app
      image: ${image}
---
apiVersion: v1
kind: Secret
metadata:
  name: regcred
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: ${dockerConfig(key).toString("base64")}
`;

/** Puts a text into the focused field as a paste does. */
const paste = (page, text) => page.evaluate((text) => document.execCommand("insertText", false, text), text);

/** Presses `key` until `done` says that the focus is where it is wanted. */
async function until(page, key, done, what, most = 80) {
  for (let left = most; left > 0; left--) {
    if (await page.evaluate(done.fn, done.arg)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${key} did not lead to ${what}`);
}

/** The focus is on an element of this role's kind with this name. */
const focusOn = (selector, words) => ({
  fn: ([selector, words]) => {
    const element = document.activeElement;
    const name = `${element?.getAttribute("aria-label") ?? ""} ${element?.textContent ?? ""} ${element?.labels?.[0]?.textContent ?? ""}`;
    return Boolean(element?.matches(selector)) && name.includes(words);
  },
  arg: [selector, words],
});

/** What the text on the screen must say: the part that fails, and what it was compared with. */
const WRONG_KEYS = [
  ["label", "registry.eu.example.com/team/shop:1", "registry.us.example.com", ["eu", "us"]],
  ["port", "registry.example.com:5000/team/shop:1", "registry.example.com", ["port", "5000"]],
  ["path", "registry.example.com/team/shop:1", "registry.example.com/other", ["path", "/team/shop", "/other"]],
];

for (const [part, image, key, words] of WRONG_KEYS) {
  test(`whoever pastes a pod whose key fails by its ${part} reads so after at most three actions`, (t) =>
    withPage(t, {}, async (page) => {
      await page.locator("#text-manifests").focus();
      await page.keyboard.press("Control+a");
      await paste(page, podWithKey(image, key));
      // One action of the three: what the verdict's line leads to.
      await page.getByRole("button", { name: /shop \/ app/ }).first().click();
      const seen = page.locator(".views .tab-panel:visible");
      for (const word of words) {
        await page.waitForFunction(
          (word) => [...document.querySelectorAll(".views .tab-panel:not([hidden])")].some((panel) => panel.innerText.includes(word)),
          word,
        );
      }
      assert.match(await seen.first().innerText(), /differs|fails|none|not/i);
    }));
}

test("the main jobs with the keyboard alone: paste, verdict, line, duration, releases, link", async (t) => {
  let link;
  await withPage(t, { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await workbench(page);
    // Paste.
    await until(page, "Tab", focusOn("textarea", "Manifests"), "the text");
    await page.keyboard.press("Control+a");
    await paste(page, podWithKey("registry.example.com:5000/team/shop:1", "registry.example.com"));
    // Read the verdict, and find the line.
    await page.getByText("a private image ends in").waitFor();
    await until(page, "Tab", focusOn("button", "shop / app"), "the verdict");
    await page.keyboard.press("Enter");
    await until(page, "Tab", focusOn("button", "line 18"), "the key's line");
    await page.keyboard.press("Enter");
    const selected = () =>
      page.evaluate(() => {
        const area = document.querySelector("#text-manifests");
        return document.activeElement === area ? area.value.slice(area.selectionStart, area.selectionEnd) : "";
      });
    assert.ok((await selected()).length > 10, await selected());
    // Change a duration.
    await page.keyboard.press("Control+k");
    await page.keyboard.type("view start");
    await page.keyboard.press("Enter");
    await page.locator("#view-lifecycle [role=slider]").first().waitFor();
    // Who chose a view goes on in it.
    assert.ok(await page.getByRole("tab", { name: "Start & stop" }).evaluate((tab) => tab === document.activeElement));
    const handle = page.locator("#view-lifecycle [role=slider][aria-valuenow]").last();
    await until(page, "Tab", focusOn("[role=slider]", ""), "a handle of the timeline", 120);
    const value = () => page.evaluate(() => document.activeElement.getAttribute("aria-valuenow"));
    const before = await value();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((before) => document.activeElement.getAttribute("aria-valuenow") !== before, before);
    assert.ok(await handle.count());
    // Compare two releases.
    await page.keyboard.press("Control+k");
    await page.keyboard.type("release 1.35");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("view compare");
    await page.keyboard.press("Enter");
    await page.getByText(/differ between v1\.34 and the present input in v1\.35/).waitFor();
    // Copy a link.
    await until(page, "Shift+Tab", focusOn("button", "Share"), "Share", 160);
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Link" }).waitFor();
    await until(page, "Tab", focusOn("button", "Copy link"), "Copy link");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.includes("#v1.")));
    link = await page.evaluate(() => navigator.clipboard.readText());
  });
  // Open it, as somebody else.
  await withPage(t, { open: false }, async (page) => {
    await page.goto(page.url0 + new URL(link).hash);
    await page.waitForFunction(() => document.querySelector("#release")?.value === "v1.35");
    const { texts, cluster } = await session(page);
    assert.match(cluster, /release v1\.35/);
    assert.ok(texts.manifests.includes("kind: Secret") && !texts.manifests.includes(dockerConfig("registry.example.com").toString("base64")));
  });
});

test("the same on a phone by touch", (t) =>
  withPage(t, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async (page) => {
    await page.locator("#text-manifests").tap();
    await page.locator("#text-manifests").fill(podWithKey("registry.example.com:5000/team/shop:1", "registry.example.com"));
    await page.getByRole("button", { name: /^Result/ }).tap();
    await page.getByRole("button", { name: /shop \/ app/ }).first().tap();
    await page.getByText("port 5000").first().waitFor();
    await page.getByRole("button", { name: /line 18/ }).first().tap();
    assert.ok(await page.locator("#text-manifests").isVisible(), "the text is shown");
    await page.getByRole("button", { name: /^Result/ }).tap();
    await page.getByRole("tab", { name: "Start & stop" }).tap();
    const number = page.locator("#view-lifecycle input").first();
    await number.waitFor();
    // A command leads to the answers from the other half too.
    await page.getByRole("button", { name: "Input", exact: true }).tap();
    await page.getByRole("button", { name: "Commands" }).tap();
    await page.getByRole("option", { name: "View Start & stop" }).tap();
    await number.waitFor();
    await page.locator("#release").selectOption("v1.35");
    await page.getByRole("tab", { name: "Compare" }).tap();
    await page.getByText(/present input in v1\.35/).waitFor();
    await page.getByRole("button", { name: "Share" }).tap();
    await page.getByRole("textbox", { name: "Link" }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `the page is ${width} px wide`);
  }));

/** Opens a view of the answers; a text may have a tab of a similar name. */
const openView = (page, name) =>
  page.getByRole("region", { name: "Result" }).getByRole("tab", { name: new RegExp(`^${name}( \\d+)?$`) }).click();

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of [["wide", { width: 1440, height: 900 }], ["phone", { width: 390, height: 844 }]]) {
    test(`axe-core finds nothing on any view: ${colorScheme}, ${size}`, (t) =>
      withPage(t, { colorScheme, viewport }, async (page) => {
        await workbench(page);
        await give(page, FIXTURE);
        if (size === "phone") await page.getByRole("button", { name: /^Result/ }).click();
        for (const name of VIEWS) {
          await openView(page, name);
          await page.waitForFunction(() => document.querySelector(".views > .tab-panel:not([hidden])")?.innerText.trim().length > 20);
          await drawn(page);
          await assertAccessible(page);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(overflow <= 0, `${name}: the page is ${overflow} px wider than the screen`);
          await screenshot(page, `view-${name.replaceAll(/\W+/g, "-")}-${colorScheme}-${size}`);
        }
      }));
  }
}

test("the page reflows at 320 px", (t) =>
  withPage(t, { viewport: { width: 320, height: 640 } }, async (page) => {
    await workbench(page);
    await give(page, FIXTURE);
    await page.getByRole("button", { name: /^Result/ }).click();
    for (const name of VIEWS) {
      await openView(page, name);
      await drawn(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name}: the page is ${overflow} px wider than the screen`);
    }
  }));

test("the separator moves by pointer and by keys, and a button shows one half alone", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    const line = page.getByRole("separator", { name: /Width of the input/ });
    const left = page.locator(".left");
    const width = async () => (await left.boundingBox()).width;
    const before = await width();
    await line.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const wider = await width();
    assert.ok(wider > before + 20, `${before} -> ${wider}`);
    const box = await line.boundingBox();
    await page.mouse.move(box.x, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x - 200, box.y + 200, { steps: 4 });
    await page.mouse.up();
    assert.ok((await width()) < wider - 150);
    await page.getByRole("button", { name: "Result only" }).click();
    assert.equal(await left.isVisible(), false);
    await page.reload();
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
    assert.equal(await left.isVisible(), false, "it is remembered");
    await workbench(page);
    await page.getByRole("button", { name: "Input and result" }).click();
    assert.equal(await left.isVisible(), true);
  }));

test("the slider goes through the releases and marks where the answer changes", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await page.mouse.move(200, 300);
    const slider = page.getByRole("slider", { name: "Kubernetes release" });
    await slider.focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => document.querySelector("#release").value === "v1.36");
    await page.getByText(/The answer changes in .*v1\.35/).waitFor({ state: "attached", timeout: 60_000 });
    // What changes first is said at the tick, and to who comes there with the keys.
    const ticks = page.locator(".release-slider title");
    assert.match((await ticks.allTextContents()).join("\n"), /^v1\.35: \w+/m);
    await slider.press("ArrowLeft");
    await page.waitForFunction(() => /^v1\.35, \w+/.test(document.querySelector(".release-slider input").getAttribute("aria-valuetext")));
    // Since v1.30 an event tells an image's size, and decides nothing.
    assert.ok((await page.locator(".release-slider .tick-wording").count()) > 0);
    assert.doesNotMatch((await page.locator("#release-changes").textContent()).split(";")[0], /v1\.30/);
  }));

test("of many pods the one that is looked at is compared, and its releases are marked", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    const one = (at) => podWithKey("registry.example.com/team/shop:1", "registry.example.com").split("---")[0].replace("name: shop", `name: shop-${at}`);
    await give(page, { manifests: Array.from({ length: 8 }, (_, at) => one(at)).join("---\n") });
    await page.mouse.move(200, 300);
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByText("Pod shop-0 alone is compared; choose another of the 8 pods above.").waitFor();
    await page.getByRole("combobox", { name: "Pod", exact: true }).selectOption("3");
    await page.getByText("Pod shop-3 alone is compared").waitFor();
    await page.getByText(/The answer about Pod shop-3 changes in/).waitFor({ state: "attached", timeout: 60_000 });
  }));

test("? lists the keys outside of texts, and is a letter inside", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await page.locator("#text-manifests").focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("# ?");
    assert.equal(await page.getByRole("dialog").count(), 0);
    await page.locator(".brand").click();
    await page.getByRole("tab", { name: "Images" }).focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }));

test("keys that come before the workbench are remembered until it is there", async (t) => {
  for (const [key, title] of [["Control+k", "Commands"], ["?", "Keys"]]) {
    await withPage(t, { open: false }, async (page) => {
      // The second program comes late.
      await page.route(/workbench_bg\.wasm/, async (route) => {
        await new Promise((done) => setTimeout(done, 300));
        await route.continue();
      });
      await openPage(page);
      await page.keyboard.press(key);
      await page.getByRole("dialog", { name: title }).waitFor();
    });
  }
});

test("a view that is chosen in the palette has the focus, and ? works on a check box", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command" }).fill("pulls");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "tabpanel");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-labelledby")), await page.getByRole("tab", { name: "Pulls" }).getAttribute("id"));
    await page.evaluate(() => {
      const box = Object.assign(document.createElement("input"), { type: "checkbox", ariaLabel: "x" });
      document.body.append(box);
      box.focus();
    });
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
  }));
