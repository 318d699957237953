/*
 * manual.mjs - the pages of the manual: mandoc's HTML in the frame of the
 * site, with highlighted examples and links to headers and source.
 */
import { guest_steps, highlighted, runnable } from "./code.mjs";
import { page_of } from "./links.mjs";
import { escape, links, page, plain, site } from "./shell.mjs";

/* A line of the index: the names of a page, and the subject. */
const entry = one =>
  `<dt>${links.linked(escape(one.names.join(", ")), one.path, "docs/man/x")}
<dd>${escape(one.about)}`;

export function manual_index() {
  const titles = new Map(site.manual.map(one => [one.section, one.shelf]));
  return [...titles]
    .map(([section, title]) => {
      const pages = site.manual.filter(one => one.section == section);
      return `<h2 id="man${section}"><a href="man${section}/index.html"
>${section}: ${title}</a></h2>
<dl class="index">${pages.map(entry).join("\n")}</dl>`;
    })
    .join("\n");
}

/* The source of the subject of a page. */
function implementation({ names, section, path }) {
  const kinds =
    section == "1" ? ["user/*.c", "user/*/main.c"] : ["sys_*()", "*()"];
  const known = names
    .flatMap(name => kinds.map(kind => kind.replace("*", name)))
    .filter(name => links.is_source(name))
    .map(name => links.linked(`<code>${name}</code>`, name, path));
  return known.length
    ? `<p class="sources">Source: ${known.join(", ")}</p>`
    : "";
}

/* A block of a page. The first of a call is the example, a program; those of a
 * program are typed into Parley's shell. */
function block(one, text, is_first) {
  if ("23".includes(one.section) && is_first)
    return `<pre><code>${highlighted(text, "c", one.path)}</code></pre>`;
  const steps = one.section == "1" ? guest_steps("$ make run\n" + text) : [];
  return runnable(text, steps, one.path);
}

/* The HTML of a page with our links. A name that shares a page leads to that
 * page. */
function body_of({ body, path, section }) {
  let blocks = 0;
  return body
    .replace(
      /href="\.\.\/man\d\/([\w.+-]+)\.(\d)\.html"/g,
      (all, name, number) =>
        `href="${links.to(`${name}(${number})`, path) ?? "#"}"`,
    )
    .replace(/<a class="In">([\w./]+)<\/a>/g, (all, name) =>
      links.linked(name, "libc/include/" + name, path),
    )
    .replace(/<(code|span) class="Pa">([^<]*)<\/\1>/g, (all, tag, name) =>
      links.linked(all, name, path),
    )
    .replace(/<pre>([^]*?)<\/pre>/g, (all, text) =>
      block({ path, section }, plain(text), blocks++ == 0),
    );
}

export function manual() {
  const all = site.manual.map(one => ({ ...one, file: page_of(one.path) }));
  const up = { file: "docs/man/index.html", title: "All pages" };
  all.forEach((one, at) => {
    const body = body_of(one);
    const names = one.names.map(name => `${name}(${one.section})`).join(", ");
    const beside = { all, at, up, where: one.about, text: body };
    page(one.file, names, implementation(one) + body, beside);
  });
}
