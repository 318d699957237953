/*
 * manual.mjs - the pages of the manual: mandoc's HTML in the frame of the
 * site, with highlighted examples and links to headers and source.
 */
import { guest_steps, highlighted, runnable, session } from "./code.mjs";
import { page_of } from "./links.mjs";
import {
  escape,
  find,
  links,
  neighbours,
  page,
  plain,
  site,
} from "./shell.mjs";

/* A line of the index: the names of a page, and the subject. */
function entry(one) {
  const file = `man${one.section}/${one.name}.${one.section}.html`;
  const names = escape(one.names.join(", "));
  return `<dt><a href="${file}">${names}</a><dd>${escape(one.about)}`;
}

export function manual_index() {
  const titles = new Map(site.manual.map(one => [one.section, one.title]));
  return [...titles]
    .map(([section, title]) => {
      const pages = site.manual.filter(one => one.section == section);
      return `<h2 id="man${section}">${section}: ${title}</h2>
<dl class="index">${pages.map(entry).join("\n")}</dl>`;
    })
    .join("\n");
}

/* The source files of the subject of a page. */
function implementation(one) {
  const targets = new Map();
  for (const name of one.names) {
    if (one.section == "1") {
      const file = [`user/${name}.c`, `user/${name}/main.c`].find(file =>
        links.pages.has(file),
      );
      if (file) targets.set(file, links.to_file(file, one.path));
      continue;
    }
    for (const known of [`sys_${name}`, name]) {
      const target = links.to_function(known, one.path);
      if (target) targets.set(`${known}()`, target);
    }
  }
  return targets.size
    ? `<p class="sources">Source: ${[...targets]
        .map(([name, target]) => `<a href="${target}"><code>${name}</code></a>`)
        .join(", ")}</p>`
    : "";
}

/* The examples of a program's page are typed into Parley's shell. */
function manual_steps(one, text) {
  return one.section == "1" ? guest_steps("$ make run\n" + text) : [];
}

export function manual() {
  const all = site.manual.map(one => ({
    ...one,
    file: page_of(one.path),
    title: `${one.name}(${one.section})`,
  }));
  all.forEach((one, at) => {
    let examples = 0;
    const body = one.body
      /* A name that shares a page leads to that page. */
      .replace(
        /href="\.\.\/man\d\/([\w.+-]+)\.(\d)\.html"/g,
        (link, name, section) => {
          const target = links.to_manual(name, section, one.path);
          return target ? `href="${target}"` : link;
        },
      )
      .replace(/&lt;<a class="In">([\w./]+)<\/a>&gt;/g, (all, name) => {
        const header = links.file("libc/include/" + name, one.path);
        return header
          ? `&lt;<a href="${links.to_file(header, one.path)}">${name}</a>&gt;`
          : all;
      })
      .replace(
        /<code class="Pa">([^<]*)<\/code>|<span class="Pa">([^<]*)<\/span>/g,
        (all, code, span) => {
          const target = links.of_code(code ?? span, one.path);
          return target ? `<a href="${target}">${all}</a>` : all;
        },
      )
      .replace(/<pre>([^]*?)<\/pre>/g, (all, text) =>
        "23".includes(one.section) && examples++ == 0
          ? `<pre><code>${highlighted(plain(text), "c", one.path)}</code></pre>`
          : runnable(plain(text), manual_steps(one, plain(text)), one.path),
      );
    const names = one.names.map(name => `${name}(${one.section})`).join(", ");
    find(one.file, names, one.about, plain(body));
    const up = { file: "docs/man/index.html", title: "All pages" };
    const beside = { ...neighbours(all, at), up };
    page(one.file, one.title, implementation(one) + body, beside);
  });
}
