// Pulls over time, everything that is assumed about them, and the use cases of pull credentials.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertAccessible, becomes, closeBrowser, drawn, give, withPage } from "./support.mjs";

after(closeBrowser);

const secret = (name, server, user) =>
  `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n` +
  `  .dockerconfigjson: '{"auths": {"${server}": {"username": "${user}", "password": "pw"}}}'\n`;
const pod = (name, images, more = "") =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n${more}  containers:\n` +
  images.map((image, at) => `  - {name: ${["one", "two", "three", "four"][at]}, image: '${image}'}\n`).join("");

// Three containers, two credentials that match, the first of them denied.
const THREE =
  pod("web", ["reg.io/team/one:1", "reg.io/team/two:1", "reg.io/team/three:1"], "  imagePullSecrets: [{name: a}, {name: b}]\n") +
  secret("a", "reg.io/team", "first") +
  secret("b", "reg.io", "second");
const ANSWERS = `registries:
- registry: reg.io/team/three
  answers: [{answer: denied, text: no such thing, takes: 1s}]
- registry: reg.io
  answers: [{user: first, answer: denied, text: denied, takes: 1s}, {user: second, answer: ok, takes: 3s}]
images: [{image: 'reg.io/team/one:1', size: 1234}]
`;

const text = (page, id) => page.locator(`#text-${id}`).inputValue();

/** Gives the texts and opens the view. */
async function open(page, texts, view = "Pulls") {
  await give(page, texts);
  await page.getByRole("tab", { name: view, exact: true }).click();
  await page.locator(view === "Pulls" ? ".pulls-view" : ".use-cases").waitFor({ timeout: 20_000 });
}

const verdict = (page) => () => page.locator(".view-verdict h2").first().innerText();
const lines = async (region) => (await region.innerText()).split("\n").map((line) => line.trimEnd());
const card = (page, name) => page.getByRole("article", { name, exact: true });
const choose = (page, name, option) => page.getByRole("combobox", { name }).first().selectOption({ label: option });
const release = (page, name) => page.getByRole("combobox", { name: "Kubernetes" }).selectOption({ label: name });

test("three containers, two credentials, the first denied: attempts, events and STATUS at any moment", (t) =>
  withPage(t, {}, async (page) => {
    await open(page, { manifests: THREE, scenario: ANSWERS });
    await becomes(page, verdict(page), "three waits with ErrImagePull");
    const attempts = card(page, "one").getByRole("list", { name: "Attempts in order" }).getByRole("listitem");
    assert.match(await attempts.nth(0).innerText(), /first of Secret a, key reg\.io\/team.*1s to 2s[^]*denied/);
    assert.match(await attempts.nth(1).innerText(), /second of Secret b, key reg\.io\s.*2s to 5s[^]*the image/);
    assert.match(await card(page, "three").locator(".pv-decision").innerText(), /ErrImagePull no such thing No pull before 21s/);

    // The view opens at the moment that tells most: the first at which a container is seen to wait.
    const events = page.getByRole("region", { name: "kubectl describe pod web" });
    assert.deepEqual((await lines(events)).filter((line) => line).slice(2), [
      "  ----     ------     ----  ----               -------",
      "  Normal   Scheduled  12s   default-scheduler  Successfully assigned default/web to node-1",
      '  Normal   Pulling    11s   kubelet            Pulling image "reg.io/team/one:1"',
      '  Normal   Pulled     7s    kubelet            Successfully pulled image "reg.io/team/one:1" in 4s (4s including waiting). Image size: 1234 bytes.',
      "  Normal   Created    7s    kubelet            Created container: one",
      "  Normal   Started    7s    kubelet            Started container one",
      '  Normal   Pulling    7s    kubelet            Pulling image "reg.io/team/two:1"',
      '  Normal   Pulled     3s    kubelet            Successfully pulled image "reg.io/team/two:1" in 4s (4s including waiting). Image size: 50000000 bytes.',
      "  Normal   Created    3s    kubelet            Created container: two",
      "  Normal   Started    3s    kubelet            Started container two",
      '  Normal   Pulling    3s    kubelet            Pulling image "reg.io/team/three:1"',
      '  Warning  Failed     1s    kubelet            Failed to pull image "reg.io/team/three:1": no such thing',
      "  Warning  Failed     1s    kubelet            Error: ErrImagePull",
      '  Normal   BackOff    0s    kubelet            Back-off pulling image "reg.io/team/three:1"',
      "  Warning  Failed     0s    kubelet            Error: ImagePullBackOff",
    ]);

    const pods = page.getByRole("region", { name: "kubectl get pods" });
    assert.deepEqual((await lines(pods)).slice(0, 2), ["NAME   READY   STATUS         RESTARTS   AGE", "web    2/3     ErrImagePull   0          12s"]);
    const number = page.getByRole("spinbutton", { name: "Moment, in seconds" });
    await number.fill("5");
    await number.press("Enter");
    await becomes(page, () => pods.innerText(), /web +0\/3 +ContainerCreating +0 +5s/);
    // The slider goes by keys, and “.” to the next change.
    const slider = page.getByRole("slider", { name: "Moment" });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await becomes(page, () => pods.innerText(), /ContainerCreating +0 +6s/);
    await page.keyboard.press("End");
    await becomes(page, () => pods.innerText(), /ImagePullBackOff|ErrImagePull/);
    await number.fill("12");
    await number.press("Enter");
    await slider.focus();
    await page.keyboard.press(".");
    await becomes(page, () => pods.innerText(), /ImagePullBackOff +0 +24s/);
    await page.keyboard.press(",");
    await becomes(page, () => pods.innerText(), /ErrImagePull +0 +12s/);

    // The chart's twin has every attempt and every wait.
    await page.locator(".pv-section").first().getByText("As a table").click();
    const table = await page.getByRole("region", { name: "Attempts and waits" }).innerText();
    for (const row of [/9s\s+three\s+first \(Secret a\)\s+no such thing/, /11s\s+three\s+ErrImagePull\s+21s/]) assert.match(table, row);
  }));

