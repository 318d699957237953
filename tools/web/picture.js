/*
 * picture.js - a trace as a picture that grows: a lane for each task and each
 * object, a column for each event, in the style of tools/trace/picture.py.
 *
 * A Picture shows the columns up to a cursor. The cursor follows the newest
 * event until the reader stops the picture, and then goes back and forth.
 */
const NAMES = 150; /* the lanes' names stay when the columns move */
const NARROW = 480; /* a picture of a phone has less room for names */
const NARROW_NAMES = 100;
const LEFT = 4;
const RIGHT = 150;
const HEAD = 150;
const COLUMN = 26;
const LANE = 34;
const SHOWN = 40; /* columns at a time */
const COLOURS = {
  running: "#35a165",
  ready: "#f4c64f",
  blocked: "#f3d3cd",
  stopped: "#c9ccd1",
  send: "#2762c4",
  receive: "#0b6e73",
  wake: "#a35200",
  switch: "#5f6772",
  signal: "#a8328f",
  pages: "#7c5a2e",
  life: "#3d4654",
  deadlock: "#d11f2d",
};

const LEGEND = {
  running: "runs",
  ready: "ready, waits for the processor",
  blocked: "blocked on what it says",
  send: "send, reply",
  receive: "receive",
  wake: "wake",
  switch: "switch",
  signal: "signal",
  pages: "pages",
  life: "begin, end",
};
const HINT =
  "A click on an event tells the line of the kernel that recorded the event.";

/* An element of the page. */
const say = (name, text, more = {}) =>
  Object.assign(document.createElement(name), { textContent: text }, more);

