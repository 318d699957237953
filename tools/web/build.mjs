/*
 * build.mjs - write the site: usage: node build.mjs FOLDER < facts of
 * gather.py. Markdown goes through markdown-it, code through highlight.js,
 * scripts and style through esbuild, and minisearch indexes all. See gather.py
 * for the layout.
 */
import fs from "node:fs";
import path from "node:path";
import * as code from "./code.mjs";
import { page_of } from "./links.mjs";
import { manual, manual_index } from "./manual.mjs";
import {
  escape,
  find,
  found,
  here,
  links,
  out,
  page,
  read,
  require,
  site,
  write,
} from "./shell.mjs";

const packages = site.packages + "/node_modules/";
const { slug } = await import(packages + "github-slugger/index.js");

/* ---- Documents ---------------------------------------------------------- */

/* Plates of the museum: docs/museum/NAME/plate.md. */
const exhibit_of = file => /^docs\/museum\/([\w-]+)\/plate/.exec(file)?.[1];

/* A block of code: its language is the first word of `info`. A block `guest` of
 * an exhibit runs on the kernel with the bug, if the exhibit has a kernel. */
function block(text, info) {
  const { file } = md;
  const exhibit = info.startsWith("guest") && exhibit_of(file);
  const kernel = info == "guest" && site.kernels[exhibit];
  let steps = info == "console" && code.guest_steps(text);
  if (exhibit && kernel !== null) steps = code.museum_steps(text);
  if (steps) return code.runnable(text, steps, file, kernel && exhibit);
  return !info || /^(gdb|guest)/.test(info)
    ? code.session(text, file)
    : code.highlighted(text, info, file);
}

const md = require("markdown-it")({
  html: true,
  linkify: true,
  highlight: (text, language, more) =>
    block(text, (language + " " + more).trim()),
}).use(require("markdown-it-anchor").default, { slugify: text => slug(text) });

/* Only a whole address: pipe.c and README.md are no hosts. */
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

md.renderer.rules.code_inline = (tokens, at) => {
  const text = tokens[at].content;
  const html = `<code>${escape(text)}</code>`;
  const before = tokens.slice(0, at).map(token => token.type);
  const is_inside =
    before.lastIndexOf("link_open") > before.lastIndexOf("link_close");
  return is_inside || !/\w/.test(text)
    ? html
    : links.linked(html, text, md.file);
};
md.renderer.rules.code_block = (tokens, at) =>
  `<pre><code>${code.session(tokens[at].content, md.file)}</code></pre>\n`;
md.renderer.rules.link_open = (tokens, at, options, env, self) => {
  const href = tokens[at].attrGet("href");
  tokens[at].attrSet("href", links.of_link(href, md.file));
  return self.renderToken(tokens, at, options);
};
/* A picture opens large: site.js shows the picture over the page, and without
 * scripts the link leads to the picture alone. */
md.renderer.rules.image = (tokens, at) => {
  const source = escape(tokens[at].attrGet("src"));
  return `<a class="picture" href="${source}"><img src="${source}"
alt="${escape(tokens[at].content)}"></a>`;
};
md.renderer.rules.table_open = () => '<div class="wide"><table>';
md.renderer.rules.table_close = () => "</table></div>\n";