test("from v1.32 to v1.35 a private image that is there is denied to a pod without its credentials, and why is said", (t) =>
  withPage(t, {}, async (page) => {
    await open(page, { manifests: pod("web", ["reg.io/team/app:v1"]) });
    await release(page, "v1.32");
    await becomes(page, verdict(page), "Every image is there");
    await choose(page, /How reg.io\/team\/app:v1 came to node-1/, "was pulled with the Secret another/secret");
    await becomes(page, verdict(page), "Every image is on the node already");
    await choose(page, /Answer of reg.io/, "denies it to");
    await becomes(page, () => text(page, "scenario"), /secret: another\/secret[^]*answer: denied/);
    await becomes(page, verdict(page), "Every image is on the node already");
    const one = card(page, "one");
    assert.match(await one.innerText(), /Changed in v1\.35\.[^]*Before[^]*without asking the registry[^]*Since[^]*has to pull/);
    await one.getByText("Why?").click();
    assert.match(await one.innerText(), /lets every pod of the node use an image that is there/);

    await one.getByRole("button", { name: "v1.35", exact: true }).click();
    await becomes(page, verdict(page), "waits with ErrImagePull");
    await becomes(page, () => page.getByRole("combobox", { name: "Kubernetes" }).inputValue(), "v1.35");
    await becomes(page, () => one.innerText(), /is on node-1: the kubelet pulled it with a pull secret/);
    await page.getByRole("combobox", { name: "Verification of credentials" }).selectOption({ label: "NeverVerify" });
    await becomes(page, verdict(page), "Every image is on the node already");
    assert.match(await text(page, "kubelet-config"), /imagePullCredentialsVerificationPolicy: NeverVerify\n/);
  }));

test("wrong scenario values have a message at their place, and the rest simulates", (t) =>
  withPage(t, {}, async (page) => {
    const scenario = "images:\n- {image: 'nginx:1', takes: soon}\n- {image: 'nginx:1', takes: 7s}\nregistries: [{registry: docker.io, answers: [{answer: perhaps}, {answer: ok, takes: 3s}]}]\n";
    await open(page, { manifests: pod("web", ["nginx:1"]), scenario });
    await becomes(page, verdict(page), "Every image is there 4s after");
    await page.locator(".view-problems summary").click();
    // The view itself says what is not used; each message leads to its line.
    for (const [message, line] of [["must be a length of time", 2], ["stands twice", 3], ["is none of ok, denied", 4]]) {
      const problem = page.locator(".view-problems .problem").filter({ hasText: message });
      await problem.first().getByRole("button", { name: `Scenario, line ${line}` }).click();
      const scenarioText = page.locator("#text-scenario");
      await becomes(page, () => scenarioText.evaluate((area) => String(area.value.slice(0, area.selectionStart).split("\n").length)), String(line));
    }
  }));

