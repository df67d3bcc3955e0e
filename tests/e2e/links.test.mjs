// Links: the whole state in the fragment, without secrets; what cannot be opened changes nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { assertAccessible, becomes, closeBrowser, drawn, give, session, withPage, workbench, workspaceTexts } from "./support.mjs";

after(closeBrowser);

const FIXTURE = readFileSync(new URL("../fixtures/workspace.txt", import.meta.url), "utf8");
const TEXTS = workspaceTexts(FIXTURE);
const SECRETS = ["correct-horse", "ghp_", "Zx4!kP9", "Z2hwXz", "WngoIWtQO"];
const CLUSTER = "release v1.31\ngate ImageVolume true\nplugin AlwaysPullImages\nhome /root";

const fragment = (text) => `v1.${deflateRawSync(Buffer.from(text)).toString("base64url")}`;

/** The link that the dialog shows, once it is for `ready`. */
async function link(page, { secrets = false } = {}) {
  await page.getByRole("button", { name: "Share" }).click();
  const field = page.getByRole("textbox", { name: "Link" });
  await field.waitFor();
  if (secrets) {
    const before = await field.inputValue();
    await page.getByRole("checkbox", { name: "Secrets as they are" }).check();
    await page.waitForFunction((before) => document.getElementById("link").value !== before, before);
  }
  const value = await field.inputValue();
  await page.keyboard.press("Escape");
  return value;
}

const given = async (page) => (await session(page)).texts.manifests;

test("a whole workspace fits into 2,400 characters and comes back, less the secrets", async (t) => {
  let made;
  await withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, TEXTS, CLUSTER);
    await page.getByRole("tab", { name: "Nodes" }).or(page.getByRole("tab", { name: /RuntimeClass/ })).first().click();
    made = await link(page);
  });
  const { hash } = new URL(made);
  assert.match(hash, /^#v1\.[A-Za-z0-9_-]+$/);
  assert.ok(hash.length <= 2400, `${hash.length} characters`);
  t.diagnostic(`${hash.length} characters`);
  await withPage(t, { open: false }, async (page) => {
    await page.goto(page.url0 + hash);
    await page.getByText("Opened the link.").or(page.getByRole("button", { name: "Share" })).first().waitFor();
    await becomes(page, () => given(page), "harbor");
    const { texts, cluster, view } = await session(page);
    assert.equal(cluster, CLUSTER);
    assert.equal(view, "placement");
    for (const [name, text] of Object.entries(TEXTS)) {
      const [before, now] = [text.split("\n"), texts[name].split("\n")];
      assert.equal(now.length, before.length, name);
      before.forEach((line, at) => {
        const secret = /dockerconfigjson: |"auth": |correct-horse/.test(line);
        if (!secret) assert.equal(now[at], line);
        else assert.notEqual(now[at], line);
      });
    }
    for (const secret of SECRETS) assert.ok(!JSON.stringify(texts).includes(secret), secret);
  });
});

test("with secrets asked for, everything comes back to the last byte", async (t) => {
  const texts = { manifests: "kind: Secret\nstringData: {a: hunter2}\n=== answer\n\n\n", "node-config": "{}", scenario: "\t \r\n x" };
  let made;
  await withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, texts);
    assert.ok(!(await link(page)).includes("hunter2"));
    made = await link(page, { secrets: true });
  });
  await withPage(t, { open: false }, async (page) => {
    await page.goto(page.url0 + new URL(made).hash);
    await becomes(page, () => given(page), (now) => now === texts.manifests);
    const now = (await session(page)).texts;
    for (const [name, text] of Object.entries(texts)) assert.equal(now[name], text);
  });
});

test("a link of the first form keeps opening", (t) =>
  withPage(t, { open: false }, async (page) => {
    // Made once and never changed: `podwhy: 1`, release v1.29, one pod.
    await page.goto(`${page.url0}#v1.BcHBCYAwDADAf6bIBEL9GcgOrhBIxNI2FRsUEXf37uh67w9hgtOqyTDCK03zAsyMTTxvNmJAya6Ea1doFqISQvi6NCPsVT-AHw`);
    await becomes(page, () => given(page), (now) => now === "kind: Pod\nmetadata: {name: old}\n");
    assert.match((await session(page)).cluster, /release v1\.29/);
  }));

