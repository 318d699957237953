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
  museum_steps,
  runnable,
  session,
} from "./code.mjs";
import { page_of } from "./links.mjs";
import { manual, manual_index } from "./manual.mjs";
import {
  RUN_SCRIPTS,
  TRACE_SCRIPTS,
  escape,
  find,
  found,
  here,
  links,
  neighbours,
  page,
  plain,
  read,
  require,
  site,
  write,
} from "./shell.mjs";

const markdown_it = require("markdown-it");
const anchor = require("markdown-it-anchor");

/* ---- Documents ---------------------------------------------------------- */

/* Plates of the museum: docs/museum/NAME/plate.md. */
const exhibit_of = file => /^docs\/museum\/([\w-]+)\/plate/.exec(file)?.[1];
const has_bug_patch = name =>
  site.sources.includes(`docs/museum/${name}/bug.patch`);

/* A block of code: its language is the first word of `info`. */
function block(text, info) {
  const exhibit = info.startsWith("guest") && exhibit_of(md.file);
  if (exhibit && (info == "guest cured" || !has_bug_patch(exhibit)))
    return runnable(text, museum_steps(text), md.file);
  if (info == "console") return runnable(text, guest_steps(text), md.file);
  return !info || /^(gdb|guest)/.test(info)
    ? session(text, md.file)
    : highlighted(text, info, md.file);
}