test("each assumption is changed in its sentence, and the scenario says so", (t) =>
  withPage(t, {}, async (page) => {
    await open(page, { manifests: pod("web", ["reg.io/app:1"]) });
    const said = card(page, "one");
    await becomes(page, () => said.locator(".assumed").count().then(String), "4");
    await choose(page, /Answer of reg.io/, "cannot be reached by");
    await becomes(page, verdict(page), "waits with RegistryUnavailable");
    await said.getByText("only for a time").click();
    const until = page.getByRole("spinbutton", { name: /^Until when reg.io/ });
    await until.fill("60");
    await until.press("Enter");
    await becomes(page, verdict(page), /Every image is there after .* with \d failed pulls before/);
    await page.getByRole("textbox", { name: "The node that the pod runs on" }).fill("blue");
    await page.getByRole("textbox", { name: "The node that the pod runs on" }).press("Enter");
    await becomes(page, () => page.getByRole("region", { name: /kubectl describe pod/ }).innerText(), "Successfully assigned default/web to blue");
    const size = page.getByRole("textbox", { name: /^Size of reg.io/ });
    await size.fill("20");
    await size.press("Enter");
    await becomes(page, () => text(page, "scenario"), /size: 20000000/);
    const speed = page.getByRole("textbox", { name: "Megabytes that a node gets each second" });
    await speed.fill("2");
    await speed.press("Enter");
    await becomes(page, () => text(page, "scenario"), /bytesPerSecond: 2000000/);
    await becomes(page, () => card(page, "one").innerText(), "by its size");
    for (const line of ["version: 1", "  node: blue", "    answer: unavailable", "    until: 1m0s"]) {
      assert.ok((await text(page, "scenario")).includes(line), line);
    }
    // Remarks are lost only with a word about it, and a way back.
    const remarked = `# mine\n${await text(page, "scenario")}`;
    await give(page, { scenario: remarked });
    await choose(page, /How reg.io\/app:1 came to blue/, "was put there by somebody else");
    await page.getByText("The scenario was written anew").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await becomes(page, () => text(page, "scenario"), "# mine");
  }));

test("the queue shows who pulls and who waits, as the kubelet's configuration has it", (t) =>
  withPage(t, {}, async (page) => {
    const manifests = pod("a", ["big:1"]) + pod("b", ["small:1"]) + pod("c", ["tiny:1"]);
    const scenario = "images: [{image: 'big:1', takes: 20s}, {image: 'small:1', takes: 2s}, {image: 'tiny:1', takes: 3s}]\npods: [{pod: b, at: 1s}, {pod: c, at: 2s}]\n";
    await open(page, { manifests, scenario });
    const queue = page.locator(".pv-section").filter({ hasText: "Who pulls and who waits" });
    await queue.getByText("As a table").click();
    const rows = () => queue.getByRole("region", { name: "The node's pulls" }).innerText();
    await becomes(page, rows, /b\/one\s+small:1\s+2s\s+21s\s+23s\s+19s\s+pulled/);
    await becomes(page, rows, /c\/one\s+tiny:1\s+3s\s+23s\s+26s\s+20s\s+pulled/);
    await choose(page, "How many images the kubelet pulls at a time", "at most 2 at a time");
    await becomes(page, rows, /b\/one\s+small:1\s+2s\s+2s\s+4s\s+0s[^]*c\/one\s+tiny:1\s+3s\s+4s\s+7s\s+1s/);
    await choose(page, "How many images the kubelet pulls at a time", "all at once");
    await becomes(page, rows, /c\/one\s+tiny:1\s+3s\s+3s\s+6s\s+0s/);
    await queue.getByRole("button", { name: "Let another pod pull a large image" }).click();
    await becomes(page, rows, /another pod\s+registry\.example\/large:1\s+0s\s+0s\s+1m/);
    assert.match(await queue.getByRole("img").getAttribute("aria-label"), /4 images are pulled on node-1, all at once/);

    await give(page, { "kubelet-config": "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxParallelImagePulls: 0\n" });
    const refusal = page.locator(".pv-refusal");
    await refusal.waitFor();
    assert.match(await refusal.innerText(), /does not start[^]*maxParallelImagePulls 0 must be a positive number[^]*Kubelet, line 3/);
  }));

