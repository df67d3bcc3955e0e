// The code editor in front of the text areas: under the page's policy, with what the rules know, and back again.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { answered, assertAccessible, becomes, closeBrowser, drawn, manifests, pod, slowness, strip, withPage, workbench } from "./support.mjs";

after(closeBrowser);

const CODE = { editor: "code" };
const plainSwitch = (page) => page.getByRole("checkbox", { name: "Plain text editor" });
const options = (page) => page.locator(".cm-tooltip-autocomplete li");

/** Waits until CodeMirror shows the texts, and the rules answer it. */
async function ready(page) {
  // The page waits for a sign of somebody being there.
  await page.mouse.move(9, 9);
  await page.locator("html[data-editor=code][data-assist]").waitFor({ state: "attached", timeout: 20_000 });
  await manifests(page).waitFor();
}

/** Puts a text into the editor as an example would, with the caret at `|` if there is one. */
async function put(page, marked) {
  await page.evaluate((marked) => {
    const area = document.getElementById("text-manifests");
    const at = marked.indexOf("|");
    const text = marked.replace("|", "");
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    area.setSelectionRange(Math.max(at, 0), Math.max(at, 0));
  }, marked);
}

const now = (page) =>
  page.evaluate(() => {
    const area = document.getElementById("text-manifests");
    return {
      text: area.value,
      caret: [area.selectionStart, area.selectionEnd],
      top: area.scrollTop,
      left: area.scrollLeft,
      focused: document.activeElement === area.closest(".editor"),
      page: document.documentElement.scrollTop,
    };
  });

/** A list of completions takes no key before it has been seen for 75 ms (CodeMirror's interactionDelay). */
const settled = (page) => page.waitForTimeout(100);

const textNow = async (page) => (await now(page)).text;

test("it is loaded after the first answers, and takes over what was being written", (t) =>
  withPage(t, CODE, async (page) => {
    const area = page.locator("#text-manifests");
    if (await area.isVisible()) {
      await area.fill("kind: Pod\n");
      await area.press("End");
    }
    await ready(page);
    await put(page, pod("web", "nginx:1|"));
    await page.keyboard.type("23");
    await strip(page).getByText("nginx:123").first().waitFor();
    const lines = await page.locator(".cm-lineNumbers").first().innerText();
    assert.match(lines, /8/);
  }));

test("typed letter by letter nothing moves, and the answer follows", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, "");
    const text = `${pod("web", "registry.example/app:1.2")}---\n${pod("api", "nginx")}`;
    const still = async (typed, when) => {
      const { length } = typed;
      const expected = { text: typed, caret: [length, length], top: 0, left: 0, focused: true, page: 0 };
      assert.deepEqual(await now(page), expected, when);
    };
    let typed = "";
    for (const line of text.trimEnd().split("\n")) {
      // The editor indents a new line; who wants it otherwise takes blanks away or adds some.
      const indent = line.length - line.trimStart().length;
      while (typed.length - typed.lastIndexOf("\n") - 1 > indent) {
        await page.keyboard.press("Backspace");
        typed = await textNow(page);
      }
      const rest = line.slice(typed.length - typed.lastIndexOf("\n") - 1);
      for (const [index, letter] of [...rest].entries()) {
        await page.keyboard.type(letter);
        typed += letter;
        if (index % 5 !== 0) continue;
        await drawn(page);
        await still(typed, `after ${letter} of ${line}`);
      }
      await page.keyboard.press("Escape");
      await page.keyboard.press("Enter");
      typed = await textNow(page);
      await still(typed, `after ${line}`);
    }
    assert.equal(typed.trimEnd(), text.trimEnd());
    await strip(page).getByText("api / main").waitFor();
    await strip(page).getByText("web / main").waitFor();
  }));

