/*
 * links.mjs - where a name in a text leads: a file, a function, a page of the
 * manual. All addresses are relative, so that the folder can lie anywhere.
 */
import path from "node:path";

const FILE =
  /^((?:[\w.-]+\/)*[\w.-]+\.(?:c|h|asm|def|py|md|ld|cfg|mjs|js))(?::(\d+))?$/;

/* The file of HTML that a file of the tree becomes. */
export function page_of(file) {
  if (path.basename(file) == "README.md")
    return path.join(path.dirname(file), "index.html");
  return file.replace(/\.md$/, "") + ".html";
}

export class Links {
  constructor(site) {
    this.functions = site.functions;
    this.pages = new Set([
      ...site.documents,
      ...site.sources,
      ...site.manual.map(page => page.path),
    ]);
    this.folders = new Set();
    this.by_name = new Map();
    for (const file of this.pages) {
      for (let at = path.dirname(file); at != "."; at = path.dirname(at))
        this.folders.add(at);
      const name = path.basename(file);
      this.by_name.set(name, this.by_name.has(name) ? null : file);
    }
    this.manual = new Map();
    for (const page of site.manual)
      for (const name of page.names)
        for (const key of [`${name}.${page.section}`, name])
          if (!this.manual.has(key)) this.manual.set(key, page.path);
  }

  /* The address of a page of the site, seen from a second page. */
  static between(from, to) {
    return path.relative(path.dirname(from), to);
  }

  /* The file that is meant in a text of `from`, or undefined. */
  file(name, from) {
    for (const folder of [path.dirname(from), ""]) {
      const file = path.join(folder, name);
      if (this.pages.has(file)) return file;
    }
    return this.by_name.get(name) ?? undefined;
  }

  folder(name, from) {
    for (const place of [path.dirname(from), ""]) {
      const folder = path.join(place, name).replace(/\/$/, "");
      if (this.folders.has(folder)) return folder;
    }
    return undefined;
  }

  to_file(file, from, line) {
    return (
      Links.between(page_of(from), page_of(file)) + (line ? `#L${line}` : "")
    );
  }

  to_function(name, from) {
    const place = Object.hasOwn(this.functions, name) && this.functions[name];
    return place ? this.to_file(place[0], from, place[1]) : undefined;
  }

  to_manual(name, section, from) {
    const page = this.manual.get(section ? `${name}.${section}` : name);
    return page ? this.to_file(page, from) : undefined;
  }

  /* The address of a name between back quotes. */
  of_code(text, from) {
    let match = FILE.exec(text);
    if (match) {
      const file = this.file(match[1], from);
      return file && this.to_file(file, from, match[2]);
    }
    if ((match = /^(\w+)\(\)$/.exec(text)))
      return (
        this.to_function(match[1], from) ?? this.to_manual(match[1], "", from)
      );
    if ((match = /^(?:man (?:(\d) )?(\w+)|(\w+)\((\d)\))$/.exec(text)))
      return this.to_manual(match[2] ?? match[3], match[1] ?? match[4], from);
    if (text.endsWith("/")) {
      const folder = this.folder(text, from);
      return (
        folder && Links.between(page_of(from), path.join(folder, "index.html"))
      );
    }
    return undefined;
  }

  /* The address of a link that a document holds. */
  of_link(target, from) {
    const [name, anchor] = target.split("#");
    if (/^[a-z]+:/.test(target) || !name) return target;
    const file = path.join(path.dirname(from), name);
    const behind = anchor ? `#${anchor}` : "";
    if (this.pages.has(file)) return this.to_file(file, from) + behind;
    if (this.folders.has(file.replace(/\/$/, "")))
      return path.join(name, "index.html") + behind;
    return target;
  }
}
