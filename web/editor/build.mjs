// Bundles the code editor beside the page that Trunk has just built. Trunk runs it as a hook (Trunk.toml), so that
// `trunk serve`, `trunk build` and `cargo xtask build` all have it.
//
// The file's name holds a digest of its content, as Trunk's own do; the page learns it from <meta id="editor-js">.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));
const page = process.env.TRUNK_STAGING_DIR ?? join(folder, "../../dist");

const bundle = await build({
  entryPoints: [join(folder, "main.js")],
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: process.env.TRUNK_PROFILE !== "debug",
  legalComments: "none",
  logLevel: "warning",
  write: false,
});
const code = bundle.outputFiles[0].contents;
const name = `editor-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.js`;
await writeFile(join(page, name), code);

const index = join(page, "index.html");
const html = await readFile(index, "utf8");
const named = html.replace(/(<meta\b[^>]*\bcontent="?)[^\s">]*editor[^\s">]*\.js/, `$1./${name}`);
if (!named.includes(name)) throw new Error(`${index} has no <meta id="editor-js" content="./editor.js">`);
await writeFile(index, named);