test("what is written over coloured text, pasted and cut violates no policy", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    const select = (from, to) =>
      page.evaluate(([from, to]) => document.getElementById("text-manifests").setSelectionRange(from, to), [from, to]);
    await put(page, `# A comment\n${pod("web", '"nginx:1" # why')}      args: [a, 1, true]\n`);
    const { text } = await now(page);
    for (const word of ["comment", "kind", "Pod", "nginx:1", "why", "a, 1, true", "spec:\n  containers"]) {
      const at = text.indexOf(word);
      for (const keys of [["x", "1"], ["Delete", "y", "z"], ["Control+x", "Control+v", "w"], ["Backspace", "Enter", "q"]]) {
        await select(at, at + word.length);
        for (const key of keys) await page.keyboard.press(key);
        await put(page, text);
      }
      await select(at, at + word.length);
      await page.keyboard.insertText("é日本");
      assert.equal(await textNow(page), text.slice(0, at) + "é日本" + text.slice(at + word.length));
      await put(page, text);
    }
  }));

test("typing in the middle of a long text does not scroll", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    const pods = Array.from({ length: 200 }, (_, i) => `kind: Pod\nmetadata:\n  name: pod-${i}\n---\n`).join("");
    await put(page, pods.replace("pod-100", "pod-|100"));
    await becomes(page, () => now(page), ({ top }) => top > 4_000);
    await drawn(page);
    const before = await now(page);
    assert.ok(before.top > 4_000, "the caret is in sight");
    await page.keyboard.type("typed-", { delay: 15 });
    await drawn(page);
    const after = await now(page);
    assert.equal(after.top, before.top);
    assert.equal(after.text, pods.replace("pod-100", "pod-typed-100"));
  }));

test("fields, values and names of the text are completed", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, pod("web", "nginx") + "      |");
    await page.keyboard.type("imagePu");
    await options(page).filter({ hasText: "imagePullPolicy" }).waitFor();
    await settled(page);
    await page.keyboard.press("Enter");
    assert.match(await textNow(page), /\n      imagePullPolicy: $/);
    await page.keyboard.press("Control+Space");
    await options(page).filter({ hasText: "IfNotPresent" }).waitFor();
    assert.deepEqual(await options(page).allInnerTexts(), ["Always", "IfNotPresent", "Never"]);
    await settled(page);
    await page.keyboard.press("ArrowDown");
    await settled(page);
    await page.keyboard.press("Enter");
    assert.match(await textNow(page), /\n      imagePullPolicy: IfNotPresent$/);
    await strip(page).getByText("(IfNotPresent)").first().waitFor();
    await put(page, `kind: Secret\napiVersion: v1\nmetadata:\n  name: my-key\n---\n${pod("web", "nginx")}  imagePullSecrets:\n    - name: |`);
    await page.keyboard.press("Control+Space");
    await options(page).filter({ hasText: "my-key" }).waitFor();
  }));

test("JSON is completed too, and a release that lacks a field does not offer it", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    const json = '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "main", |}]}}';
    await put(page, json);
    await page.keyboard.type('"resiz');
    await options(page).filter({ hasText: "resizePolicy" }).waitFor();
    await settled(page);
    await page.keyboard.press("Enter");
    assert.match(await textNow(page), /"resizePolicy": \[\]/);
    await page.locator("#release").selectOption("v1.20");
    await put(page, json);
    await page.keyboard.type('"res');
    await options(page).filter({ hasText: "resources" }).waitFor();
    assert.equal(await options(page).filter({ hasText: "resizePolicy" }).count(), 0);
  }));

test("hovering a field says its type, its values and since when it exists", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await answered(page, () => put(page, pod("web", "nginx") + "      resizePolicy: []\n      imagePullPolicy: Always\n"));
    const card = page.locator(".hover-card");
    const hover = async (word) => {
      await page.mouse.move(600, 700);
      await page.locator(".cm-line", { hasText: word }).getByText(word).hover({ position: { x: 20, y: 8 } });
      return (await card.waitFor({ timeout: 1500 }).then(() => card.innerText(), () => "nothing")).split("\n");
    };
    const resize = ["resizePolicy: list of ContainerResizePolicy", "Field of Container.", "Part of the API since v1.27."];
    assert.deepEqual((await hover("resizePolicy")).filter(Boolean), resize);
    const policy = ["imagePullPolicy: text", "Field of Container.", "One of Always, IfNotPresent, Never."];
    assert.deepEqual((await hover("imagePullPolicy")).filter(Boolean), policy);
    await page.keyboard.press("Escape");
    await card.waitFor({ state: "detached" });
  }));

