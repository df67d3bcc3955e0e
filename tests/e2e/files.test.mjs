// Files: dropped, picked and saved.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { becomes, closeBrowser, give, session, withPage, workbench, workspaceTexts } from "./support.mjs";

after(closeBrowser);

const POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  imagePullSecrets: [{name: key}]\n  containers:\n  - {name: app, image: reg.io/app:1, env: [{name: DB_PASSWORD, value: hunter2}]}\n";
const SECRET =
  "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\ntype: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: '{\"auths\": {\"reg.io\": {\"username\": \"bob\", \"password\": \"hunter2\"}}}'}\n";
const CONFIG = '{"auths": {"reg.io": {"auth": "dTpw"}}}';
const FILES = [
  ["pod.yaml", POD],
  ["secret.yaml", SECRET],
  ["anything.txt", CONFIG],
  ["kubelet.conf", "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxParallelImagePulls: 2\n"],
  ["providers.yaml", "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders: []\n"],
  ["config.toml", 'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]\n  runtime_type = "x"\n'],
  ["what-if.yaml", "version: 1\nregistries: [{registry: reg.io, answers: [{answer: denied}]}]\n"],
  ["README.md", "# Read me\n"],
];

/** Drops files on the page as a file manager does. */
const drop = (page, files) =>
  page.evaluate((files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
    for (const type of ["dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    }
  }, files);

const texts = (page, ready) => becomes(page, async () => (await session(page)).texts, ready);

function assertSorted(now) {
  assert.equal(now.manifests, `${POD}---\n${SECRET}`);
  assert.equal(now["node-config"], CONFIG);
  assert.match(now["kubelet-config"], /KubeletConfiguration/);
  assert.match(now["credential-providers"], /CredentialProviderConfig/);
  assert.match(now["runtime-config"], /runtimes\.runc/);
  assert.match(now.scenario, /denied/);
  assert.equal(now.stored, "");
}

test("dropped files go where their content belongs, and what is left out is told", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    const before = (await session(page)).texts;
    await drop(page, FILES);
    assertSorted(await texts(page, (now) => now.scenario !== ""));
    await page.getByText("README.md: it is nothing that is read here").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    assert.deepEqual(await texts(page, (now) => now.scenario === ""), before);
  }));

test("picked files do the same", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await page.getByRole("button", { name: "Open", exact: true }).click();
    const buffers = FILES.map(([name, text]) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) }));
    await page.getByLabel("Choose files …").setInputFiles(buffers);
    assertSorted(await texts(page, (now) => now.scenario !== ""));
    await page.getByText("README.md: it is nothing that is read here").waitFor();
  }));

test("a runtime's drop-ins come together, each under its name", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: POD });
    const table = (name) => `[crio.runtime.runtimes.${name}]\nruntime_path = "/usr/bin/${name}"\n`;
    await drop(page, [["10-kata.conf", table("kata")], ["20-runsc.conf", table("runsc")]]);
    const now = await texts(page, (now) => now["runtime-config"] !== "");
    assert.equal(now["runtime-config"], `# file: 10-kata.conf\n${table("kata")}# file: 20-runsc.conf\n${table("runsc")}`);
    assert.equal(now.manifests, POD);
  }));

test("a file for the node joins the manifests that are there", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: POD, scenario: "version: 1\n" });
    await drop(page, [["config.json", CONFIG]]);
    const now = await texts(page, (now) => now["node-config"] !== "");
    assert.deepEqual([now.manifests, now["node-config"], now.scenario], [POD, CONFIG, "version: 1\n"]);
  }));

test("nothing readable changes nothing", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    const before = (await session(page)).texts;
    await drop(page, [["a.png", "\u0000PNG"]]);
    await page.getByText("None of this is read here. Nothing was changed.").waitFor();
    assert.deepEqual((await session(page)).texts, before);
  }));

/** What is saved by a button of the dialog, as bytes. */
async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).first().click()]);
  return readFileSync(await download.path());
}

test("a workspace is saved without secrets and opened again", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: `${POD}---\n${SECRET}` }, "release v1.30");
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("textbox", { name: "Link" }).waitFor();
    const file = String(await saved(page, "Workspace"));
    assert.ok(file.startsWith("podwhy: 1\n") && !file.includes("hunter2"));
    await page.keyboard.press("Escape");
    await give(page, { manifests: "" });
    await drop(page, [["podwhy.txt", file]]);
    const now = await texts(page, (now) => now.manifests !== "");
    assert.equal(now.manifests, workspaceTexts(file).manifests);
    assert.match((await session(page)).cluster, /release v1\.30/);
  }));

test("reports are saved as Markdown, JSON and YAML", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: `${POD}---\n${SECRET}` });
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByRole("textbox", { name: "Link" }).waitFor();
    const markdown = String(await saved(page, "Markdown for an issue"));
    assert.match(markdown, /\*\*Pod `web` in namespace `default`\*\*/);
    assert.match(markdown, /with the credential for `reg\.io` of the Secret `key`/);
    const json = JSON.parse(await saved(page, "Report as JSON"));
    assert.equal(json.format, 1);
    assert.equal(json.pods[0].name, "web");
    const schema = await page.evaluate(async () => (await fetch("schema/report.v1.json")).json());
    assert.deepEqual(Object.keys(json).filter((key) => !(key in schema.properties)), []);
    const yaml = String(await saved(page, "Effective manifests"));
    assert.match(yaml, /imagePullPolicy: IfNotPresent/);
    for (const text of [markdown, JSON.stringify(json), yaml]) assert.ok(!text.includes("hunter2"));
  }));

test("pictures are saved as SVG and PNG that need no style sheet", (t) =>
  withPage(t, {}, async (page) => {
    await workbench(page);
    await give(page, { manifests: POD });
    await page.getByRole("tab", { name: /^Pulls/ }).click();
    await page.locator("#view-pulls svg[role=img]").first().waitFor();
    await page.getByRole("button", { name: "Share" }).click();
    const svg = String(await saved(page, /^SVG/));
    assert.match(svg, /^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.ok(!svg.includes("class="), "nothing is left to a style sheet");
    assert.match(svg, /fill="rgb/);
    const png = await saved(page, /^PNG/);
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.ok(width > 200 && height > 60, `${width} x ${height}`);
  }));
