// The list of problems: who says what, at which line; filters, keys, and fixes that can be taken back.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, closeBrowser, manifests, withPage, workbench } from "./support.mjs";

after(closeBrowser);

const rows = (page) => page.getByRole("list", { name: "Problems" }).getByRole("listitem");
const row = (page, text) => rows(page).filter({ hasText: text });

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: main
      image: nginx
      imagePullPolicy: always
      lifecycle:
        preStop:
          exec:
            command: [sleep, "60"]
`;

/** The page with this text, its problems open, and the second program's list in place of the first. */
async function listed(page, text) {
  await manifests(page).fill(text);
  await page.getByRole("tab", { name: /^Problems/ }).click();
  await page.getByRole("group", { name: "Shown problems" }).waitFor();
}

test("an error of validation stands at its line, with its field and a mark in the editor", (t) =>
  withPage(t, {}, async (page) => {
    await listed(page, POD);
    const error = row(page, 'Unsupported value: "always"');
    await error.getByText("spec.containers[0].imagePullPolicy").waitFor();
    assert.equal(await row(page, "Unsupported value").count(), 1, "one report of each error");
    await error.getByRole("button", { name: "line 9" }).click();
    const selected = await manifests(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, "always");
    const mark = page.locator(".gutter-line").filter({ hasText: /(^|\D)9$/ }).locator(".mark.error");
    await mark.waitFor({ state: "attached" });
    await page.getByRole("tab", { name: /^Problems 4/ }).waitFor();
    await assertAccessible(page);
  }));

test("a fix changes the text, its problem goes, and undo brings both back", (t) =>
  withPage(t, {}, async (page) => {
    await listed(page, POD);
    const hook = row(page, "The hook waits 60 s");
    await hook.getByRole("button", { name: /^Fix: Write terminationGracePeriodSeconds: 70/ }).click();
    await hook.waitFor({ state: "detached" });
    const lines = (await manifests(page).inputValue()).split("\n");
    assert.ok(lines.includes("  terminationGracePeriodSeconds: 70"), lines.join("\n"));
    assert.equal(lines.length, POD.split("\n").length + 1, "nothing else is changed");
    await page.getByRole("button", { name: "Undo" }).click();
    await hook.waitFor();
    assert.equal(await manifests(page).inputValue(), POD);
  }));

test("after a fix the focus is on the row that follows", (t) =>
  withPage(t, {}, async (page) => {
    await listed(page, POD);
    await row(page, "Unsupported value").getByRole("button", { name: /^Fix/ }).press("Enter");
    await row(page, "Unsupported value").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.closest(".problem") !== null);
  }));

test("who is in the first list when the second takes its place goes on there", (t) => {
  let release;
  const held = new Promise((done) => (release = done));
  const before = (page) => page.route(/workbench_bg\.wasm/, (route) => held.then(() => route.continue()));
  return withPage(t, { before }, async (page) => {
    await manifests(page).fill(POD.replace("image:", "imagee:"));
    await page.getByRole("tab", { name: /^Problems/ }).click();
    await page.locator(".first-problems").getByRole("button", { name: /^line 8/ }).focus();
    release();
    await page.getByRole("group", { name: "Shown problems" }).waitFor();
    const inList = () => document.querySelector("#view-problems ul.problems")?.contains(document.activeElement);
    await page.waitForFunction(inList);
  });
});

test("errors, warnings and notes can be hidden, and the list can follow the text", (t) =>
  withPage(t, {}, async (page) => {
    await listed(page, POD);
    assert.equal(await rows(page).count(), 4);
    const errors = page.getByRole("button", { name: /1 error$/ });
    await errors.click();
    await row(page, "Unsupported value").waitFor({ state: "detached" });
    assert.equal(await errors.getAttribute("aria-pressed"), "false");
    assert.equal(await rows(page).count(), 3);
    await errors.click();
    await row(page, "Unsupported value").waitFor();
    assert.match(await rows(page).first().innerText(), /Unsupported value/);
    await page.getByRole("combobox", { name: "Order" }).selectOption("as in the text");
    await page.waitForFunction(() => document.querySelector(".problem .finding").textContent.includes("names no tag"));
  }));

test("F8 and Shift+F8 go through the problems of a text, and arrow keys through the list", (t) =>
  withPage(t, {}, async (page) => {
    await listed(page, POD);
    const line = () => manifests(page).evaluate((area) => area.value.slice(0, area.selectionStart).split("\n").length);
    await manifests(page).focus();
    await manifests(page).evaluate((area) => area.setSelectionRange(0, 0));
    await page.keyboard.press("F8");
    assert.equal(await line(), 8);
    await page.keyboard.press("F8");
    assert.equal(await line(), 9);
    await page.keyboard.press("Shift+F8");
    assert.equal(await line(), 8);
    await rows(page).first().getByRole("button", { name: /^line/ }).focus();
    const focused = () => page.evaluate(() => [...document.querySelectorAll(".problem")].indexOf(document.activeElement.closest(".problem")));
    for (const [key, expected] of [["ArrowDown", 1], ["End", 3], ["ArrowUp", 2], ["Home", 0]]) {
      await page.keyboard.press(key);
      assert.equal(await focused(), expected, key);
    }
  }));

test("advice follows typing, and its mark stays on its line meanwhile", (t) =>
  withPage(t, {}, async (page) => {
    await listed(page, POD);
    await manifests(page).evaluate((area) => area.setSelectionRange(0, 0));
    await manifests(page).focus();
    await page.keyboard.type("# one\n# two\n");
    await row(page, "names no tag").getByRole("button", { name: "line 10" }).waitFor();
    await page.locator(".gutter-line").filter({ hasText: /(^|\D)10$/ }).locator(".mark.warning").waitFor({ state: "attached" });
  }));

test("the code editor offers the list's fixes at their lines", (t) =>
  withPage(t, { editor: "code" }, async (page) => {
    await workbench(page);
    const editor = page.getByRole("textbox", { name: /^Manifests/ });
    await editor.click();
    await page.evaluate((text) => {
      const area = document.getElementById("text-manifests");
      area.value = text;
      area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, POD);
    await page.getByRole("tab", { name: /^Problems 4/ }).waitFor();
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("F8");
    await page.keyboard.press("F8");
    await page.getByRole("button", { name: "Write Always" }).click();
    await page.getByRole("tab", { name: /^Problems 3/ }).waitFor();
    assert.match(await page.locator("#text-manifests").inputValue(), /imagePullPolicy: Always\n/);
  }));