test("problems are marked, F8 goes through them, and one key mends them", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    const [one, two] = ["one", "two"].map((name) => pod(name, "registry.example/app:1.2"));
    // The second program has its say about the text too.
    await answered(page, () => put(page, `${one}      imagePullPolic: Always\n---\n# ä😀\n${two}      comand: [a]\n`));
    await page.locator(".cm-lintRange-error").nth(1).waitFor();
    assert.ok(await page.locator(".cm-signs .sign.error").first().isVisible());
    const selected = async () => {
      const { text, caret } = await now(page);
      return text.slice(...caret);
    };
    await page.keyboard.press("F8");
    assert.equal(await selected(), "imagePullPolic");
    await page.locator(".problem-bar").getByText("unknown field").waitFor();
    assert.match(await page.locator(".cm-announced").first().innerText(), /unknown field/);
    await page.keyboard.press("F8");
    assert.equal(await selected(), "comand");
    await page.keyboard.press("Shift+F8");
    assert.equal(await selected(), "imagePullPolic");
    await page.getByRole("button", { name: "Change to imagePullPolicy" }).waitFor();
    // The fixes come with the answer to the changed text.
    await answered(page, () => page.keyboard.press("Control+."));
    assert.match(await textNow(page), /imagePullPolicy: Always/);
    await page.keyboard.press("F8");
    await page.getByRole("button", { name: "Change to command" }).click();
    assert.match(await textNow(page), /command: \[a\]/);
    await page.waitForFunction(() => !document.querySelector(".editor").shadowRoot.querySelector(".cm-lintRange-error"));
  }));

test("a fix from the list of problems is still there after typing elsewhere", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await answered(page, () => put(page, `${pod("web", "registry.example/app:1.2")}      imagePullPolicy: always\n|`));
    const fix = page.getByRole("button", { name: "Write Always" });
    await answered(page, () => page.keyboard.type("# typed"));
    for (let problem = 0; problem < 10 && !(await fix.isVisible()); problem += 1) await page.keyboard.press("F8");
    await fix.click({ timeout: 2000 });
    assert.match(await textNow(page), /imagePullPolicy: Always\n# typed/);
  }));

test("a problem's button and a step's line go to the place, folded or not", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, `${"# ä 😀 日本\n".repeat(300)}${pod("web", "nginx")}      imagee: y\n`);
    await page.getByRole("tab", { name: /^Problems 1/ }).click();
    await manifests(page).press("Control+Alt+[");
    await page.getByRole("button", { name: /^line 309/ }).first().click();
    const { text, caret, top, focused } = await now(page);
    assert.equal(text.slice(...caret), "imagee");
    assert.ok(top > 5_000 && focused);
    await page.locator(".cm-line", { hasText: "imagee" }).waitFor();
  }));

test("an opened explanation has its numbers beside the lines", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await page.getByText("Every step of the comparison").first().click();
    const badge = page.locator(".cm-signs .sign.number").first();
    await badge.waitFor();
    assert.equal(await badge.innerText(), "1");
    assert.ok(await page.locator(".cm-line.lit .evidence").first().isVisible());
    await assertAccessible(page);
    await page.getByText("Every step of the comparison").first().click();
    await badge.waitFor({ state: "detached" });
  }));

test("the other texts have it too, as soon as they are opened", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, pod("web", "my-registry.io/images/app:1"));
    await page.getByRole("tab", { name: "config.json" }).click();
    const file = page.getByRole("textbox", { name: "The node's config.json" });
    await file.click();
    await page.keyboard.insertText('{"auths": {"my-registry.io/images": {"auth": "%%%"}}}');
    await page.locator("#input-panel-1 .cm-lintRange").first().waitFor();
    await page.getByRole("tab", { name: "Manifests" }).click();
    await page.getByRole("tab", { name: /^Problems/ }).click();
    // The second program's list takes the place of the first one's as soon as it has an answer.
    await page.locator("#view-problems").getByRole("button", { name: /^config.json.*line 1|^line 1/ }).first().click();
    const selected = await page.evaluate(() => {
      const area = document.getElementById("text-node-config");
      return area.value.slice(area.selectionStart, area.selectionEnd);
    });
    assert.match(selected, /%%%/);
    assert.equal(await file.evaluate((element) => element.getRootNode().activeElement === element), true);
  }));

