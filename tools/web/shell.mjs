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
export const here =
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
export const require = createRequire(site.packages + "/");
export const links = new Links(site);
export const found = [];

export const escape = require("markdown-it")().utils.escapeHtml;
export const plain = html =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");

/* A file of the tree, or of an absolute path. */
export const read = file =>
  fs.readFileSync(path.resolve(site.root, file), "utf8");

/* An entry of the search. */
export const find = (url, title, where, text = "") =>
  found.push({ url, title, where, text });

/* The pages before and behind a page of a list. */
export const neighbours = (all, at) => ({
  previous: all[at - 1],
  next: all[at + 1],
});

export function write(name, text) {
  fs.mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
  fs.writeFileSync(path.join(out, name), text);
}

export const TRACE_SCRIPTS = ["tables.js", "trace.js", "picture.js"];
export const RUN_SCRIPTS = [...TRACE_SCRIPTS, "edit.js", "run.js"];

/* The links at the head of each page. */
const SECTIONS = [
  ["Home", "index.html"],
  ["Guide", "docs/guide/index.html"],
  ["Manual", "docs/man/index.html"],
  ["Museum", "docs/museum/index.html"],
  ["Source", "kernel/index.html"],
  ["Terminal", "web/terminal.html"],
  ["Try", "web/try.html"],
  ["Scheduler", "web/schedule.html"],
];

/* A whole page: `beside` are the links to the neighbours. */
const WAYS = [
  ["previous", "prev", "&larr; ", ""],
  ["up", "up", "&uarr; ", ""],
  ["next", "next", "", " &rarr;"],
];

export function page(file, title, body, beside = {}, extra = []) {
  const root = path.relative(path.dirname(file), ".") || ".";
  const to = target => Links.between(file, target);
  const steps = WAYS.filter(([way]) => beside[way])
    .map(
      ([way, rel, before, behind]) =>
        `<a rel="${rel}" href="${to(beside[way].file)}">` +
        before + escape(beside[way].title) + behind + "</a>",
    )
    .join("\n");
  const own = body.includes("<pre data-run=") ? RUN_SCRIPTS : [];
  const tags = [...new Set(["site.js", ...own, ...extra])]
    .map(name => `<script defer src="${to("web/" + name)}"></script>`)
    .join("\n");
  const nav = steps ? `<nav class="steps">${steps}</nav>` : "";
  write(
    file,
    `<!doctype html>
<html lang="en" data-root="${root}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} - Parley</title>
<link rel="stylesheet" href="${to("web/style.css")}">
${tags}
<header>${SECTIONS.map(
      ([name, target]) => `<a href="${to(target)}">${name}</a>`,
    ).join("\n")}
<form role="search"><input type="search" placeholder="Search (/)"
aria-label="Search"><ol hidden></ol></form></header>
<main>
${nav}
${body}
${nav}
</main>
</html>
`,
  );
}
