/*
 * shell.mjs - the common parts of all pages: the tree's facts, read from
 * standard input, the frame around a page, and the list for the search.
 */
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { Links } from "./links.mjs";

export const site = JSON.parse(fs.readFileSync(0, "utf8"));
export const out = process.argv[2];
export const here = path.dirname(process.argv[1]);
export const require = createRequire(site.packages + "/");
export const links = new Links(site);
export const found = [];

export const escape = require("markdown-it")().utils.escapeHtml;
export const plain = html =>
  require("entities").decodeHTML(html.replace(/<[^>]*>/g, ""));

/* A file of the tree, or of an absolute path. */
export const read = file =>
  fs.readFileSync(path.resolve(site.root, file), "utf8");

export function write(name, text) {
  fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
  fs.writeFileSync(path.join(out, name), text);
}

/* The scripts of a page with Run buttons. */
const RUN = ["site", "tables", "trace", "columns", "picture", "edit", "run"];

const FRAME = read(here + "/frame.html");

/* An entry of the search. */
export const find = (url, title, where, text) =>
  found.push({ url, title, where, text });

/* The search finds the sections of a page. */
function index(file, title, where, text) {
  for (const part of text.split(/(?=<h[1-3] id)/)) {
    const [, id, head] = /^<h\d id="([^"]*)"[^>]*>(.*?)<\/h/.exec(part) ?? [];
    const url = id ? `${file}#${id}` : file;
    find(url, head ? plain(head) : title, where, plain(part));
  }
}

/* The page of the folder of a file, or of the folder around a folder. */
function above(file) {
  const name = file.replace(/\/index\.html$/, "");
  const at = path.dirname(name);
  const title = at == "." ? "Home" : at + "/";
  return name != "index.html" && { file: path.join(at, "index.html"), title };
}

/* A page in frame.html. `beside` tells the page's place: its number `at` in the
 * list `all`, and the page `up`; and what the search knows of the page: `where`
 * stands below its title, `text` is its HTML. */
export function page(file, title, body, beside = {}) {
  const { all = [], at, up = above(file) } = beside;
  const address = place => path.relative(path.dirname(file), place);
  const way = (rel, to, words) =>
    to
      ? `<a rel="${rel}" href="${address(to.file)}">` +
        `${words.replace("*", escape(to.title))}</a>\n`
      : "";
  const steps =
    way("prev", all[at - 1], "&larr; *") +
    way("up", up, "&uarr; *") +
    way("next", all[at + 1], "* &rarr;");
  const root = address(".") || ".";
  const scripts = body.includes("<pre data-run=") ? RUN : ["site"];
  const parts = {
    body,
    root,
    title: escape(title),
    steps: steps && `<nav class="steps">${steps}</nav>`,
    scripts: scripts
      .map(name => `<script defer src="${root}/web/${name}.js"></script>`)
      .join("\n"),
  };
  index(file, title, beside.where ?? title, beside.text ?? body);
  const html = FRAME.replace(/\{(\w+)\}/g, (all, name) => parts[name] ?? all);
  write(file, html);
}