test("search finds, and folding hides", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, pod("web", "registry.example/app:1.2"));
    await page.keyboard.press("Control+f");
    await page.getByRole("textbox", { name: "Find" }).pressSequentially("example");
    await page.locator(".cm-searchMatch").first().waitFor();
    await assertAccessible(page);
    await page.keyboard.press("Escape");
    const line = page.locator(".cm-line", { hasText: "image: registry" });
    assert.ok(await line.isVisible());
    await page.evaluate(() => document.getElementById("text-manifests").setSelectionRange(40, 40));
    await page.locator(".cm-line", { hasText: "spec:" }).click();
    await page.keyboard.press("Control+Shift+{");
    await line.waitFor({ state: "detached" });
    await page.keyboard.press("Control+Shift+}");
    await line.waitFor();
  }));

test("the plain editor and the way back keep text, selection and what can be undone", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, pod("web", "nginx"));
    await page.evaluate(() => document.getElementById("text-manifests").setSelectionRange(20, 24));
    await page.keyboard.type("x");
    const typed = await textNow(page);
    await page.evaluate(() => document.getElementById("text-manifests").setSelectionRange(3, 9));
    await plainSwitch(page).check();
    const area = page.locator("#text-manifests");
    await area.waitFor();
    assert.equal(await area.inputValue(), typed);
    assert.deepEqual(await area.evaluate((area) => [area.selectionStart, area.selectionEnd]), [3, 9]);
    await plainSwitch(page).uncheck();
    await area.waitFor({ state: "hidden" });
    assert.deepEqual((await now(page)).caret, [3, 9]);
    await manifests(page).focus();
    await page.keyboard.press("Control+z");
    assert.equal(await textNow(page), pod("web", "nginx"));
    await page.keyboard.press("Control+Shift+Z");
    assert.equal(await textNow(page), typed);
    await plainSwitch(page).check();
    await area.fill(pod("other", "nginx"));
    await strip(page).getByText("other / main").waitFor();
    await plainSwitch(page).uncheck();
    assert.equal(await textNow(page), pod("other", "nginx"));
    await plainSwitch(page).check();
    await page.reload();
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
    await workbench(page);
    assert.ok(await plainSwitch(page).isChecked());
    assert.ok(await page.locator("#text-manifests").isVisible(), "the choice is remembered");
  }));

test("an example replaces the text, and undoing it is a key away", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, pod("mine", "nginx"));
    await page.getByRole("button", { name: "Clear" }).click();
    assert.equal(await textNow(page), "");
    await page.getByRole("button", { name: "Undo" }).click();
    assert.equal(await textNow(page), pod("mine", "nginx"));
    await strip(page).getByText("mine / main").waitFor();
  }));

test("Tab leaves the text, and Ctrl+] indents", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, "kind: Pod\n|a: 1\n");
    await page.keyboard.press("Control+]");
    assert.equal(await textNow(page), "kind: Pod\n  a: 1\n");
    await page.keyboard.press("Control+[");
    assert.equal(await textNow(page), "kind: Pod\na: 1\n");
    await page.keyboard.press("Tab");
    assert.equal((await now(page)).focused, false);
    await page.keyboard.press("Shift+Tab");
    assert.equal((await now(page)).focused, true);
  }));

test("TOML and text that is no manifest are shown without a fault", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    for (const text of ['version = 2\n[plugins."x"]\n  a = "b"\n', "{[".repeat(50_000), "- ".repeat(200_000), "\u0000\u0001\ud83d".repeat(500)]) {
      await answered(page, () => put(page, text));
      assert.equal(await textNow(page), text);
    }
    await put(page, pod("web", "nginx:1"));
    await strip(page).getByText("web / main").waitFor();
    assert.ok(await page.locator("#notice-fault").isHidden());
  }));