const md = markdown_it({
  html: true,
  linkify: true,
  highlight: (text, language, more) =>
    block(text, (language + " " + more).trim()),
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

/* Only a whole address: pipe.c and README.md are no hosts. */
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

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

const GUIDE = "docs/guide/README.md";
const title_of = text => (/^# (.*)$/m.exec(text)?.[1] ?? "").replace(/`/g, "");

/* The sections of a document, for the search. */
function index_document(file, body, title) {
  for (const part of body.split(/(?=<h[1-3])/)) {
    const head = /^<h[1-3] id="([^"]*)"[^>]*>(.*?)<\/h/.exec(part);
    const url = page_of(file) + (head ? `#${head[1]}` : "");
    find(url, head ? plain(head[2]) : title, title, plain(part));
  }
}

function documents() {
  const texts = site.documents.map(file => ({ file, text: read(file) }));
  const chapters = texts
    .filter(({ file }) => /^docs\/guide\/\d/.test(file))
    .map(({ file, text }) => ({ file: page_of(file), title: title_of(text) }));
  const up = { file: "docs/guide/index.html", title: "All chapters" };
  for (const { file, text } of texts) {
    const title = title_of(text) || file;
    const at = chapters.findIndex(chapter => chapter.file == page_of(file));
    const beside = { next: file == GUIDE && chapters[0] };
    if (at >= 0)
      Object.assign(beside, neighbours(chapters, at), { up });
    md.file = file;
    const body = md.render(text) + game_of(file);
    index_document(file, body, title);
    page(page_of(file), title, body + listing(file), beside);
  }
}

/* Below a plate of the museum: what the page can do with the exhibit. */
function game_of(file) {
  const name = exhibit_of(file);
  if (!name) return "";
  if (has_bug_patch(name))
    return `<p>The page runs the true kernel. The bug is in a kernel of its
own: <code>make run EXHIBIT=${name}</code>.</p>`;
  return site.levels.some(level => level.name == name)
    ? `<p><a href="../../../web/schedule.html#level=${name}">Be the scheduler of
this program</a></p>`
    : "";
}

/* ---- Folders ------------------------------------------------------------ */

/* Below the README of a folder: the files of the folder. */
function listing(file) {
  const folder = path.dirname(file);
  if (file == "docs/man/README.md") return manual_index();
  if (path.basename(file) != "README.md" || file == GUIDE) return "";
  const inside = all => all.filter(name => path.dirname(name) == folder).sort();
  const entry = (target, name) =>
    `<li><a href="${target}">${escape(path.basename(name))}</a>`;
  return `<h2>Files</h2><ul class="files">${[
    ...inside([...links.folders]).map(name =>
      entry(`${path.basename(name)}/index.html`, name + "/"),
    ),
    ...inside([...site.sources, ...site.documents]).map(name =>
      entry(path.basename(page_of(name)), name),
    ),
  ].join("")}</ul>`;
}

function folders() {
  for (const folder of links.folders) {
    const readme = folder + "/README.md";
    if (site.documents.includes(readme)) continue;
    const body = `<h1>${folder}/</h1>` + listing(readme);
    const up = { file: path.join(folder, "../index.html"), title: "up" };
    page(folder + "/index.html", folder + "/", body, { up });
  }
}

/* ---- Source ------------------------------------------------------------- */

function source() {
  for (const file of site.sources) {
    const text = read(file);
    const folder = path.dirname(file);
    const lines = text.replace(/\n$/, "").split("\n");
    const numbers = lines.map((_, at) => at + 1);
    const html = highlighted(text, language_of(file, text), file);
    page(
      page_of(file),
      file,
      `<h1>${file}</h1>${edit_link(file)}
<div class="source"><pre class="numbers">${numbers
        .map(number => `<a id="L${number}" href="#L${number}">${number}</a>`)
        .join("\n")}</pre>
<pre><code>${html}</code></pre></div>`,
      { up: { file: folder + "/index.html", title: folder + "/" } },
    );
    find(page_of(file), path.basename(file), file);
  }
  for (const [name, [file, line]] of Object.entries(site.functions))
    if (!/^(tests|docs)\//.test(file))
      find(`${page_of(file)}#L${line}`, `${name}()`, `${file}:${line}`);
}

function edit_link(file) {
  const programs = Object.entries(site.programs);
  const name = programs.find(([, program]) => program.path == file)?.[0];
  const { place } = site.programs[name] ?? {};
  const address = links.to_file("web/try", file);
  return name
    ? `<p><a href="${address}#program=${name}&amp;run=${place}">Change this
program and run it</a></p>`
    : "";
}

/* ---- Pages of the machine ----------------------------------------------- */

/* The files of pages/. Their first line names the scripts. */
const SCRIPTS = { run: RUN_SCRIPTS, trace: TRACE_SCRIPTS };

function machine_pages() {
  const up = { file: "index.html", title: "Home" };
  for (const name of fs.readdirSync(here + "/pages")) {
    const body = read(here + "/pages/" + name);
    const scripts = /scripts: (.*) -->/.exec(body)[1].split(" ");
    const title = /<h1>(.*)<\/h1>/.exec(body)[1];
    const all = scripts.flatMap(one => SCRIPTS[one] ?? one);
    page("web/" + name, title, body, { up }, all);
  }
  page("web/licences.html", "Licences", licences(), { up });
}

/* The packages of the lock file, and the text of each licence. */
function licences() {
  const packages = JSON.parse(read(here + "/package-lock.json")).packages;
  const texts = new Map(); /* text: the names of packages */
  const rows = [];
  for (const [place, { version, license }] of Object.entries(packages)) {
    const folder = `${site.packages}/${place}/`;
    if (!place || !fs.existsSync(folder)) continue;
    const name = place.replace(/^.*node_modules\//, "");
    rows.push(`<tr><td>${name}<td>${version}<td>${license ?? "-"}`);
    const file = fs.readdirSync(folder).find(one => /^licen[sc]e/i.test(one));
    const text = file ? read(folder + file) : "";
    if (text) texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  if (site.compiler) texts.set(site.compiler.text, ["tcc"]);
  const tcc = `<p>The compiler in the machine, a file of its own
(<code>compiler.js</code>), is tcc ${site.compiler?.version} with the licence
LGPL. <a href="tcc-source.tar.gz">Its source</a> is built, unchanged, by
<a href="../tools/ports/tcc.html"><code>tools/ports/tcc</code></a>.</p>`;
  return `<h1>Licences</h1><p>Parley has the MIT licence. The site is made with
these packages of npm.</p>${site.compiler ? tcc : ""}
<div class="wide"><table><tr><th>package<th>version<th>licence
${rows.join("\n")}</table></div>${[...texts]
    .map(([text, names]) => [names.join(", "), escape(text)])
    .map(([names, text]) => `<h2>${names}</h2><pre>${text}</pre>`)
    .join("")}`;
}

/* ---- The whole site ----------------------------------------------------- */

/* What the site takes from the packages. */
const PARTS = {
  "v86.js": "v86/build/libv86.js",
  "xterm.js": "@xterm/xterm/lib/xterm.js",
  "xterm.css": "@xterm/xterm/css/xterm.css",
  "addon-fit.js": "@xterm/addon-fit/lib/addon-fit.js",
  "search.js": "minisearch/dist/umd/index.js",
  "style.css": "highlight.js/styles/github.css",
};
const part = name => read(`${site.packages}/node_modules/${name}`);
const constant = (name, value) => `const ${name} = ${JSON.stringify(value)};\n`;

for (const file of site.pictures)
  write(file, fs.readFileSync(path.join(site.root, file)));
documents();
source();
manual();
folders();
machine_pages();
/* What stands before or behind a part of a package. */
const dark = part("highlight.js/styles/github-dark.css");
const more = {
  "search.js": ["", constant("PARLEY", found)],
  "style.css": [
    read(here + "/style.css"),
    `@media (prefers-color-scheme: dark) {\n${dark}}\n`,
  ],
};
for (const [name, file] of Object.entries(PARTS)) {
  const [before, behind] = more[name] ?? ["", ""];
  write("web/" + name, before + part(file) + behind);
}
for (const name of fs.readdirSync(here).filter(name => name.endsWith(".js")))
  write("web/" + name, read(path.join(here, name)));
write("web/levels.js", constant("LEVELS", site.levels));
write("web/tables.js", constant("TABLES", site.tables));
write("web/programs.js", constant("PROGRAMS", site.programs));
const bundle = require("esbuild").buildSync({
  entryPoints: [here + "/code_editor.mjs"],
  nodePaths: [site.packages + "/node_modules"],
  bundle: true,
  minify: true,
  globalName: "CodeEditor",
  write: false,
});
write("web/code_editor.js", bundle.outputFiles[0].text);
