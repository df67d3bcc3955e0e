// Measures dist/ with Lighthouse's mobile preset, three times, and writes the medians to bench/lighthouse.json.
// Files are served with brotli, as static hosts do. Run by `cargo xtask lighthouse`.

import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RUNS = 3;
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
/** What the project wants: each value must be at least, or at most, this. */
const GOALS = {
  performance: { atLeast: 95 },
  accessibility: { atLeast: 100 },
  "best-practices": { atLeast: 100 },
  "largest-contentful-paint (ms)": { atMost: 1800 },
  "total-blocking-time (ms)": { atMost: 150 },
  "cumulative-layout-shift": { atMost: 0.01 },
};

const compressed = new Map();
const server = createServer(async (request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  const file = join(ROOT, "dist", normalize(path === "/" ? "/index.html" : path));
  try {
    if (!compressed.has(file)) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
      compressed.set(file, brotliCompressSync(await readFile(file), { params }));
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-encoding": "br" }).end(compressed.get(file));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const runs = [];
for (let run = 0; run < RUNS; run += 1) {
  const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
  const chrome = await launch({ chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromeFlags });
  try {
    const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: "error", onlyCategories: ["performance", "accessibility", "best-practices"] });
    const audit = (name) => lhr.audits[name].numericValue;
    runs.push({
      performance: Math.round(lhr.categories.performance.score * 100),
      accessibility: Math.round(lhr.categories.accessibility.score * 100),
      "best-practices": Math.round(lhr.categories["best-practices"].score * 100),
      "largest-contentful-paint (ms)": Math.round(audit("largest-contentful-paint")),
      "total-blocking-time (ms)": Math.round(audit("total-blocking-time")),
      "cumulative-layout-shift": Math.round(audit("cumulative-layout-shift") * 1000) / 1000,
      "first-contentful-paint (ms)": Math.round(audit("first-contentful-paint")),
      "total-byte-weight (bytes)": Math.round(audit("total-byte-weight")),
    });
    const failed = Object.values(lhr.audits).filter((one) => one.score !== null && one.score < 0.9 && one.scoreDisplayMode === "binary");
    for (const one of failed) console.log(`run ${run + 1}: ${one.id}: ${one.title}`);
  } finally {
    chrome.kill();
  }
}
server.close();

const medians = Object.fromEntries(Object.keys(runs[0]).map((name) => [name, median(runs.map((run) => run[name]))]));
await writeFile(join(ROOT, "bench/lighthouse.json"), `${JSON.stringify({ preset: "mobile", runs, medians }, null, 2)}\n`);
let good = true;
for (const [name, value] of Object.entries(medians)) {
  const { atLeast, atMost } = GOALS[name] ?? {};
  const reached = !(value < atLeast) && !(value > atMost);
  good &&= reached;
  const goal = atLeast === undefined ? (atMost === undefined ? "" : `at most ${atMost}`) : `at least ${atLeast}`;
  console.log(`${name.padEnd(32)} ${String(value).padStart(9)}  ${goal}${reached ? "" : "  NOT REACHED"}`);
}
process.exit(good ? 0 : 1);