test("a text too large for a text area can be edited, and the page stays quick", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    const large = "# 0123456789 0123456789 0123456789 ä\n".repeat(80_000);
    await put(page, `${pod("web", "nginx:1|")}---\n${large}`);
    await strip(page).getByText("nginx:1").first().waitFor();
    const took = await page.evaluate(async () => {
      const start = performance.now();
      const area = document.getElementById("text-manifests");
      area.setSelectionRange(area.value.length, area.value.length);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - start;
    });
    t.diagnostic(`to the end of ${Math.round(large.length / 1e6)} million letters: ${Math.round(took)} ms`);
    assert.ok(took < 1000 * (await slowness(page)), `${took} ms`);
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("End");
    const started = Date.now();
    await page.keyboard.type("# typed");
    assert.match(await textNow(page), /^apiVersion: v1# typed\n/);
    t.diagnostic(`seven letters: ${Date.now() - started} ms`);
    await plainSwitch(page).check();
    await page.getByText("Too large to edit here").waitFor();
    await plainSwitch(page).uncheck();
    await page.locator(".cm-line", { hasText: "apiVersion: v1# typed" }).waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    assert.equal(await textNow(page), "");
  }));

test("on a device that is only touched the text area stays, unless it is asked for", (t) =>
  withPage(t, { editor: "usual", hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } }, async (page) => {
    const idle = page.evaluate(() => new Promise((done) => addEventListener("podwhy:idle", () => done(), { once: true })));
    await page.getByRole("button", { name: "Result" }).tap();
    await idle;
    await workbench(page);
    await page.getByRole("button", { name: "Input" }).tap();
    assert.ok(await page.locator("#text-manifests").isVisible());
    await plainSwitch(page).tap();
    await ready(page);
    await manifests(page).tap();
    await page.keyboard.type("# typed\n");
    assert.match(await textNow(page), /# typed\n/);
  }));

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    test(`it is accessible with problems and completions, ${colorScheme}, ${viewport.width} px`, (t) =>
      withPage(t, { ...CODE, colorScheme, viewport }, async (page) => {
        await ready(page);
        await put(page, `# A comment\n${pod("web", "nginx")}      ports: [{containerPort: 80, name: "x"}]\n      imagePullPolic: true\n      |`);
        await page.locator(".cm-lintRange-error").first().waitFor();
        await assertAccessible(page);
        await page.keyboard.press("F8");
        await page.locator(".problem-bar").waitFor();
        await assertAccessible(page);
        await page.keyboard.press("Control+End");
        await page.keyboard.press("Control+Space");
        await options(page).first().waitFor();
        // The list is worked from the text (aria-activedescendant); it must not take the focus itself.
        await assertAccessible(page, { rules: { "scrollable-region-focusable": { enabled: false } } });
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wider <= 0, `the page is ${wider} px wider than the screen`);
      }));
  }
}

test("a thousand lines that come as if they were typed are written at once, in place of what was chosen", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    await put(page, pod("web", "nginx:1"));
    await page.evaluate(() => {
      globalThis.inputs = 0;
      document.getElementById("text-manifests").addEventListener("input", () => (globalThis.inputs += 1));
      document.getElementById("text-manifests").select();
    });
    const text = Array.from({ length: 1000 }, (_, i) => `# ${i}\n`).join("");
    await page.keyboard.insertText(text);
    await becomes(page, () => textNow(page), (now) => now === text);
    assert.equal(await page.evaluate(() => globalThis.inputs), 1);
    await page.keyboard.press("Control+z");
    await becomes(page, () => textNow(page), pod("web", "nginx:1"));
  }));

test("a runtime's configuration and a scenario are completed too", (t) =>
  withPage(t, CODE, async (page) => {
    await ready(page);
    for (const [tab, id, text, label] of [
      ["Runtime", "text-runtime-config", "version = 3\n[pl", 'plugins."io.containerd.cri.v1.runtime".containerd'],
      ["Scenario", "text-scenario", "nodes:\n- name: a\n  images:\n  - image: x\n    cameBy: ", "serviceAccount"],
    ]) {
      await page.getByRole("region", { name: "Input" }).getByRole("tab", { name: tab }).click();
      await page.evaluate(
        ([id, text]) => {
          const area = document.getElementById(id);
          area.value = text;
          area.dispatchEvent(new Event("input", { bubbles: true }));
          area.focus();
          area.setSelectionRange(text.length, text.length);
        },
        [id, text],
      );
      await page.keyboard.press("Control+Space");
      await options(page).filter({ hasText: label }).first().waitFor();
      await page.keyboard.press("Escape");
    }
  }));
