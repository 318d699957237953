/*
 * build.mjs - write the site: usage: node build.mjs FOLDER < facts of
 * gather.py. Markdown goes through markdown-it, code through highlight.js, and
 * minisearch indexes all. See gather.py for the layout.
 */
import fs from "node:fs";
import path from "node:path";
import {
  guest_steps,
  highlighted,
  language_of,
  runnable,
  session,
} from "./code.mjs";
import { page_of } from "./links.mjs";
import { manual, manual_index } from "./manual.mjs";
import {
  escape,
  found,
  here,
  links,
  page,
  plain,
  require,
  site,
  write,
} from "./shell.mjs";

const markdown_it = require("markdown-it");
const anchor = require("markdown-it-anchor");

/* ---- Documents ---------------------------------------------------------- */

const md = markdown_it({
  html: true,
  highlight: (text, info, attributes) =>
    info == "console"
      ? runnable(text, guest_steps(text), md.file)
      : !info || /^(gdb|guest)/.test(info)
        ? session(text, md.file)
        : highlighted(text, info == "sh" ? "bash" : info, md.file),
}).use(anchor.default ?? anchor, {
  slugify: text =>
    encodeURIComponent(
      text
        .trim()
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replace(/ /g, "-"),
    ),
});

md.renderer.rules.code_inline = (tokens, at) => {
  const text = tokens[at].content;
  const inside =
    tokens.slice(0, at).filter(token => token.type == "link_open").length >
    tokens.slice(0, at).filter(token => token.type == "link_close").length;
  const target = !inside && links.of_code(text, md.file);
  const code = `<code>${escape(text)}</code>`;
  return target ? `<a href="${target}">${code}</a>` : code;
};
md.renderer.rules.code_block = (tokens, at) =>
  `<pre><code>${session(tokens[at].content, md.file)}</code></pre>\n`;
md.renderer.rules.link_open = (tokens, at, options, env, self) => {
  const href = tokens[at].attrGet("href");
  tokens[at].attrSet("href", links.of_link(href, md.file));
  return self.renderToken(tokens, at, options);
};
/* A picture opens large: site.js shows the picture over the page, and without
 * scripts the link leads to the picture alone. */
md.renderer.rules.image = (tokens, at) => {
  const source = escape(tokens[at].attrGet("src"));
  const words = escape(tokens[at].content);
  const image = `<img src="${source}" alt="${words}">`;
  return `<a class="picture" href="${source}">${image}</a>`;
};
for (const [tag, more] of [
  ["table_open", '<div class="wide"><table>'],
  ["table_close", "</table></div>\n"],
])
  md.renderer.rules[tag] = () => more;

const title_of = text => (/^# (.*)$/m.exec(text)?.[1] ?? "").replace(/`/g, "");

/* The sections of a document, for the search. */
function index_document(file, body, title) {
  for (const part of body.split(/(?=<h[1-3])/)) {
    const head = /^<h[1-3] id="([^"]*)"[^>]*>(.*?)<\/h/.exec(part);
    found.push({
      url: page_of(file) + (head ? `#${head[1]}` : ""),
      title: head ? plain(head[2]) : title,
      where: title,
      text: plain(part),
    });
  }
}

function documents() {
  const is_chapter = file => /^docs\/guide\/\d/.test(file);
  const text_of = file => fs.readFileSync(path.join(site.root, file), "utf8");
  const chapters = site.documents
    .filter(is_chapter)
    .map(file => ({ file: page_of(file), title: title_of(text_of(file)) }));
  for (const file of site.documents) {
    const text = text_of(file),
      title = title_of(text) || file;
    const at = chapters.findIndex(chapter => chapter.file == page_of(file));
    const beside =
      at < 0
        ? {}
        : {
            previous: chapters[at - 1],
            up: { file: "docs/guide/index.html", title: "All chapters" },
            next: chapters[at + 1],
          };
    if (file == "docs/guide/README.md") beside.next = chapters[0];
    md.file = file;
    const body = md.render(text);
    index_document(file, body, title);
    page(page_of(file), title, body + listing(file), beside);
  }
}

/* ---- Folders ------------------------------------------------------------ */

function entries(folder) {
  const files = [...site.sources, ...site.documents]
    .filter(file => path.dirname(file) == folder)
    .sort();
  const folders = [...links.folders]
    .filter(name => path.dirname(name) == folder)
    .sort();
  return [
    ...folders.map(name => [
      `${path.basename(name)}/index.html`,
      path.basename(name) + "/",
    ]),
    ...files.map(file => [path.basename(page_of(file)), path.basename(file)]),
  ];
}

/* Below the README of a folder: the files of the folder. */
function listing(file) {
  const folder = path.dirname(file);
  if (
    path.basename(file) != "README.md" ||
    ["docs/guide", "docs/man"].includes(folder)
  )
    return folder == "docs/man" ? manual_index() : "";
  return `<h2>Files</h2><ul class="files">${entries(folder)
    .map(([target, name]) => `<li><a href="${target}">${escape(name)}</a>`)
    .join("")}</ul>`;
}

function folders() {
  for (const folder of links.folders)
    if (!site.documents.includes(folder + "/README.md"))
      page(
        folder + "/index.html",
        folder + "/",
        `<h1>${folder}/</h1>` + listing(folder + "/README.md"),
        { up: { file: path.join(folder, "../index.html"), title: "up" } },
      );
}

/* ---- Source ------------------------------------------------------------- */

function source() {
  for (const file of site.sources) {
    const text = fs.readFileSync(path.join(site.root, file), "utf8");
    const lines = text.replace(/\n$/, "").split("\n").length;
    const html = highlighted(text, language_of(file, text), file);
    const numbers = Array.from(
      { length: lines },
      (_, i) => `<a id="L${i + 1}" href="#L${i + 1}">${i + 1}</a>`,
    ).join("\n");
    page(
      page_of(file),
      file,
      `<h1>${file}</h1>
<div class="source"><pre class="numbers">${numbers}</pre>
<pre><code>${html}</code></pre></div>`,
      {
        up: {
          file: path.join(path.dirname(file), "index.html"),
          title: path.dirname(file) + "/",
        },
      },
    );
    found.push({
      url: page_of(file),
      title: path.basename(file),
      where: file,
      text: "",
    });
  }
  for (const [name, [file, line]] of Object.entries(site.functions))
    if (!file.startsWith("tests/") && !file.startsWith("docs/"))
      found.push({
        url: `${page_of(file)}#L${line}`,
        title: `${name}()`,
        where: `${file}:${line}`,
        text: "",
      });
}

/* ---- The whole site ----------------------------------------------------- */

for (const file of site.pictures)
  write(file, fs.readFileSync(path.join(site.root, file)));
documents();
source();
manual();
folders();
const themes = site.packages + "/node_modules/highlight.js/styles/";
const theme = name => fs.readFileSync(themes + name, "utf8");
write(
  "web/style.css",
  fs.readFileSync(path.join(here, "style.css"), "utf8") +
    theme("github.css") +
    "@media (prefers-color-scheme: dark) {\n" +
    theme("github-dark.css") +
    "}\n",
);
for (const name of ["site.js", "run.js", "machine.js"])
  write("web/" + name, fs.readFileSync(path.join(here, name)));
write(
  "web/v86.js",
  fs.readFileSync(site.packages + "/node_modules/v86/build/libv86.js"),
);
write(
  "web/search.js",
  fs.readFileSync(
    site.packages + "/node_modules/minisearch/dist/umd/index.js",
    "utf8",
  ) + `\nconst PARLEY = ${JSON.stringify(found)};\n`,
);
