// The gallery: found, searched, opened by hand and by its links.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { assertAccessible, becomes, closeBrowser, give, session, withPage, workbench, workspaceTexts } from "./support.mjs";

after(closeBrowser);

const FOLDER = fileURLToPath(new URL("../../web/gallery", import.meta.url));
const EXAMPLES = readdirSync(FOLDER).flatMap((group) =>
  readdirSync(`${FOLDER}/${group}`).map((file) => {
    const text = readFileSync(`${FOLDER}/${group}/${file}`, "utf8");
    const field = (name) => text.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
    return { name: file.replace(/\.txt$/, ""), text, title: field("title"), view: field("view"), release: field("release") };
  }),
);
const example = (name) => EXAMPLES.find((one) => one.name === name);
const manifests = async (page) => (await session(page)).texts.manifests;

/** Waits until the page holds the example's texts, release and view. */
async function opened(page, one) {
  const wanted = workspaceTexts(one.text);
  const state = async () => {
    const { texts, cluster, view } = await session(page);
    const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
    return { texts: given, release: cluster.split("\n")[0], view };
  };
  const expected = { texts: wanted, release: `release ${one.release}`, view: one.view };
  await becomes(page, state, (now) => isDeepStrictEqual(now, expected)).catch(async () => assert.deepEqual(await state(), expected, one.name));
}

test("an example is searched and opened with the keyboard alone", (t) =>
  withPage(t, {}, async (page) => {
    await page.getByRole("button", { name: "Examples" }).focus();
    await page.keyboard.press("Enter");
    const search = page.getByRole("combobox", { name: "Search examples" });
    await search.waitFor();
    assert.ok(await search.evaluate((field) => field === document.activeElement), "the search has the focus");
    await page.keyboard.type("port missing");
    await page.locator("#examples [role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await opened(page, example("02-key-without-the-port"));
    const { view, cluster } = await session(page);
    assert.equal(view, "credentials");
    assert.match(cluster, /release v1\.34/);
    await page.getByText("Loaded “The port is missing from the key”.").waitFor();
    await page.getByText("port 5000").first().waitFor();
  }));

test("an example brings its release and its pod, and all of it can be undone", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    const before = await session(page);
    await page.getByRole("button", { name: "Examples" }).click();
    await page.getByRole("combobox", { name: "Search examples" }).fill("no longer free");
    await page.locator("#examples [role=option]").first().click();
    await opened(page, example("21-second-tenant-since-1.35"));
    const now = await session(page);
    assert.match(now.cluster, /release v1\.35/);
    assert.equal(now.view, "pulls");
    await page.getByRole("tab", { name: /second-tenant/, selected: true }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    const back = await session(page);
    assert.deepEqual([back.texts, back.cluster], [before.texts, before.cluster]);
  }));

test("every example is opened by its own link", (t) =>
  withPage(t, { open: false }, async (page) => {
    await page.goto(`${page.url0}#ex=${EXAMPLES[0].name}`);
    for (const one of EXAMPLES) {
      await page.evaluate((name) => (location.hash = `ex=${name}`), one.name);
      await opened(page, one);
    }
    assert.equal(new URL(page.url()).hash, "", "the address does not go on claiming it");
  }));

test("an example that is not there is told, and nothing changes", (t) =>
  withPage(t, { expectedErrors: [/404/] }, async (page) => {
    await workbench(page);
    const before = await manifests(page);
    await page.evaluate(() => (location.hash = "ex=no-such-example"));
    await page.getByText("There is no example “no-such-example”.").waitFor();
    assert.equal(await manifests(page), before);
  }));

test("a link to an example asks before it replaces somebody's text", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: "kind: Pod # mine\n" });
    await page.evaluate(() => (location.hash = "ex=never-and-absent"));
    await page.getByRole("button", { name: "Keep mine" }).click();
    assert.equal(await manifests(page), "kind: Pod # mine\n");
    await page.evaluate(() => (location.hash = "ex=never-and-absent"));
    await page.locator(".arrival").getByRole("button", { name: "Open" }).click();
    await opened(page, example("never-and-absent"));
  }));

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on the gallery (${colorScheme})`, (t) =>
    withPage(t, { colorScheme }, async (page) => {
      await page.getByRole("button", { name: "Examples" }).click();
      await page.locator("#examples [role=option]").first().waitFor();
      await assertAccessible(page);
    }));
}

test("the gallery is usable on a phone by touch", (t) =>
  withPage(t, { viewport: { width: 390, height: 844 }, hasTouch: true }, async (page) => {
    await page.getByRole("button", { name: "Examples" }).tap();
    await page.getByRole("combobox", { name: "Search examples" }).fill("sixty 55");
    await page.getByRole("combobox", { name: "Search examples" }).fill("60, 55");
    await page.locator("#examples [role=option]").first().tap();
    await opened(page, example("sixty-fifty-five-ten"));
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `the page is ${width} px wide`);
  }));
