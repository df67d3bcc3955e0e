// Start & stop: the timeline's times are dragged, moved with the keyboard, and typed; wrong ones leave the picture.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, closeBrowser, manifests, withPage } from "./support.mjs";

after(closeBrowser);

const EXAMPLE = "preStop takes 55 s of the 60 s grace";

const life = (page) => page.getByRole("region", { name: "Start and stop", exact: true });
const picture = (page) => life(page).getByRole("img").first();
const preStop = (page) => page.getByRole("slider", { name: "app: preStop takes" });
const events = (page) => life(page).getByRole("region", { name: /^kubectl describe pod/ });
const scenario = (page) => page.locator("#text-scenario").inputValue();

/** Opens the view with the documentation's example. */
async function openExample(page) {
  await manifests(page).fill("apiVersion: v1\nkind: Pod\nmetadata: {name: any}\nspec:\n  containers:\n  - {name: main, image: nginx}\n");
  await page.getByRole("tab", { name: "Start & stop" }).click();
  await life(page).getByRole("button", { name: /60\/55\/10 example/ }).click();
  await says(page, EXAMPLE);
}

/** Waits until the sentence on top holds a text. */
async function says(page, text) {
  const heading = life(page).getByRole("heading", { level: 2 }).first();
  const found = await heading.filter({ hasText: text }).waitFor({ timeout: 8000 }).then(() => true, () => false);
  if (!found) assert.fail(`“${text}” is not on top: ${await life(page).innerText()}`);
}

/** What the picture writes about KILL. */
const kill = (page) => picture(page).locator(".is-kill text").first().textContent();

test("dragging the end of preStop past the grace moves KILL, the sentence and the events", (t) =>
  withPage(t, { viewport: { width: 1440, height: 1000 } }, async (page) => {
    await openExample(page);
    assert.equal(await kill(page), "KILL at 60 s");
    const before = await events(page).innerText();
    await preStop(page).scrollIntoViewIfNeeded();
    const grip = await preStop(page).boundingBox();
    const term = await picture(page).locator(".life-grace line").boundingBox();
    const from = { x: grip.x + grip.width / 2, y: grip.y + grip.height / 2 };
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 10, from.y, { steps: 3 });
    await page.mouse.move(term.x + 30, from.y, { steps: 8 });
    // The picture follows before the hand lets go, and the scenario does not know yet.
    await says(page, "preStop uses up the whole grace of 60 s and is given up");
    assert.match(await scenario(page), /takes: 55s/);
    await page.mouse.up();
    await says(page, "it is killed at 62 s");
    assert.equal(await kill(page), "KILL at 62 s");
    await page.waitForFunction(() => !document.querySelector("#text-scenario").value.includes("takes: 55s"));
    await says(page, "it is killed at 62 s");
    assert.notEqual(await events(page).innerText(), before);
  }));

test("the same with the keyboard alone", (t) =>
  withPage(t, {}, async (page) => {
    await openExample(page);
    const before = await events(page).innerText();
    for (let presses = 0; presses < 150; presses += 1) {
      await page.keyboard.press("Tab");
      const name = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      if (name === "app: preStop takes") break;
    }
    assert.equal(await preStop(page).evaluate((handle) => handle === document.activeElement), true, "Tab reaches the handle");
    assert.equal(await preStop(page).getAttribute("aria-valuetext"), "55 s");
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("PageUp");
    await page.locator('[aria-label="app: preStop takes"][aria-valuenow="70"]').waitFor();
    await says(page, "it is killed at 62 s");
    assert.equal(await kill(page), "KILL at 62 s");
    await page.waitForFunction(() => document.querySelector("#text-scenario").value.includes("takes: 1m10s"));
    assert.equal(await preStop(page).evaluate((handle) => handle === document.activeElement), true, "the focus stays");
    assert.notEqual(await events(page).innerText(), before);
    await page.keyboard.press("Home");
    await says(page, "Everything ends by itself");
  }));

test("a wrong time is told at its place, and the picture stays", (t) =>
  withPage(t, { viewport: { width: 1280, height: 1400 } }, async (page) => {
    await openExample(page);
    const box = life(page).getByRole("textbox", { name: /^app: preStop takes, in seconds/ });
    for (const [typed, message] of [["-5", /cannot be negative/], ["soon", /no length of time/], ["99999999", /longer than a week/]]) {
      await box.fill(typed);
      await life(page).getByRole("alert").filter({ hasText: message }).waitFor();
      assert.equal(await box.getAttribute("aria-invalid"), "true");
      await says(page, EXAMPLE);
      assert.match(await scenario(page), /takes: 55s/);
    }
    // Nothing at all: the usual time counts.
    await box.fill("");
    await life(page).getByRole("alert").filter({ hasText: /No time is given/ }).waitFor();
    await says(page, "Everything ends by itself");
    await box.fill("70");
    await says(page, "it is killed at 62 s");
    await box.press("Enter");
    await page.waitForFunction(() => document.querySelector("#text-scenario").value.includes("takes: 1m10s"));
    assert.equal(await life(page).getByRole("alert").count(), 0);
  }));