const escaped = text =>
  String(text).replace(/[&<>"]/g, one => `&#${one.charCodeAt(0)};`);
const cut = (text, width) => {
  const room = Math.floor((width - 6) / 6.1);
  if (text.length > room) text = text.replace(/ of \S+$/, "");
  if (text.length <= room) return text;
  return room > 4 ? text.slice(0, room - 1) + "\u2026" : "";
};

/* The name of a lane. Its end tells it from its neighbours; a lock's program,
 * which stands behind the lock, does not. */
const cut_name = (text, width) => {
  const room = Math.floor((width - 6) / 6.1);
  if (text.length > room) text = text.replace(/ of \S+$/, "");
  return text.length > room ? "\u2026" + text.slice(1 - room) : text;
};

/* What the colours mean. */
function legend() {
  const all = say("div", "", { className: "legend" });
  for (const [name, words] of Object.entries(LEGEND)) {
    const mark = say("i", "");
    const item = say("span", words);
    mark.style.background = COLOURS[name];
    item.prepend(mark);
    all.append(item);
  }
  return all;
}

/* The drawing of some columns, as SVG. */
class Drawing {
  constructor(trace, columns, is_ours, names_width) {
    Object.assign(this, { trace, columns, names_width });
    Object.assign(this, { out: [], y: new Map() });
    this.first = columns[0].event.place;
    this.last = columns.at(-1).event.place;
    this.right = LEFT + 24 + COLUMN * columns.length;
    const acting = new Set();
    const used = new Set();
    for (const { event } of columns)
      for (const task of [event.task, event.other]) acting.add(task);
    for (const arrow of trace.arrows)
      if (arrow.place >= this.first && arrow.place <= this.last)
        used.add(arrow.source).add(arrow.target);
    this.tasks = trace.all_tasks.filter(
      task =>
        task.name != "cleaner" &&
        (acting.has(task) || (is_ours(task) && this.lives(task.segments))),
    );
    this.objects = trace.all_objects.filter(
      object =>
        (used.has(object) && object.is_channel) || this.lives(object.owners),
    );
    [...this.tasks, ...this.objects].forEach((lane, at) =>
      this.y.set(lane, HEAD + LANE * at + LANE / 2),
    );
    this.bottom = HEAD + LANE * (this.tasks.length + this.objects.length);
  }

  lives(segments) {
    return segments.some(
      one =>
        one.start <= this.last && (one.end === null || one.end > this.first),
    );
  }

  x_of(place) {
    if (place < this.first) return LEFT;
    const at = this.columns.findIndex(one => one.event.place >= place);
    return at < 0 ? this.right : LEFT + 24 + COLUMN * at;
  }

  put(text) {
    this.out.push(text);
  }

  text(x, y, text, more = "") {
    this.put(`<text x="${x}" y="${y}" ${more}>${escaped(text)}</text>`);
  }

  bar(from, to, y, colour, label, title) {
    const x = this.x_of(from);
    const width =
      (to === null || to > this.last ? this.right : this.x_of(to)) - x;
    if (width <= 0 || from > this.last) return;
    this.put(
      `<rect x="${x}" y="${y - 9}" width="${width}" height="18" rx="3" ` +
        `fill="${colour}"><title>${escaped(title)}</title></rect>`,
    );
    this.text(x + 5, y + 4, cut(label, width), 'font-size="10"');
  }

  grid() {
    this.columns.forEach(({ event, words, topic }, at) => {
      const x = LEFT + 24 + COLUMN * at;
      this.put(
        `<g data-place="${event.place}"><rect x="${x - 13}" y="${HEAD - 6}" ` +
          `width="${COLUMN}" height="${this.bottom - HEAD + 6}" ` +
          `fill="${at % 2 ? "#fafbfc" : "#f1f3f6"}"/>` +
          `<title>${escaped(`${event.task} ${words}`)}</title>`,
      );
      const turn = `transform="rotate(-48 ${x + 4} ${HEAD - 10})"`;
      const colour = COLOURS[topic == "blocked" ? "deadlock" : topic];
      this.text(x + 4, HEAD - 10, cut(words, 180), `${turn} fill="${colour}"`);
      this.put("</g>");
    });
  }

  lanes() {
    for (const task of this.tasks) {
      const y = this.y.get(task);
      for (const { start, end, state, label: why } of task.segments)
        this.bar(
          start,
          end,
          y,
          COLOURS[state] ?? COLOURS.stopped,
          state == "blocked" ? why : "",
          `${task}: ${state}${why ? ", " + why : ""}`,
        );
    }
    for (const object of this.objects) {
      const y = this.y.get(object);
      for (const { start, end, task } of object.owners)
        this.bar(
          start,
          end,
          y,
          "#d9e4fb",
          `held by ${task}`,
          `held by ${task}`,
        );
      this.depths(object, y + 12);
    }
  }

  depths(object, base) {
    const most = Math.max(1, ...object.depths.map(one => one[1]));
    object.depths.forEach(([place, depth], at) => {
      const next = object.depths[at + 1]?.[0] ?? object.gone ?? this.last + 1;
      if (!depth || place > this.last || next < this.first) return;
      const x = this.x_of(place);
      const height = (20 * depth) / most;
      const width = Math.max(this.x_of(Math.min(next, this.last + 1)) - x, 2);
      this.put(
        `<rect x="${x}" y="${base - height}" width="${width}" ` +
          `height="${height}" fill="#c9daf6" stroke="#7fa4e0"><title>` +
          `${escaped(`${object}: ${some(depth, object.unit.slice(0, -1))}`)}` +
          `</title></rect>`,
      );
    });
  }

  arrows() {
    const shown = new Set(this.columns.map(one => one.event.place));
    for (const { kind, place, source, target } of this.trace.arrows) {
      const [from, to] = [this.y.get(source), this.y.get(target)];
      if (from === undefined || to === undefined || !shown.has(place)) continue;
      const x = this.x_of(place);
      const way = to > from ? 1 : -1;
      const tip = to - way * 9;
      const dash = kind == "switch" ? 'stroke-dasharray="2 3"' : "";
      this.put(
        `<path d="M${x} ${from}V${tip}" stroke="${COLOURS[kind]}" ${dash}/>`,
      );
      if (kind != "switch")
        this.put(
          `<path d="M${x - 4} ${tip - way * 6}L${x} ${tip}L${x + 4} ` +
            `${tip - way * 6}z" fill="${COLOURS[kind]}"/>`,
        );
    }
  }

  /* The red circle of tasks that wait for each other. */
  circle() {
    const { deadlock } = this.trace;
    if (!deadlock || deadlock.place > this.last || !this.trace.is_stuck())
      return;
    const x = this.right + 8;
    for (const { task, holder } of deadlock.circle) {
      const [from, to] = [this.y.get(task), this.y.get(holder)];
      if (from === undefined || to === undefined) continue;
      const bulge = x + 26 + Math.abs(to - from) * 0.42;
      this.put(
        `<path class="deadlock" d="M${x} ${from + 3}C${bulge} ${from + 3} ` +
          `${bulge} ${to - 3} ${x + 4} ${to - 3}" stroke-width="2" ` +
          `stroke="${COLOURS.deadlock}"><title>` +
          `${escaped(`${task} waits for ${holder}`)}</title></path>` +
          `<path d="M${x + 9} ${to - 8}L${x} ${to - 3}L${x + 9} ${to + 2}z" ` +
          `fill="${COLOURS.deadlock}"/>`,
      );
    }
    this.has_circle = true;
    const more = `fill="${COLOURS.deadlock}" font-weight="bold"`;
    this.text(x, HEAD - 10, "deadlock", more);
  }

  names() {
    for (const [lane, y] of this.y)
      this.text(
        this.names_width - 10,
        y + 4,
        cut_name(String(lane), this.names_width * 0.85),
        'text-anchor="end" font-weight="bold"',
      );
  }

  /* What was put so far, as an SVG of this width. */
  whole(width, label) {
    const height = this.bottom + 12;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" ` +
      `height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
      `aria-label="${label}" font-size="11" ` +
      `font-family="DejaVu Sans,Verdana,sans-serif" fill="#24292f">` +
      `<rect width="100%" height="100%" fill="#fff"/>` +
      `<g stroke-width="1.8">${this.out.splice(0).join("")}</g></svg>`
    );
  }

  svg() {
    this.names();
    const names = this.whole(this.names_width, "Names of the lanes");
    this.grid();
    this.lanes();
    this.arrows();
    this.circle();
    return names + this.whole(this.right + RIGHT, "Events from left to right");
  }
}

/* The picture with its buttons. `is_ours` chooses the tasks with lanes. */
class Picture {
  constructor(root) {
    this.root = root;
    this.box = say("div", "", { className: "live", hidden: true });
    const button = (text, onclick) =>
      say("button", text, { type: "button", onclick });
    this.follow = button("Pause", () => this.pause(!this.is_paused));
    this.slider = say("input", "", { type: "range", min: 0, max: 0, value: 0 });
    this.slider.setAttribute("aria-label", "Event");
    this.slider.oninput = () => this.go_to(Number(this.slider.value));
    this.where = say("span", "", { className: "status" });
    const row = say("div", "", { className: "row" });
    row.append(
      this.follow,
      button("Back", () => this.go_to(this.cursor - 1)),
      button("Step", () => this.go_to(this.cursor + 1)),
      this.slider,
      this.where,
    );
    this.drawing = say("div", "", { className: "drawing", tabIndex: 0 });
    this.drawing.setAttribute("role", "region");
    this.drawing.setAttribute("aria-label", "Picture");
    this.drawing.onclick = event => this.tell_at(event);
    this.details = say("p", "", { className: "details" });
    this.details.setAttribute("role", "status");
    this.why = say("pre", "", { className: "why", hidden: true });
    this.box.append(row, this.drawing, this.details, this.why, legend());
    root.replaceChildren(this.box);
  }

  /* Show another trace from its beginning. */
  show(trace, is_ours, first = 0) {
    Object.assign(this, { trace, is_ours, first, columns: [] });
    this.box.hidden = false;
    this.details.textContent = HINT;
    this.cursor = 0;
    this.pause(false);
    this.refresh();
  }

  /* There may be new events. */
  refresh() {
    const events = this.trace.events.slice(this.first);
    this.columns = new Chooser(this.is_ours).columns(events);
    this.slider.max = Math.max(this.columns.length - 1, 0);
    if (!this.is_paused) this.cursor = this.columns.length - 1;
    this.draw();
  }

  pause(is_paused) {
    this.is_paused = is_paused;
    this.follow.textContent = is_paused ? "Follow" : "Pause";
    if (!is_paused && this.columns?.length) this.refresh();
  }

  go_to(place) {
    this.pause(true);
    this.cursor = Math.max(0, Math.min(place, this.columns.length - 1));
    this.draw();
    if (this.columns.length) this.tell(this.columns[this.cursor].event.place);
  }

  draw() {
    if (!this.columns.length) {
      this.where.textContent = "no events yet";
      this.drawing.replaceChildren();
      return;
    }
    const from = Math.max(0, this.cursor + 1 - SHOWN);
    this.shown = this.columns.slice(from, this.cursor + 1);
    const room = this.drawing.clientWidth;
    const names = room < NARROW ? NARROW_NAMES : NAMES;
    const drawing = new Drawing(this.trace, this.shown, this.is_ours, names);
    this.drawing.innerHTML = drawing.svg();
    const spare = drawing.has_circle ? 0 : Math.max(0, RIGHT - room / 5);
    this.drawing.scrollLeft = this.drawing.scrollWidth - room - spare;
    this.slider.value = this.cursor;
    this.where.textContent = `${this.cursor + 1} of ${this.columns.length}`;
    const hanging = this.trace.hanging(this.is_ours);
    this.why.hidden = !hanging;
    if (hanging) this.why.textContent = this.trace.why(hanging);
  }

  /* Tell the event whose words, or whose column below, the reader clicked. */
  tell_at({ target, clientX }) {
    const words = target.closest("[data-place]");
    if (words) return this.tell(Number(words.dataset.place));
    const { left } = this.drawing.lastChild.getBoundingClientRect();
    const at = Math.round((clientX - left - LEFT - 24) / COLUMN);
    if (this.shown?.[at]) this.tell(this.shown[at].event.place);
  }

  /* An event in words, with its line of the kernel's source. */
  tell(place) {
    const event = this.trace.events[place];
    const column = this.columns.find(one => one.event == event);
    const us = Math.round(
      ((event.time - this.columns[0].event.time) * 1000) / this.trace.khz,
    );
    this.details.textContent =
      `Event ${place}, after ${us} us: ${event.task} ` +
      `${column?.words ?? event.id}. `;
    const points = TABLES.points[event.id] ?? [];
    const kind = event.object?.kind.split(" ")[0];
    const point =
      points.find(one => kind && one.file == `kernel/ipc/${kind}.c`) ??
      points[0];
    if (!point) return;
    const { file, line, text } = point;
    const { root } = document.documentElement.dataset;
    this.details.append(
      say("a", `${file}:${line}`, { href: `${root}/${file}.html#L${line}` }),
      " ",
      say("code", text),
    );
  }
}
