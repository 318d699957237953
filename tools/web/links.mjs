/*
 * links.mjs - where a name in a text leads: a file, a folder, a function, a
 * page of the manual. All addresses are relative, so that the folder can lie
 * anywhere.
 */
import path from "node:path";

/* The file of HTML that a file of the tree becomes. */
export function page_of(file) {
  if (path.basename(file) == "README.md")
    return path.join(path.dirname(file), "index.html");
  return file.replace(/\.md$/, "") + ".html";
}

export class Links {
  constructor(site) {
    this.folders = new Set();
    this.targets = new Map(); /* name in a text: place in the site */
    const files = [...site.documents, ...site.sources];
    for (const page of site.manual) files.push(page.path);
    for (const file of files) {
      this.add(file, page_of(file));
      for (let at = path.dirname(file); at != "."; at = path.dirname(at))
        this.folders.add(at);
    }
    for (const folder of this.folders)
      this.add(folder + "/", folder + "/index.html");
    const names = files.map(file => path.basename(file));
    for (const file of files) {
      const name = path.basename(file);
      const is_only = names.indexOf(name) == names.lastIndexOf(name);
      if (is_only && name.includes(".")) this.add(name, page_of(file));
    }
    for (const [name, [file, line]] of Object.entries(site.functions))
      this.add(`${name}()`, `${page_of(file)}#L${line}`);
    for (const { names, section, path } of site.manual)
      for (const name of names) {
        this.add(`${name}(${section})`, page_of(path));
        this.add(`man ${section} ${name}`, page_of(path));
        this.add(`man ${name}`, page_of(path));
        if ("23".includes(section)) this.add(`${name}()`, page_of(path));
      }
  }

  add(name, place) {
    if (!this.targets.has(name)) this.targets.set(name, place);
  }

  is_source(name) {
    return !(this.targets.get(name) ?? "/man/").includes("/man/");
  }

  /* The address of a name, maybe with :LINE, in a text of the file `from`. */
  to(name, from) {
    const [, subject, line] = /^(.*?)(?::(\d+))?$/.exec(name);
    const beside = path.join(path.dirname(from), subject);
    const target = this.targets.get(beside) ?? this.targets.get(subject);
    if (!target) return undefined;
    return (
      path.relative(path.dirname(page_of(from)), target) +
      (line ? `#L${line}` : "")
    );
  }

  /* HTML that leads to the name, if the name is known. */
  linked(html, name, from) {
    const target = this.to(name, from);
    return target ? `<a href="${target}">${html}</a>` : html;
  }

  /* The address of a link that a document holds. */
  of_link(target, from) {
    const [name, anchor] = target.split("#");
    if (/^[a-z]+:/.test(target) || !name) return target;
    const address = this.to(name, from) ?? this.to(name + "/", from) ?? name;
    return address + (anchor ? `#${anchor}` : "");
  }
}