test("what a name points at: a platform that is missing, a tag that moves, and the digest that ends it", (t) =>
  withPage(t, {}, async (page) => {
    await open(page, { manifests: pod("web", ["reg.io/app:v1"]) });
    const name = page.locator(".pv-section").filter({ hasText: "What the names point at" });
    await name.locator("summary").first().click();
    const platforms = page.getByRole("textbox", { name: "Platforms of reg.io/app:v1" });
    await platforms.fill("linux/arm64");
    await platforms.press("Enter");
    await becomes(page, verdict(page), "waits with ErrImagePull");
    await becomes(page, () => name.innerText(), "the index of reg.io/app:v1 has only linux/arm64");
    await choose(page, "Architecture of node-1", "arm64");
    await becomes(page, verdict(page), "Every image is there");
    await name.getByRole("button", { name: /^Let the tag move/ }).click();
    await becomes(page, () => name.innerText(), /IfNotPresent[^]*2 digests run at the same time/);
    await name.getByRole("button", { name: "Name the digest" }).click();
    await becomes(page, () => text(page, "manifests"), /image: 'reg\.io\/app:v1@sha256:a{64}'/);
    await page.getByText("The image is named by its digest now.").waitFor();
    await becomes(page, () => name.innerText(), "names its digest, so it cannot move");
  }));

