// From runtimeClassName to the node: the picture, the merge, the sums, the filters, the handlers, the stored pod.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, closeBrowser, screenshot, showResult, withPage } from "./support.mjs";

after(closeBrowser);

const CLASS = `apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor}
handler: runsc
overhead: {podFixed: {cpu: 250m, memory: 120Mi}}
scheduling:
  nodeSelector: {runtime: gvisor}
  tolerations:
  - {key: runtime, operator: Exists}
---
`;
const POD = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  runtimeClassName: gvisor
  nodeSelector: {disk: ssd}
  tolerations:
  - {key: runtime, value: gvisor, operator: Equal, effect: NoSchedule}
  containers:
  - name: main
    image: nginx:1.27
    resources: {requests: {cpu: 100m, memory: 64Mi}}
---
`;
const NODES = `apiVersion: v1
kind: Node
metadata: {name: sandbox-1, labels: {runtime: gvisor, disk: ssd}}
spec: {taints: [{key: runtime, value: gvisor, effect: NoSchedule}]}
status: {allocatable: {cpu: '2', memory: 4Gi, pods: '10'}}
---
apiVersion: v1
kind: Node
metadata: {name: plain-1, labels: {disk: ssd}}
status: {allocatable: {cpu: '2', memory: 4Gi, pods: '10'}}
---
`;
const RUNC_ONLY = `version = 3
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
runtime_type = 'io.containerd.runc.v2'
`;

/** 3 classes, 12 nodes and 40 pods. */
function large() {
  const classes = ["gvisor", "kata", "nvidia"].map(
    (name) => CLASS.replace("{name: gvisor}", `{name: ${name}}`).replace("{runtime: gvisor}", `{runtime: ${name}}`).replace("runsc", name),
  );
  const nodes = Array.from({ length: 12 }, (_, index) => {
    const runtime = ["gvisor", "kata", "nvidia", "plain"][index % 4];
    return NODES.split("---\n")[1]
      .replace("plain-1", `worker-${index + 1}`)
      .replace("disk: ssd", `runtime: ${runtime}, disk: ${index % 3 ? "ssd" : "hdd"}`) + "---\n";
  });
  const pods = Array.from({ length: 40 }, (_, index) => {
    const name = ["gvisor", "kata", "nvidia", null][index % 4];
    const pod = POD.replace("{name: web}", `{name: app-${index + 1}}`);
    return name ? pod.replace("runtimeClassName: gvisor", `runtimeClassName: ${name}`) : pod.replace("  runtimeClassName: gvisor\n", "");
  });
  return [...classes, ...nodes, ...pods].join("");
}

const view = (page) => page.locator("#view-placement .place");

/** Opens the view on these texts. */
async function show(page, manifests, runtime = "") {
  await page.locator("#text-manifests").fill(manifests);
  if (runtime) {
    await page.getByRole("tab", { name: /^Runtime/ }).click();
    await page.locator("#text-runtime-config").fill(runtime);
  }
  await showResult(page);
  await page.getByRole("tab", { name: "Nodes", exact: true }).click();
  await view(page).waitFor();
}

const section = (page, name) => page.locator("#view-placement").getByRole("region", { name, exact: true });

test("one picture leads from the pod as written to the nodes that remain", (t) =>
  withPage(t, {}, async (page) => {
    await show(page, CLASS + POD + NODES);
    await section(page, "Verdict").getByText("1 of 2 nodes takes the pod").waitFor();
    const stages = page.getByRole("list", { name: "The pod's way to its node" });
    const [written, admitted, nodes, runtime] = await stages.locator("> li").allInnerTexts();
    assert.match(written, /runtimeClassName: gvisor[\s\S]*disk: ssd[\s\S]*asks 100m cpu/);
    assert.match(admitted, /runtime: gvisor[\s\S]*tolerates runtime[\s\S]*overhead 250m cpu/);
    assert.match(nodes, /1 of 2 remain[\s\S]*sandbox-1[\s\S]*plain-1/);
    assert.match(runtime, /runsc/);
  }));

test("the merge shows both sides, what covers what, and leads to the lines", (t) =>
  withPage(t, {}, async (page) => {
    await show(page, CLASS + POD + NODES);
    const merged = section(page, "What pod and RuntimeClass bring");
    await merged.getByText("dropped: the class's").waitFor();
    assert.equal(await merged.getByRole("row").filter({ hasText: "toleration" }).count(), 2);
    await merged.getByRole("row", { name: /nodeSelector runtime/ }).getByRole("button", { name: "line 7" }).click();
    const selected = await page.locator("#text-manifests").evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, "runtime: gvisor");
    const sums = section(page, "Sums of requests and limits");
    await sums.getByRole("row", { name: /cpu request.*350m/ }).waitFor();
  }));

test("a conflict is shown on both lines and no node is asked", (t) =>
  withPage(t, {}, async (page) => {
    await show(page, CLASS + POD.replace("{disk: ssd}", "{runtime: runc}") + NODES);
    await section(page, "Verdict").getByText("conflict: runtimeClass.scheduling.nodeSelector[runtime] = gvisor").waitFor();
    const row = section(page, "What pod and RuntimeClass bring").getByRole("row", { name: /conflict: the pod is refused/ });
    assert.equal(await row.getByRole("button", { name: /^line \d+$/ }).count(), 2);
    assert.equal(await section(page, "Nodes against filters").count(), 0);
  }));

test("each filter answers for each node, and the scheduler's message is its own", (t) =>
  withPage(t, {}, async (page) => {
    await show(page, CLASS + POD + NODES.replace("cpu: '2'", "cpu: 200m"));
    const message = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector.";
    await section(page, "Nodes and filters").getByText(message).waitFor();
    const table = section(page, "Nodes against filters").getByRole("table");
    const heads = await table.getByRole("columnheader").allInnerTexts();
    const plain = heads.map((text) => text.replace(/\s|\u200b/g, ""));
    assert.deepEqual(plain, ["Node", "NodeUnschedulable", "NodeName", "TaintToleration", "NodeAffinity", "NodePorts", "NodeResourcesFit"]);
    await table.getByText("but Node plain-1 has no label runtime").first().waitFor();
    await section(page, "Verdict").getByText("kubectl label node plain-1 runtime=gvisor").waitFor();
  }));

test("without nodes three are assumed, and that is said", (t) =>
  withPage(t, {}, async (page) => {
    await show(page, POD.replace("  runtimeClassName: gvisor\n", "").replace("  nodeSelector: {disk: ssd}\n", ""));
    await section(page, "Verdict").getByText("All 3 nodes take the pod").waitFor();
    await view(page).getByText("No Node was given. Assumed are three alike").waitFor();
  }));

test("a handler that no runtime has keeps the pod Pending, against the documentation", (t) =>
  withPage(t, {}, async (page) => {
    await show(page, CLASS + POD + NODES, RUNC_ONLY);
    await section(page, "Verdict").getByText("FailedCreatePodSandBox").first().waitFor();
    await view(page).getByText('no runtime for "runsc" is configured').first().waitFor();
    await view(page).getByText("enters the phase Failed").waitFor();
    await view(page).getByText("Lines that give a runtime the handler").first().click();
    await page.getByRole("region", { name: "Lines for CRI-O" }).first().getByText("[crio.runtime.runtimes.runsc]").waitFor();
    // With the lines in the file the pod runs.
    const lines = await page.getByRole("region", { name: /Lines for containerd 2/ }).first().innerText();
    await page.locator("#text-runtime-config").fill(RUNC_ONLY + lines);
    await section(page, "Verdict").getByText("which then runs with the handler").waitFor();
  }));

test("the stored pod is marked, and copied as YAML", (t) =>
  withPage(t, { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await show(page, CLASS + POD + NODES);
    const stored = section(page, "The pod as it is stored");
    await stored.locator(".admission").getByText("runtime: gvisor").first().waitFor();
    await stored.locator(".removed").getByText("value: gvisor").first().waitFor();
    await stored.getByRole("button", { name: "Copy as YAML" }).click();
    await stored.getByText("Copied.").waitFor();
    const yaml = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(yaml, /^apiVersion: v1\nkind: Pod\n/);
    assert.match(yaml, /overhead:\n {4}cpu: 250m\n {4}memory: 120Mi\n/);
    assert.match(yaml, /imagePullPolicy: IfNotPresent/);
    assert.doesNotMatch(yaml, /operator: Equal/, "what the class's toleration covers is gone");
  }));

test("with 3 classes, 12 nodes and 40 pods each pod has its class, its merge and its nodes", (t) =>
  withPage(t, {}, async (page) => {
    await show(page, large());
    const all = section(page, "All pods and their nodes");
    assert.equal(await all.getByRole("row").count(), 41);
    const row = all.getByRole("row", { name: /app-6 / });
    assert.match(await row.innerText(), /kata[\s\S]*label runtime=kata[\s\S]*overhead 250m cpu, 120Mi memory[\s\S]*2 of 12/);
    await row.getByRole("button", { name: "app-6", exact: true }).click();
    await section(page, "Verdict").getByRole("heading", { name: "Pod app-6" }).waitFor();
    assert.equal(await section(page, "Nodes against filters").getByRole("rowheader").count(), 12);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, "nothing is wider than the page");
    await screenshot(page, "placement-large");
  }));

test("what is wrong is told at its line, and the rest is answered", (t) =>
  withPage(t, {}, async (page) => {
    const text = [
      CLASS,
      CLASS.replace("runsc", "kata"),
      CLASS.replace("gvisor}\nhandler: runsc\n", "none}\n"),
      POD,
      POD.replace("{name: web}", "{name: labels}").replace("{disk: ssd}", "{disk: 'not a label'}"),
      NODES,
    ].join("");
    await show(page, text, "version = 2\n[plugins\n");
    await view(page).getByText(/do not count as they are written/).click();
    const problems = page.locator(".view-problems .problem");
    const told = async (what, line) => {
      const place = problems.filter({ hasText: what }).getByRole("button", { name: line, exact: true });
      await place.first().waitFor({ timeout: 5000 });
    };
    await told("field is immutable", "line 14");
    await told("lowercase RFC 1123 label", "line 21");
    await told("a valid label", `line ${text.slice(0, text.indexOf("not a label")).split("\n").length}`);
    await told("The TOML is not valid", "Runtime, line 2");
    await section(page, "Verdict").getByText("1 of 2 nodes takes the pod").waitFor();
  }));

for (const colorScheme of ["light", "dark"]) {
  test(`the view is accessible and fits a phone (${colorScheme})`, (t) =>
    withPage(t, { colorScheme, viewport: { width: 390, height: 844 } }, async (page) => {
      await show(page, CLASS + POD + POD.replace("{name: web}", "{name: other}") + NODES, RUNC_ONLY);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, "nothing is wider than the screen");
      await assertAccessible(page);
      await screenshot(page, `placement-phone-${colorScheme}`);
    }));
}
