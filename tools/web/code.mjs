/*
 * code.mjs - code and sessions as HTML, with links from names to the source.
 */
import path from "node:path";
import { escape, links, require, site } from "./shell.mjs";

const hljs = require("highlight.js");

hljs.registerAliases("def", { languageName: "c" });
hljs.registerAliases("asm", { languageName: "x86asm" });

/* Names of functions in highlighted code become links. A word of a comment or
 * a string becomes a link only before a parenthesis. */
function link_names(html, file) {
  const inside = [];
  return html.replace(
    /<span class="([^"]*)">|<\/span>|&\w+;|[A-Za-z_]\w*/g,
    (word, classes, at) => {
      if (classes !== undefined) inside.push(/comment|string/.test(classes));
      else if (word == "</span>") inside.pop();
      if (word[0] == "<" || word[0] == "&" || word.length < 3) return word;
      const is_call = /^(?:<\/span>)?\(/.test(html.slice(at + word.length));
      const is_plain = inside.includes(true) || !word.includes("_");
      if (is_plain && !is_call) return word;
      return links.linked(word, `${word}()`, file);
    },
  );
}

const link_includes = (html, file) =>
  html.replace(
    /&quot;([\w./-]+\.(?:h|def|inc|asm))&quot;|&lt;([\w./]+\.h)&gt;/g,
    (all, own, header) =>
      links.linked(all, own ?? "libc/include/" + header, file),
  );

export function highlighted(text, language, file) {
  if (!language || !hljs.getLanguage(language)) return escape(text);
  const html = hljs.highlight(text, { language, ignoreIllegals: true }).value;
  return /^(c|h|def|asm)$/.test(language)
    ? link_names(link_includes(html, file), file)
    : html;
}

/* A session: typed text stands out, FILE:LINE leads to the source. */
export const session = (text, file) =>
  escape(text).replace(
    /^(\$ |# |\(gdb\) )(.*)$|((?:[\w-]+\/)*[\w-]+\.(?:c|h|asm):\d+)/gm,
    (all, prompt, typed, place) =>
      place
        ? links.linked(all, place, file)
        : `<span class="prompt">${prompt}</span><kbd>${typed}</kbd>`,
  );

/* A tool of the host that runs one line stands for this line. */
const TOOLS = [
  /^(?:tools\/run|make run CMD=) ?'([^']*)'$/,
  /^make trace CMD='([^']*)'$/,
  /^tools\/(explore .*)$/,
];
/* What make makes in a tree is not in the page's machine. */
const MAKES = /^make (?!run|trace|debug|record|replay|picture)/;

/* The lines that a block types into Parley's shell, each with the text that the
 * book shows (null: the tool of the host prints more than the program). Behind
 * `make run` the prompts are those of Parley. `explore -m` is left out: v86 has
 * no single step. */
export function guest_steps(text) {
  const steps = [];
  let inside = false;
  let told = null;
  for (const line of text
    .trimEnd()
    .replace(/\\\n */g, "")
    .split("\n")) {
    const [, prompt, typed] = /^(\$|\(gdb\)) (.+)$/.exec(line) ?? [];
    if (!prompt && line != "$") told?.push(line);
    if (prompt) told = null;
    if (prompt != "$") continue;
    const boots = /\bmake (?:deps )?run$/.test(typed);
    if (!inside && MAKES.test(typed)) break;
    const of_tool = TOOLS.map(tool => tool.exec(typed)?.[1]);
    const own = inside ? typed : of_tool.find(Boolean);
    if (boots || typed == "poweroff") inside = boots;
    else if (own && !/^explore .*-\w*m/.test(own)) {
      told = [];
      steps.push([own, inside || typed.startsWith("tools/run") ? told : null]);
    }
  }
  return steps;
}

/* The lines of a plate of the museum. The pages have the programs of all
 * exhibits, with a decision before each access to memory instead of
 * `explore -m`: see points.c. */
export function museum_steps(text) {
  const steps = guest_steps("$ make run\n" + text.replace(/ -m /g, " "));
  const varies = told => told.some(one => /an access to memory/.test(one));
  return steps.map(([line, told]) => [line, varies(told) ? null : told]);
}

/* The programs that a line runs: words at the place of a command. */
const COMMAND =
  /(?:\b(?:explore|strace)(?: -\w+| \d+)*|^|[|;&(]) *(?:[\w/]*\/)?([\w-]+)/gm;

/* FILE:LINE without a picture: of the manual, or of a program whose own tasks
 * make no picture worth a look. */
const PLAIN = /^docs\/man\/|:(cd|explore|strace|man|help) /;

/* A session with a Run button, if a line of it can run in the page, with the
 * names of its programs that a reader can change, the kernel that runs, and
 * whether the picture is drawn. */
export function runnable(text, steps, file, kernel) {
  const code = `<code>${session(text, file)}</code></pre>`;
  if (!steps.length) return `<pre>${code}`;
  const lines = steps.map(([line]) => line);
  const words = [...lines.join("\n").matchAll(COMMAND)].map(one => one[1]);
  const names = [...new Set(words)].filter(word => site.programs[word]);
  const data = value => escape(JSON.stringify(value));
  const is_plain = lines.every(line => PLAIN.test(`${file}:${line}`));
  return (
    `<pre data-run="${data(steps)}" data-programs="${data(names)}"` +
    ` data-kernel="${kernel || ""}" data-draws="${!is_plain}">${code}`
  );
}

/* The name of a file's language in highlight.js. */
export function language_of(file, text) {
  const name = path.basename(file);
  const ending = name.split(".")[1] ?? name;
  const script = /^#!.*\b(python|sh|bash)/.exec(text)?.[1];
  return hljs.getLanguage(ending) ? ending : script;
}