test("a scenario with wrong times is told with its line, and the defaults count", (t) =>
  withPage(t, {}, async (page) => {
    await openExample(page);
    await page.getByRole("tab", { name: /^Scenario/ }).click();
    const text = (await scenario(page)).replace("55s", "-55s").replace("10s", "9000h");
    await page.locator("#text-scenario").fill(text);
    await life(page).getByText(/5s counts instead/).waitFor();
    await life(page).getByText(/1s counts instead/).waitFor();
    await says(page, "Everything ends by itself");
    await picture(page).waitFor();
  }));

const EVERYTHING = `apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  initContainers:
  - {name: migrate, image: "shop/migrate:4"}
  - {name: proxy, image: "envoy:1.30", restartPolicy: Always}
  - {name: warm, image: "shop/warm:4"}
  - {name: logs, image: "fluent:3", restartPolicy: Always}
  containers:
  - {name: web, image: "shop/web:4", lifecycle: {postStart: {exec: {command: [warm-up]}}, preStop: {sleep: {seconds: 5}}}}
  - {name: api, image: "shop/api:4", ports: [{name: admin, containerPort: 8080}], lifecycle: {preStop: {httpGet: {port: admin, path: /drain}}}}
  - {name: metrics, image: "shop/metrics:4"}
`;

test("every container has its lane, and the table says the same", (t) =>
  withPage(t, {}, async (page) => {
    await manifests(page).fill(EVERYTHING);
    await page.getByRole("tab", { name: "Start & stop" }).click();
    await picture(page).waitFor();
    const names = await picture(page).locator("text.life-name").allTextContents();
    assert.deepEqual(names, ["sandbox", "migrate", "proxy", "warm", "logs", "web", "api", "metrics"]);
    await life(page).getByText("The picture as a table").click();
    const table = life(page).getByRole("region", { name: "The picture as a table" });
    await table.getByRole("row", { name: /logs gets its stop signal/ }).waitFor();
    // What the request really is, and a receiver that is down.
    await life(page).getByText("GET http://10.0.0.1:8080/drain").first().waitFor();
    await life(page).getByRole("combobox", { name: "api preStop: The receiver" }).selectOption({ label: "is down" });
    await life(page).getByText(/connection refused/).first().waitFor();
    // 25 events about one pod are sent: this one is among those that are held back.
    await life(page).getByText("FailedPreStopHook").first().waitFor();
  }));

test("another release is laid under the picture", (t) =>
  withPage(t, {}, async (page) => {
    await openExample(page);
    await life(page).getByRole("combobox", { name: "Lay under it" }).selectOption("v1.23");
    await life(page).getByRole("heading", { name: "v1.23" }).waitFor();
    await life(page).getByText(/the grace begins anew after the hook/).first().waitFor();
    await life(page).getByText("is killed at 60 s; in v1.23 it ends by itself at 65 s").waitFor();
    assert.equal(await life(page).getByRole("img").count(), 2);
    // A pinned setting keeps its times while those above are changed.
    await life(page).getByRole("button", { name: "Pin this setting" }).click();
    await life(page).getByRole("textbox", { name: /^app: needs after its stop signal/ }).fill("3");
    await life(page).getByText("ends by itself at 58 s; in the pinned setting, v1.34 it is killed at 60 s").waitFor();
  }));

test("a deletion that comes while postStart hangs waits for it", (t) =>
  withPage(t, {}, async (page) => {
    await openExample(page);
    await manifests(page).fill(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: nginx, lifecycle: {postStart: {exec: {command: [wait]}}}}\n",
    );
    await life(page).getByRole("textbox", { name: /^app: postStart takes/ }).fill("60");
    await life(page).getByRole("combobox", { name: "Since when its time counts" }).selectOption({ label: "ready or not, after" });
    await life(page).getByRole("textbox", { name: /^How long the pod lives before that/ }).fill("20");
    await page.keyboard.press("Tab");
    await says(page, "The end comes while postStart of `app` runs".replaceAll("`", ""));
    await page.waitForFunction(() => document.querySelector("#text-scenario").value.includes("endsAt: 20s"));
    assert.match(await life(page).getByRole("region", { name: /^kubectl describe pod/ }).innerText(), /Killing/);
  }));

for (const colorScheme of ["light", "dark"]) {
  test(`the view is accessible and fits a phone (${colorScheme})`, (t) =>
    withPage(t, { colorScheme, viewport: { width: 390, height: 844 } }, async (page) => {
      await manifests(page).fill(EVERYTHING);
      await page.getByRole("button", { name: /^Result/ }).click();
      await page.getByRole("tab", { name: "Start & stop" }).click();
      await picture(page).waitFor();
      const overflow = await life(page).evaluate((view) => Math.max(view.getBoundingClientRect().right - innerWidth, view.scrollWidth - view.clientWidth));
      assert.ok(overflow <= 0, `the view is ${overflow} px too wide`);
      // axe-core would load the styles again, which the policy refuses it.
      await assertAccessible(page, { preload: false });
    }));
}
