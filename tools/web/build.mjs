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
  RUN_SCRIPTS,
  TRACE_SCRIPTS,
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

/* ---- Pages of the machine ----------------------------------------------- */

const up = { up: { file: "index.html", title: "Home" } };

function tools() {
  page(
    "web/terminal.html",
    "Terminal",
    `<link rel="stylesheet" href="xterm.css">
<h1>A terminal</h1>
<p>Parley runs in this page. Try <kbd>help</kbd>, <kbd>ls /bin</kbd>,
<kbd>seq 9 | sort -r</kbd>. The picture below shows what your programs do.</p>
<p id="told" role="status"></p><div id="terminal"></div>
<div id="picture"></div>`,
    up,
    ["xterm.js", "addon-fit.js", ...RUN_SCRIPTS, "terminal.js"],
  );
  page(
    "web/trace.html",
    "Picture of a trace",
    `<h1>The picture of a trace</h1>
<p>Drop a file on this page that <code>tools/run -T FILE 'COMMAND'</code> wrote,
or choose the file. The build of the kernel must be the one of this site.</p>
<p><label>Trace file <input type="file"></label></p>
<p id="told" role="status"></p><div id="picture"></div>`,
    up,
    [...TRACE_SCRIPTS, "trace_page.js"],
  );
  page(
    "web/schedule.html",
    "You are the scheduler",
    `<h1>You are the scheduler</h1>
<p>Each program below has a bug that shows in few schedules. Parley stops
the program at each place where a second task could run, and you decide who
runs. You win when the program fails. Then try the cure, where no choice helps.
</p>
<div class="row"><label>Program <select id="level"></select></label>
<label><input type="checkbox" id="cured"> the cure</label>
<a id="plate" href="../docs/museum/index.html">The plate of the exhibit</a>
</div>
<p id="question" role="status">The machine starts.</p>
<div class="row" id="choices"></div>
<p id="verdict" role="status"></p><pre id="end" hidden tabindex="0"></pre>
<div class="row"><button type="button" id="back">Step back</button>
<button type="button" id="again">Begin again</button>
<button type="button" id="solve">Show a schedule that fails</button></div>
<p>The address of this page holds the program and your decisions: send the
link.</p>
<div class="two"><pre id="source" tabindex="0"></pre>
<ol id="decisions" aria-label="Your decisions"></ol></div>`,
    up,
    [...RUN_SCRIPTS, "levels.js", "schedule.js"],
  );
  page(
    "web/try.html",
    "Try",
    `<h1>Try</h1><p>Lines for Parley's shell. The address of this page can
hold them: <code>try.html#run=ls+/bin</code>.</p>
${runnable("...", [["echo hello | cat", null, true]], "README.md")}`,
    up,
  );
  page("web/licences.html", "Licences", licences(), up);
}

/* The packages whose code the site contains. */
function licences() {
  const lock = JSON.parse(fs.readFileSync(here + "/package-lock.json"));
  const rows = Object.entries(lock.packages)
    .filter(([name]) => name)
    .map(
      ([name, one]) =>
        `<tr><td>${name.replace(/^.*node_modules\//, "")}<td>${one.version}` +
        `<td>${one.license ?? "-"}`,
    );
  const texts = ["v86", "@xterm/xterm", "@xterm/addon-fit", "minisearch"]
    .map(name => [name, `${site.packages}/node_modules/${name}/`])
    .map(([name, folder]) => {
      const file = fs.readdirSync(folder).find(one => /^licen[sc]e/i.test(one));
      const text = file ? fs.readFileSync(folder + file, "utf8") : "";
      return `<h2>${name}</h2><pre>${escape(text)}</pre>`;
    });
  return `<h1>Licences</h1><p>Parley has the MIT licence. The site is made with
these packages of npm, and contains the code of the four packages below.</p>
<div class="wide"><table><tr><th>package<th>version<th>licence
${rows.join("\n")}</table></div>${texts.join("\n")}`;
}

/* ---- The whole site ----------------------------------------------------- */

for (const file of site.pictures)
  write(file, fs.readFileSync(path.join(site.root, file)));
documents();
source();
manual();
folders();
tools();
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
for (const name of fs.readdirSync(here).filter(name => name.endsWith(".js")))
  write("web/" + name, fs.readFileSync(path.join(here, name)));
for (const [name, from] of [
  ["v86.js", "v86/build/libv86.js"],
  ["xterm.js", "@xterm/xterm/lib/xterm.js"],
  ["xterm.css", "@xterm/xterm/css/xterm.css"],
  ["addon-fit.js", "@xterm/addon-fit/lib/addon-fit.js"],
])
  write(
    "web/" + name,
    fs.readFileSync(`${site.packages}/node_modules/${from}`),
  );
write("web/levels.js", `const LEVELS = ${JSON.stringify(site.levels)};\n`);
write("web/tables.js", `const TABLES = ${JSON.stringify(site.tables)};\n`);
write(
  "web/search.js",
  fs.readFileSync(
    site.packages + "/node_modules/minisearch/dist/umd/index.js",
    "utf8",
  ) + `\nconst PARLEY = ${JSON.stringify(found)};\n`,
);