test("links that cannot be opened say why and leave the work alone", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: "kind: Pod # mine\n" });
    const good = fragment(FIXTURE);
    for (const [hash, words] of [
      ["v1.!!!", "This link is broken"],
      ["v1.", "This link is broken"],
      [good.slice(0, good.length / 2), "This link is broken"],
      ["v2.abc", "made by a newer version"],
      [fragment("podwhy: 2\n"), "made by a newer version"],
      [fragment("podwhy: 1\nnonsense\n"), "Line 2"],
      [fragment("hello"), "It is no workspace"],
      [fragment("x".repeat(60_000_000)), "more than 4 MB"],
    ]) {
      await page.evaluate((hash) => (location.hash = hash), hash);
      await page.getByText(words).first().waitFor();
      assert.equal((await session(page)).texts.manifests, "kind: Pod # mine\n");
      await page.getByRole("button", { name: "Dismiss" }).last().click();
    }
    // A fragment of somebody else's is none of ours.
    await page.evaluate(() => (location.hash = "section-2"));
    await drawn(page);
    assert.equal(await page.locator(".arrival .toast").count(), 0);
  }));

test("a link never replaces work without asking, and both ways back exist", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: "kind: Pod # mine\n" }, "release v1.33");
    const hash = fragment("podwhy: 1\nrelease: v1.20\n=== manifests\nkind: Job\n\n");
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.getByRole("button", { name: "Keep mine" }).click();
    assert.equal((await session(page)).texts.manifests, "kind: Pod # mine\n");
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.locator(".arrival").getByRole("button", { name: "Open" }).click();
    await becomes(page, () => given(page), (now) => now === "kind: Job\n");
    await page.getByRole("button", { name: "Undo" }).click();
    await becomes(page, () => given(page), (now) => now === "kind: Pod # mine\n");
    assert.match((await session(page)).cluster, /release v1\.33/);
  }));

test("a link in a fresh browser says what was opened, and offers no way back to nothing", (t) =>
  withPage(t, { open: false }, async (page) => {
    await page.goto(`${page.url0}#${fragment("podwhy: 1\nrelease: v1.20\n=== manifests\nkind: Job\n\n")}`);
    await page.getByText("Opened the link.").waitFor();
    await becomes(page, () => given(page), (now) => now === "kind: Job\n");
    assert.match((await session(page)).cluster, /release v1\.20/);
    assert.equal(await page.getByText("still here").count(), 0);
    assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
    await page.getByRole("button", { name: "Dismiss" }).click();
    assert.equal(await page.getByText("Opened the link.").count(), 0);
  }));

test("what goes along is chosen, its length is told, and a long link is warned about", (t) =>
  withPage(t, { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await workbench(page);
    await give(page, TEXTS, CLUSTER);
    await page.getByRole("button", { name: "Share" }).click();
    const field = page.getByRole("textbox", { name: "Link" });
    await field.waitFor();
    const whole = (await field.inputValue()).length;
    await page.getByText(/secrets are replaced by placeholders/).waitFor();
    await page.getByRole("checkbox", { name: "Kubelet" }).uncheck();
    await page.waitForFunction((whole) => document.getElementById("link").value.length < whole, whole);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("Copied.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await field.inputValue());
    await page.keyboard.press("Escape");
    const noise = Array.from({ length: 3000 }, (_, at) => `# ${(at * 2654435761) % 4294967296}`).join("\n");
    await give(page, { manifests: noise });
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText(/more than 8,000 characters/).waitFor();
  }));

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on the dialogs and the notice (${colorScheme})`, (t) =>
    withPage(t, { colorScheme }, async (page) => {
      await workbench(page);
      await give(page, TEXTS);
      await page.getByRole("button", { name: "Share" }).click();
      await page.getByRole("textbox", { name: "Link" }).waitFor();
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Open", exact: true }).click();
      await page.getByRole("dialog", { name: "Open files" }).waitFor();
      await assertAccessible(page);
      await page.keyboard.press("Escape");
      await page.evaluate((hash) => (location.hash = hash), fragment("podwhy: 1\n=== manifests\nkind: Job\n\n"));
      await page.getByRole("button", { name: "Keep mine" }).waitFor();
      await assertAccessible(page);
    }));
}
