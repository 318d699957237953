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
export function link_names(html, file) {
  const inside = [];
  return html.replace(
    /<span class="([^"]*)">|<\/span>|&\w+;|[A-Za-z_]\w*/g,
    (word, classes, at) => {
      if (classes !== undefined) inside.push(/comment|string/.test(classes));
      else if (word == "</span>") inside.pop();
      if (word[0] == "<" || word[0] == "&" || word.length < 3) return word;
      const behind = html.slice(at + word.length, at + word.length + 8);
      const is_call = /^(?:<\/span>)?\(/.test(behind);
      if (!is_call && (inside.includes(true) || !word.includes("_")))
        return word;
      const target = links.to_function(word, file);
      return target ? `<a href="${target}">${word}</a>` : word;
    },
  );
}

export function link_includes(html, file) {
  return html.replace(
    /&quot;([\w./-]+\.(?:h|def|inc|asm))&quot;|&lt;([\w./]+\.h)&gt;/g,
    (all, own, header) => {
      const name = own ?? "libc/include/" + header;
      const target = links.file(name, file);
      return target
        ? `<a href="${links.to_file(target, file)}">${all}</a>`
        : all;
    },
  );
}

export function highlighted(text, language, file) {
  if (!language || !hljs.getLanguage(language)) return escape(text);
  const html = hljs.highlight(text, { language, ignoreIllegals: true }).value;
  return /^(c|h|def|asm)$/.test(language)
    ? link_names(link_includes(html, file), file)
    : html;
}

/* A session: typed text stands out, FILE:LINE leads to the source. */
export function session(text, file) {
  return text
    .split("\n")
    .map(line => {
      const match = /^(\$ |# |\(gdb\) )(.*)$/.exec(line);
      if (match)
        return (
          `<span class="prompt">${escape(match[1])}</span>` +
          `<kbd>${escape(match[2])}</kbd>`
        );
      return escape(line).replace(
        /((?:[\w-]+\/)*[\w-]+\.(?:c|h|asm)):(\d+)/g,
        (all, name, number) => {
          const target = links.file(name, file);
          return target
            ? `<a href="${links.to_file(target, file, number)}">${all}</a>`
            : all;
        },
      );
    })
    .join("\n");
}

/* The lines that a block types into Parley's shell, each with the text that the
 * book shows. Behind `make run` the prompts are those of Parley; a tool of the
 * host that runs one line stands for this line. `explore -m` is left out: v86
 * has no single step. */
export function guest_steps(text) {
  const steps = [];
  let inside = false;
  let last = null;
  const lines = text.replace(/\n$/, "").replace(/\\\n */g, "");
  for (const line of lines.split("\n")) {
    const command = /^(\$|\(gdb\)) (.+)$/.exec(line);
    if (!command) {
      if (line != "$") last?.push(line);
      continue;
    }
    last = null;
    if (command[1] != "$") continue;
    const boots = /\bmake (?:deps )?run$/.test(command[2]);
    /* What make makes in a tree is not in the page's machine. */
    if (
      !inside &&
      /^make (?!run|trace|debug|record|replay|picture)/.test(command[2])
    )
      break;
    const one = /^(?:tools\/run|make run CMD=) ?'([^']*)'$/.exec(command[2]);
    const traced = /^make trace CMD='([^']*)'$/.exec(command[2]);
    const found = /^tools\/(explore .*)$/.exec(command[2]);
    const typed = inside ? command[2] : (one ?? traced ?? found)?.[1];
    if (boots || typed == "poweroff") inside = boots;
    else if (typed && !/^explore .*-\w*m/.test(typed)) {
      /* The host's tools print more than the program. */
      last = [];
      const is_told = !/^(tools\/explore|make)/.test(command[2]) || inside;
      steps.push([typed, is_told ? last : null, Boolean(traced)]);
    }
  }
  return steps;
}

/* The lines of a plate of the museum. The pages have the programs of all
 * exhibits, with a decision before each access to memory instead of
 * `explore -m`: see points.c. */
export function museum_steps(text) {
  const steps = guest_steps("$ make run\n" + text.replace(/ -m /g, " "));
  const typed = steps.map(([line, told]) => [
    line,
    told.some(one => one.includes("an access to memory")) ? null : told,
    false,
  ]);
  return [["export PATH=/bin:/museum", [], false], ...typed];
}

/* The programs that a line runs: words at the place of a command. */
const COMMAND =
  /(?:^|[|;&(]|\b(?:explore|strace)(?: -\w+| \d+)*) *(?:[\w/]*\/)?([\w-]+)/g;
const commands_of = line => [...line.matchAll(COMMAND)].map(one => one[1]);

/* A session with a Run button, if a line of it can run in the page, and with
 * the names of its programs that a reader can change. */
export function runnable(text, steps, file) {
  const code = `<code>${session(text, file)}</code></pre>`;
  if (!steps.length) return `<pre>${code}`;
  const words = steps.flatMap(([line]) => commands_of(line));
  const names = [...new Set(words)].filter(word => site.programs[word]);
  const data = value => escape(JSON.stringify(value));
  const programs = `data-programs="${data(names)}"`;
  return `<pre data-run="${data(steps)}" ${programs}>${code}`;
}

/* The name of a file's language in highlight.js. */
export function language_of(file, text) {
  const name = path.basename(file);
  if (name == "Makefile") return "makefile";
  const ending = name.split(".")[1] ?? "";
  if (hljs.getLanguage(ending)) return ending;
  const first = text.slice(0, text.indexOf("\n"));
  return /^#!.*python/.test(first)
    ? "python"
    : /^#!.*sh\b/.test(first)
      ? "bash"
      : "";
}
