// Makes the built page smaller, after Trunk: `cargo xtask build` calls it.
//
// 1. Scripts lose their comments and long names. (The minifier in Trunk cannot read them.)
// 2. The style sheets of the first screen become one.
// 3. The first program's constants (the API's field table, the rules' texts, every message) leave the WebAssembly and
//    become a file of their own, which arrives beside it: the browser compiles the one while the other is still on its
//    way. web/boot.js puts them into the program's memory before it starts it.

import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
// Sections of a module that do not stay: names and notes of the compiler, data, and how much data there is.
const CUSTOM = 0;
const DATA = 11;
const DATA_COUNT = 12;

for (const name of await readdir(dist)) {
  if (!name.endsWith(".js")) continue;
  const path = join(dist, name);
  const { code } = await transform(await readFile(path, "utf8"), { minify: true, target: "es2022", legalComments: "none" });
  await writeFile(path, code);
}

const index = join(dist, "index.html");
let html = await readFile(index, "utf8");

const sheets = [...html.matchAll(/<link\b[^>]*\bhref="?\.\/([^\s">]+\.css)\b[^>]*>/g)];
if (sheets.length > 1) {
  const styles = await Promise.all(sheets.map(([, name]) => readFile(join(dist, name), "utf8")));
  const style = styles.join("\n");
  const name = `style-${createHash("sha256").update(style).digest("hex").slice(0, 16)}.css`;
  await writeFile(join(dist, name), style);
  for (const [link, old] of sheets) {
    html = html.replace(link, link === sheets[0][0] ? link.replace(old, name) : "");
    await rm(join(dist, old));
  }
  await writeFile(index, html);
}

const link = html.match(/<link\b[^>]*\bid="?app-wasm\b[^>]*>/)?.[0];
const wasm = link?.match(/href="?([^\s">]+)_bg\.wasm/)?.[1];
if (!wasm) throw new Error(`${index} names no WebAssembly`);
if (!html.includes("app-data")) {
  const path = join(dist, `${wasm}_bg.wasm`);
  const { rest, start, image } = takeData(await readFile(path));
  await writeFile(path, rest);
  await writeFile(join(dist, `${wasm}.bin`), image);
  await writeFile(index, html.replace(link, `${link}<link href=${wasm}.bin id=app-data data-start=${start}>`));
}

/** The module without its data, and the memory that the data would have filled: from `start`, as one piece. */
function takeData(module) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const kept = [module.subarray(0, at)];
  const segments = [];
  while (at < module.length) {
    const begin = at;
    const section = module[at++];
    const end = number() + at;
    if (section === DATA) {
      for (let left = number(); left > 0; left--) {
        // `i32.const address end`, the address below 2 GiB: nothing else is written by the compiler.
        if (number() !== 0 || module[at++] !== 0x41) throw new Error("a data segment of another kind");
        const address = number();
        at++;
        const length = number();
        segments.push({ address, bytes: module.subarray(at, at + length) });
        at += length;
      }
    } else if (section !== DATA_COUNT && section !== CUSTOM) {
      kept.push(module.subarray(begin, end));
    }
    at = end;
  }
  const start = Math.min(...segments.map(({ address }) => address));
  const image = Buffer.alloc(Math.max(...segments.map(({ address, bytes }) => address + bytes.length)) - start);
  for (const { address, bytes } of segments) image.set(bytes, address - start);
  return { rest: Buffer.concat(kept), start, image };
}