test("every source of credentials has its turn, and plug-ins can fail", (t) =>
  withPage(t, {}, async (page) => {
    const plugin =
      "apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders:\n" +
      "- {name: ecr, matchImages: [reg.io], apiVersion: credentialprovider.kubelet.k8s.io/v1, defaultCacheDuration: 1h}\n---\n" +
      "apiVersion: credentialprovider.kubelet.k8s.io/v1\nkind: CredentialProviderResponse\ncacheKeyType: Image\nauth: {reg.io/app: {username: plugin, password: p}}\n";
    await open(page, {
      manifests: pod("web", ["reg.io/app:1"]),
      "node-config": '{"auths": {"reg.io": {"username": "node", "password": "p"}}}',
      "credential-providers": plugin,
      scenario: "registries: [{registry: reg.io, answers: [{answer: denied}]}]",
    });
    const users = () => card(page, "one").getByRole("list", { name: "Attempts in order" }).innerText();
    await becomes(page, users, /node of the node's file[^]*plugin of plug-in ecr/);
    const sources = page.locator(".pv-section").filter({ hasText: "Where credentials come from" });
    assert.match(await sources.innerText(), /1\s+Pull secrets[^]*2\s+The node's[^]*3\s+Credential provider plug-ins[^]*Changed in v1\.33/);
    await release(page, "v1.32");
    await becomes(page, users, /plugin of plug-in ecr[^]*node of the node's file/);
    await page.getByRole("checkbox", { name: "ecr answers" }).click();
    await becomes(page, () => text(page, "scenario"), /failingPlugins:\n- ecr/);
    await becomes(page, () => sources.innerText(), "gives nothing that can be used");
  }));

test("waits before restarts follow the gates of the release", (t) =>
  withPage(t, {}, async (page) => {
    await open(page, { manifests: pod("web", ["nginx:1"]) });
    const restarts = page.locator(".pv-section").filter({ hasText: "CrashLoopBackOff" });
    await becomes(page, () => restarts.innerText(), "ReduceDefaultCrashLoopBackOffDecay");
    await restarts.getByText("As a table").click();
    const table = () => restarts.getByRole("region", { name: "Waits before each restart" }).innerText();
    await becomes(page, table, /1\s+0s\s+0s\s+2\s+10s\s+1s\s+3\s+20s\s+2s/);
    await give(page, { "kubelet-config": "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncrashLoopBackOff: {maxContainerRestartPeriod: 25s}\n" });
    await release(page, "v1.35");
    await becomes(page, table, /4\s+40s\s+4s\s+25s/);
    const run = page.getByRole("spinbutton", { name: /^How long each run/ });
    await run.fill("601");
    await run.press("Enter");
    await becomes(page, table, /2\s+0s\s+0s\s+0s/);
  }));

test("the use cases say what is missing or unsafe, and the manifest that does it", (t) =>
  withPage(t, {}, async (page) => {
    await open(page, { manifests: pod("web", ["reg.io/app"]) }, "Use cases");
    const found = page.getByRole("list", { name: "What does not fit" });
    const choice = (name) => page.getByRole("radio", { name });
    assert.ok(await choice(/everybody in the cluster may use them/).isChecked(), "a private image and no pull secret");
    await becomes(page, () => found.innerText(), /unsafe[^]*latest[^]*missing[^]*Neither the node's file/i);
    await page.getByRole("button", { name: "Use as config.json" }).click();
    await becomes(page, () => text(page, "node-config"), '"reg.io": {"username": "USER"');
    await becomes(page, () => found.innerText(), /^(?![^]*Neither)/);

    await choice(/only some pods may use them/).check();
    await becomes(page, () => found.innerText(), /AlwaysPullImages is off[^]*The nodes have a credential[^]*has no pull secret/);
    await page.getByRole("checkbox", { name: /^AlwaysPullImages/ }).click();
    await becomes(page, () => found.innerText(), /^(?![^]*AlwaysPullImages is off)/);
    await page.getByRole("button", { name: "Add to the manifests" }).click();
    await becomes(page, () => text(page, "manifests"), /name: private-images/);
    // Who says that the registry is open needs none of it.
    await choose(page, "Who may have the images of reg.io", "open to anybody");
    await becomes(page, () => text(page, "scenario"), /registry: reg\.io\n {2}open: true/);
    await becomes(page, () => found.innerText(), /^(?![^]*has no pull secret)/);
  }));

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in the views of pulls and use cases, ${colorScheme}, and the phone scrolls no page sideways`, (t) =>
    withPage(t, { colorScheme, viewport: { width: 390, height: 844 } }, async (page) => {
      await give(page, { manifests: THREE, scenario: `${ANSWERS.replace("size: 1234", "platforms: [linux/arm64], digest: 'sha256:" + "a".repeat(64) + "', moves: [{at: 60s, digest: 'sha256:" + "b".repeat(64) + "'}]")}nodes: [{name: node-1, pulls: [{image: 'big:1', takes: 60s}]}]\n` });
      await page.locator(".pane-switch button").last().click();
      for (const view of ["Pulls", "Use cases"]) {
        await page.getByRole("tab", { name: view, exact: true }).click();
        await page.locator(view === "Pulls" ? ".pulls-view" : ".use-cases").waitFor({ timeout: 20_000 });
        await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
        await drawn(page);
        await assertAccessible(page);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
      }
    }));
}

test("a pod that no node takes: what holds it comes first, what would follow is marked", (t) =>
  withPage(t, {}, async (page) => {
    const node = (cpu) =>
      `---\napiVersion: v1\nkind: Node\nmetadata: {name: small}\nstatus: {allocatable: {cpu: '${cpu}', memory: 4Gi, pods: '10'}}\n`;
    const big = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: one, image: 'x:1', resources: {requests: {cpu: 8}}}]\n";
    await open(page, { manifests: big + node(2) });
    await becomes(page, verdict(page), "No node takes the pod, so it stays Pending: 0/1 nodes are available: 1 Insufficient cpu.");
    const seen = page.getByRole("region", { name: "What is seen of the pod" });
    assert.match(await seen.innerText(), /web +0\/1 +Pending/);
    assert.match(await seen.innerText(), /Warning +FailedScheduling .*default-scheduler/);
    assert.doesNotMatch(await seen.innerText(), /Successfully assigned/);
    const rest = page.locator(".held-rest.is-otherwise");
    assert.match(await rest.innerText(), /^If a node took the pod, this would follow:\s+yes:\s+Every image is there/);
    assert.match(await page.getByRole("region", { name: "kubectl describe pod web, as it would follow" }).innerText(), /to small/);
    await assertAccessible(page);

    await page.getByRole("tab", { name: "Start & stop", exact: true }).click();
    await becomes(page, () => page.locator(".life-answer h2").first().innerText(), "No node takes the pod");
    assert.match(await page.locator(".life .held-rest.is-otherwise").innerText(), /If a node took the pod, this would follow:/);
    await assertAccessible(page, { preload: false });

    // With room on the node nothing is marked any more.
    await give(page, { manifests: big + node(16) });
    await page.getByRole("tab", { name: "Pulls", exact: true }).click();
    await becomes(page, verdict(page), "Every image is there");
    assert.equal(await page.locator(".is-otherwise, .held-seen").count(), 0);

    await give(page, { manifests: big.replace("spec:", "spec:\n  restartPolicy: Sometimes") });
    await becomes(page, verdict(page), "The API server refuses the pod, so it never exists:");
    assert.match(await page.getByRole("region", { name: "What is seen of the pod" }).innerText(), /NotFound/);
    assert.match(await page.locator(".held-rest").innerText(), /If the API server took the pod/);
  }));
