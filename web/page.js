// What the page does without any program: colours, the promise at the bottom, and how the halves share the screen.
// It knows the page by the ids of index.html: #theme, #privacy-requests, #privacy-rule, #text-manifests.

{
  const root = document.documentElement;

  /** Storage may be forbidden; the page works all the same. */
  function kept(key, value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Nothing is kept then.
    }
    return null;
  }

  const THEMES = {
    system: { words: "as the system", next: "light", shape: "M2 3h12v8H2ZM6 14h4M8 11v3" },
    light: {
      words: "light",
      next: "dark",
      shape: "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
    },
    dark: { words: "dark", next: "system", shape: "M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2Z" },
  };

  const theme = THEMES[kept("podwhy.theme")] ? kept("podwhy.theme") : "system";
  if (theme !== "system") root.dataset.theme = theme;

  function setTheme(name) {
    const { words, next, shape } = THEMES[name];
    const button = document.getElementById("theme");
    button.title = `Colours: ${words}`;
    button.querySelector("span").textContent = button.title;
    button.querySelector("path").setAttribute("d", shape);
    button.onclick = () => {
      kept("podwhy.theme", next === "system" ? null : next);
      setTheme(next);
    };
    if (name === "system") delete root.dataset.theme;
    else root.dataset.theme = name;
  }

  /** The layout that web/src/workbench/shell/layout.rs keeps, before anything moves. */
  function restoreLayout() {
    const [width, halves] = (kept("podwhy.layout") ?? "").split(" ");
    if (/^\d\d$/.test(width)) root.style.setProperty("--input-width", `${width}%`);
    if (halves) root.dataset.halves = halves;
  }

  /** Says what the browser really enforces, and counts what was asked for that is none of the page's own files. */
  function keepPromise() {
    const policy = document.querySelector("meta[http-equiv='Content-Security-Policy']")?.content ?? "";
    const rule = policy.split(";").find((part) => part.trim().startsWith("connect-src"));
    const place = document.getElementById("privacy-rule");
    place.querySelector("code").textContent = rule?.trim() ?? "";
    place.hidden = !rule;
    const folder = new URL(".", document.baseURI).href;
    let elsewhere = 0;
    new PerformanceObserver((list) => {
      const foreign = list.getEntries().filter(({ name }) => /^https?:/.test(name) && !name.startsWith(folder));
      elsewhere += foreign.length;
      if (elsewhere) {
        document.getElementById("privacy-requests").textContent =
          `${elsewhere} ${elsewhere === 1 ? "request" : "requests"} went elsewhere: an extension of the browser may cause that.`;
      }
    }).observe({ type: "resource", buffered: true });
  }

  /**
   * The manifests of the last visit, which the program reads too, before it has arrived. Who comes for the first time
   * finds the first example, which is written in index.html; who comes back does not see it flash up.
   */
  function restoreManifests() {
    let text = kept("podwhy.manifests");
    try {
      text = sessionStorage.getItem("podwhy.text.manifests") ?? text;
    } catch {
      // What is kept for longer does as well.
    }
    if (text === null) return;
    root.dataset.restoring = "";
    whenRead(() => {
      // As its default it does not count as typed (web/boot.js). A very large one can wait: it gets no text area.
      document.getElementById("text-manifests").defaultValue = text.length > 200_000 ? "" : text;
      delete root.dataset.restoring;
    });
  }

  /** Runs `work` once the whole page is read, before any module runs. */
  function whenRead(work) {
    document.addEventListener("readystatechange", work, { once: true });
  }

  restoreLayout();
  restoreManifests();
  whenRead(() => {
    setTheme(theme);
    keepPromise();
  });
}