const GUIDE = "docs/guide/README.md";
const ALL_CHAPTERS = { file: page_of(GUIDE), title: "All chapters" };
const title_of = text => (/^# (.*)$/m.exec(text)?.[1] ?? "").replace(/`/g, "");

/* In front of the first section of the page that readers see first. */
const home = all => read(here + "/home.html") + all;

/* A folder without a README has a page with its files. */
function documents() {
  const readmes = [...links.folders].map(folder => folder + "/README.md");
  const chapters = site.documents
    .filter(file => /^docs\/guide\/\d/.test(file))
    .map(file => ({ file: page_of(file), title: title_of(read(file)) }));
  for (const file of new Set([...site.documents, ...readmes])) {
    const is_file = site.documents.includes(file);
    const text = is_file ? read(file) : `# ${path.dirname(file)}/\n`;
    const at = chapters.findIndex(one => one.file == page_of(file));
    const beside = { at, all: file == GUIDE ? chapters : [] };
    if (at >= 0) Object.assign(beside, { all: chapters, up: ALL_CHAPTERS });
    md.file = file;
    beside.text = md.render(text) + game_of(file);
    if (file == "README.md") beside.text = beside.text.replace("<h2", home);
    page(page_of(file), title_of(text), beside.text + listing(file), beside);
  }
}

/* Below a plate of the museum: the game with the exhibit. */
function game_of(file) {
  const name = exhibit_of(file);
  return site.levels.some(level => level.name == name)
    ? `<p><a href="../../../web/schedule.html#level=${name}">Be the scheduler of
this program</a></p>`
    : "";
}

/* Below the README of a folder: the files of the folder. */
function listing(file) {
  const folder = path.dirname(file);
  if (file == "docs/man/README.md") return manual_index();
  if (path.basename(file) != "README.md" || file == GUIDE) return "";
  const names = [
    ...[...links.folders].map(name => name + "/").sort(),
    ...[...site.sources, ...site.documents].sort(),
  ].filter(name => path.dirname(name) == folder);
  const entry = name => `<li>${links.linked(path.basename(name), name, file)}`;
  return `<h2>Files</h2><ul class="files">${names.map(entry).join("")}</ul>`;
}

/* ---- Source ------------------------------------------------------------- */

function source(file) {
  const text = read(file);
  const link = (_, at) => `<a id="L${++at}" href="#L${at}">${at}</a>`;
  const numbers = text.replace(/\n$/, "").split("\n").map(link);
  const html = code.highlighted(text, code.language_of(file, text), file);
  page(
    page_of(file),
    file,
    `<h1>${file}</h1>${edit_link(file)}
<div class="source"><pre class="numbers">${numbers.join("\n")}</pre>
<pre><code>${html}</code></pre></div>`,
    { text: "" },
  );
}

function functions() {
  for (const [name, [file, line]] of Object.entries(site.functions))
    if (!/^(tests|docs)\//.test(file))
      find(`${page_of(file)}#L${line}`, `${name}()`, `${file}:${line}`, "");
}

function edit_link(file) {
  const is_it = one => one.path == file;
  const { place } = Object.values(site.programs).find(is_it) ?? {};
  if (!place) return "";
  const to = path.relative(path.dirname(file), "web/try.html");
  return `<p><a href="${to}#program=${path.basename(place)}&amp;run=${place}"
>Change this program and run it</a></p>`;
}

/* ---- Pages of the machine ----------------------------------------------- */

/* The files of pages/. */
function machine_pages() {
  const up = { file: "index.html", title: "Home" };
  for (const name of fs.readdirSync(here + "/pages")) {
    const body = read(here + "/pages/" + name);
    const title = /<h1>(.*)<\/h1>/.exec(body)[1];
    page("web/" + name, title, body, { up });
  }
  page("web/licences.html", "Licences", licences(), { up });
}

/* The packages of the lock file, each with the text of its licence. */
function licences() {
  const locked = JSON.parse(read(here + "/package-lock.json")).packages;
  const parts = [];
  for (const [place, one] of Object.entries(locked)) {
    const folder = `${site.packages}/${place}/`;
    if (!place || !fs.existsSync(folder)) continue;
    const file = fs.readdirSync(folder).find(one => /^licen[sc]e/i.test(one));
    one.name = place.replace(/^.*node_modules\//, "");
    parts.push({ ...one, text: file ? read(folder + file) : "" });
  }
  if (site.compiler) parts.push(site.compiler);
  return `<h1>Licences</h1><p>Parley has the MIT licence. The site is made with
these packages.</p>${parts
    .map(
      one => `<h2>${one.name} ${one.version}</h2>
<p>Licence: ${one.license}. ${one.about ?? ""}</p>
${one.text && `<pre>${escape(one.text)}</pre>`}`,
    )
    .join("\n")}`;
}

/* ---- The whole site ----------------------------------------------------- */

for (const file of site.pictures)
  write(file, fs.readFileSync(path.join(site.root, file)));
documents();
site.sources.forEach(source);
functions();
manual();
machine_pages();

const constant = (name, value) => `const ${name} = ${JSON.stringify(value)};\n`;
for (const name of ["levels", "tables", "programs"])
  write(`web/${name}.js`, constant(name.toUpperCase(), site[name]));
write(
  "web/search.js",
  read(packages + "minisearch/dist/umd/index.js") + constant("PARLEY", found),
);
/* These are made of packages; the other scripts stay as written. */
const BUNDLED = ["code_editor.js", "terminal.js", "style.css"];
for (const name of fs.readdirSync(here))
  if (name.endsWith(".js") && !BUNDLED.includes(name))
    write("web/" + name, read(path.join(here, name)));
require("esbuild").buildSync({
  entryPoints: BUNDLED.map(name => path.join(here, name)),
  nodePaths: [packages],
  bundle: true,
  minify: true,
  outdir: out + "/web",
});
