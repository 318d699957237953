/*
 * site.js - the actions of a page: search, large pictures, keys.
 *
 * A page opened from a folder may not fetch files, so the index of the search
 * is a script, loaded at the first key.
 */
const root = document.documentElement.dataset.root;
const box = document.querySelector("header input");
const list = document.querySelector("header ol");
let search = null;

/* The search finds pipe_read as a whole and by its parts. */
function words_of(text) {
  const words = text.match(/\w+/g) ?? [];
  return words.concat(
    words
      .filter(word => word.includes("_"))
      .flatMap(word => word.split("_"))
      .filter(part => part),
  );
}

function load() {
  if (search) return search;
  search = new Promise(done => {
    const script = document.createElement("script");
    script.src = root + "/web/search.js";
    script.onload = () => {
      const index = new MiniSearch({
        idField: "number",
        fields: ["title", "where", "text"],
        storeFields: ["url", "title", "where"],
        tokenize: words_of,
        searchOptions: {
          prefix: true,
          fuzzy: 0.1,
          tokenize: text => text.match(/\w+/g) ?? [],
          boost: { title: 5, where: 2 },
          combineWith: "AND",
        },
      });
      index.addAll(PARLEY.map((one, number) => ({ number, ...one })));
      done(index);
    };
    document.head.append(script);
  });
  return search;
}

async function show() {
  const words = box.value.trim();
  const index = await load();
  const hits = words ? index.search(words).slice(0, 20) : [];
  list.replaceChildren(
    ...hits.map(hit => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const where = document.createElement("small");
      link.href = root + "/" + hit.url;
      link.textContent = hit.title + " ";
      where.textContent = hit.where;
      link.append(where);
      item.append(link);
      return item;
    }),
  );
  if (words && !hits.length)
    list.append(
      Object.assign(document.createElement("li"), {
        textContent: "Nothing found.",
      }),
    );
  list.hidden = !words;
}

box.addEventListener("input", show);
box.form.addEventListener("submit", event => {
  event.preventDefault();
  list.querySelector("a")?.click();
});

/* A picture in its own size, in front of the page. */
function enlarge(event) {
  event.preventDefault();
  const dialog = document.createElement("dialog");
  const image = document.createElement("img");
  const close = document.createElement("button");
  image.src = event.currentTarget.href;
  close.textContent = "Close (Esc)";
  close.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.append(close, image);
  document.body.append(dialog);
  dialog.showModal();
}

/* The arrow keys move a text that is wider than the page. */
for (const wide of document.querySelectorAll("main pre, main .wide"))
  if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;

for (const link of document.querySelectorAll("a.picture"))
  link.addEventListener("click", enlarge);

document.addEventListener("keydown", event => {
  if (event.key == "Escape") list.hidden = true;
  if (
    event.target.closest("input, textarea, select, pre, .drawing, .xterm") ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector("dialog")
  )
    return;
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (event.key == "/") {
    event.preventDefault();
    box.focus();
  } else if (way) document.querySelector(`a[rel=${way}]`)?.click();
});
