/*
 * trace.js - the bytes of the kernel's trace as events and states.
 *
 * The same rules as tools/trace (events.py, story.py), for events that come
 * while the machine runs. TABLES holds the names of events, calls,
 * errors and signals; kernel/abi/trace.def tells the meaning of the words.
 * Numbers of tasks and addresses of objects are used again, so each event
 * points to the task and the object of its moment.
 */
const EVENT_BYTES = 24;
const FOR_EVER = 0xffffffff;
/* Kinds of objects that are no communication. */
const FILE_KINDS = "file directory null zero full special name".split(" ");
const OUTSIDE_KINDS = ["host", "tty", "network"];
const NETWORK_KINDS = ["tcp socket", "udp socket"];

const some = (count, thing) => `${count} ${thing}${count == 1 ? "" : "s"}`;

/* ---- Names of numbers --------------------------------------------------- */

const name_of = {
  call: number => TABLES.calls[number] ?? `call ${number}`,
  signal: number => TABLES.signals[number] ?? `signal ${number}`,
  event: number => TABLES.waits[number] ?? "?",
  state: number => TABLES.states[number] ?? "?",
  status: word =>
    word & 0x7f
      ? "killed by " + name_of.signal(word & 0x7f)
      : `status ${(word >> 8) & 0xff}`,
  result(word) {
    const error = word >> 31 && TABLES.errors[-(word | 0)];
    return error ? "-" + error : String(word | 0);
  },
};

/* ---- Tasks, objects, events --------------------------------------------- */

class TraceTask {
  constructor(number, parent) {
    Object.assign(this, { number, parent, name: "", segments: [] });
    this.wants = null; /* { event, object } of a wait */
  }

  toString() {
    return `${this.name || "task"} ${this.number}`;
  }

  descends_from(other) {
    for (let task = this; task; task = task.parent)
      if (task == other) return true;
    return false;
  }

  /* The state of the task from this event on. */
  change(place, state, label = "") {
    const last = this.segments.at(-1);
    if (last?.end === null) {
      if (last.state == state) return;
      last.end = place;
    }
    if (state != "terminated")
      this.segments.push({ start: place, end: null, state, label });
  }
}

class TraceObject {
  constructor(address, number) {
    Object.assign(this, { address, number, told_kind: "", name: "" });
    Object.assign(this, { owners: [], depths: [], pending: [] });
    this.unit = "bytes";
  }

  get kind() {
    return this.told_kind || this.name.split(" ")[0];
  }

  get is_channel() {
    return this.kind != "" && !FILE_KINDS.includes(this.kind);
  }

  get depth() {
    return this.depths.at(-1)?.[1] ?? 0;
  }

  get owner() {
    const last = this.owners.at(-1);
    return last?.end === null ? last.task : null;
  }

  toString() {
    return this.name || `${this.kind || "object"} ${this.number}`;
  }

  put(place, amount) {
    this.depths.push([place, Math.max(this.depth + amount, 0)]);
  }

  own(place, task) {
    if (this.owner) {
      if (task == this.owner) return;
      this.owners.at(-1).end = place;
    }
    if (task) this.owners.push({ start: place, end: null, task });
  }
}

class Trace {
  constructor() {
    this.events = [];
    this.tasks = new Map(); /* number: the task of now */
    this.objects = new Map(); /* address: the object of now */
    this.all_tasks = [];
    this.all_objects = [];
    this.naming = new Map();
    this.renamed = new Set();
    this.execs = new Map();
    this.sent = new Map();
    this.messages = 0;
    this.card = null;
    this.peers = new Map();
    this.arrows = [];
    this.circles = new Map(); /* the task that searches: the tasks so far */
    this.deadlock = null; /* { place, circle: [{ task, holder }] } */
    this.khz = 1000000;
    this.rest = [];
    this.has_begun = false;
  }

  /* Bytes of the port; an event may come in parts. */
  add(bytes) {
    for (const byte of bytes) this.rest.push(byte);
    const whole = this.rest.length - (this.rest.length % EVENT_BYTES);
    const view = new DataView(
      Uint8Array.from(this.rest.splice(0, whole)).buffer,
    );
    for (let at = 0; at < whole; at += EVENT_BYTES)
      this.add_event({
        time: Number(view.getBigUint64(at, true)),
        kind: TABLES.events[view.getUint16(at + 8, true)],
        task: this.task(view.getUint16(at + 10, true)),
        words: [12, 16, 20].map(more => view.getUint32(at + more, true)),
      });
  }

  task(number) {
    return this.tasks.get(number) ?? this.new_task(number, null);
  }

  new_task(number, parent) {
    const task = new TraceTask(number, parent);
    this.tasks.set(number, task);
    this.all_tasks.push(task);
    return task;
  }

  object_at(address) {
    if (address == 0) return null;
    return this.objects.get(address) ?? this.new_object(address, 0);
  }

  new_object(address, number) {
    const object = new TraceObject(address, number);
    this.objects.set(address, object);
    this.all_objects.push(object);
    return object;
  }

  network_card() {
    if (!this.card) {
      this.card = new TraceObject(0, 0);
      this.card.name = "network card";
      this.all_objects.push(this.card);
    }
    return this.card;
  }

  add_event(event) {
    if (!event.kind) throw new Error("The trace holds an unknown event.");
    event.place = this.events.length;
    event.id = event.kind.id;
    [, event.a, event.b] = event.words;
    this.has_begun ||= ["EXEC", "CALL", "SWITCH"].includes(event.id);
    event.is_early = !this.has_begun;
    this.naming_event(event);
    if (event.kind.words[0] == "OBJECT")
      event.object ??= this.object_at(event.words[0]);
    for (const at of [1, 2]) {
      if (event.kind.words[at] == "TASK")
        event.other = this.task(event.words[at]);
      if (event.kind.words[at] == "OBJECT")
        event.far = this.object_at(event.words[at]);
    }
    this.events.push(event);
    this["on_" + event.id.toLowerCase()]?.(event);
  }

  /* What an event tells about numbers, addresses and names. */
  naming_event(event) {
    const { id, a, b } = event;
    const address = event.words[0];
    if (id == "START") this.khz = a;
    if (id == "TASK") this.new_task(a, event.task);
    if (["TASK", "KNOWN", "EXEC"].includes(id)) this.renamed.add(a);
    if (id == "EXEC") this.execs.set(a, event);
    if (id == "CREATE" || id == "OPEN") {
      const known = this.objects.get(address);
      if (!known || (id == "CREATE" && known.number != a))
        this.new_object(address, a);
      const object = this.objects.get(address);
      object.number = a;
      const which = id == "CREATE" ? "told_kind" : "name";
      object[which] = "";
      this.naming.set(address, which);
    }
    if (id == "OBJECT_NAME") {
      event.object = this.object_at(address);
      event.object[this.naming.get(address) ?? "name"] += text_of(event);
    }
    if (id == "DESTROY") {
      event.object = this.object_at(address);
      this.objects.delete(address);
    }
    if (id == "TASK_NAME") {
      const task = this.task(address);
      if (this.renamed.delete(address)) task.name = "";
      task.name += text_of(event);
      if (this.execs.has(address)) this.execs.get(address).name = task.name;
    }
    const key = `${address} ${b}`;
    if (id == "SEND" && b)
      this.sent.set(key, (event.message = ++this.messages));
    if (id == "RECEIVE") {
      event.message = this.sent.get(key) ?? 0;
      this.sent.delete(key);
    }
    if (id == "FRAME_OUT" || id == "FRAME_IN")
      event.object = this.network_card();
  }

  arrow(kind, event, source, target) {
    this.arrows.push({ kind, place: event.place, source, target });
  }

  /* ---- What an event changes -------------------------------------------- */

  on_start(event) {
    event.task.change(event.place, "running");
  }

  on_known(event) {
    if (event.other != event.task)
      event.other.change(event.place, name_of.state(event.b));
  }

  on_task(event) {
    event.other.change(event.place, "ready", "not run yet");
    this.arrow("life", event, event.task, event.other);
  }

  on_switch(event) {
    const { task, other, place } = event;
    const state = name_of.state(event.b);
    if (state != "blocked" || task.segments.at(-1)?.state != "blocked")
      task.change(place, state);
    other.wants = null;
    other.change(place, "running");
    this.arrow("switch", event, task, other);
  }

  on_block(event) {
    const { task } = event;
    task.change(event.place, "blocked", wait_words(event));
    task.wants = { event, object: event.object };
    this.look_for_deadlock(event);
  }

  on_wake(event) {
    const { other, place } = event;
    other.change(place, "ready", event.b ? name_of.result(event.b) : "");
    other.wants = null;
    event.object?.own(place, null);
    if (other != event.task) this.arrow("wake", event, event.task, other);
  }

  on_signal(event) {
    this.arrow("signal", event, event.task, event.other);
  }

  on_create(event) {
    event.object.depths = [[event.place, 0]];
  }

  on_destroy(event) {
    event.object.gone = event.place;
    event.object.own(event.place, null);
  }

  on_owner(event) {
    if (event.a) event.object.own(event.place, event.other);
  }

  on_send(event) {
    const { object } = event;
    if (!object.is_channel) return;
    this.arrow("send", event, event.task, object);
    if (![...OUTSIDE_KINDS, ...NETWORK_KINDS].includes(object.kind))
      this.put_in(event);
  }

  put_in(event) {
    if (event.message) event.object.unit = "messages";
    event.object.put(event.place, event.message ? 1 : event.a);
  }

  on_receive(event) {
    if (!event.object.is_channel) return;
    this.arrow("receive", event, event.object, event.task);
    event.object.put(event.place, event.message ? -1 : -event.a);
  }

  on_frame_out(event) {
    this.arrow("send", event, event.task, event.object);
  }

  on_frame_in(event) {
    this.arrow("receive", event, event.object, event.task);
  }

  on_reply(event) {
    this.arrow("send", event, event.task, event.other);
  }

  on_grant(event) {
    this.arrow("pages", event, event.task, event.object);
  }

  on_map(event) {
    this.arrow("pages", event, event.object, event.task);
  }

  on_revoke(event) {
    this.arrow("pages", event, event.task, event.object);
  }

  on_connect(event) {
    this.arrow("life", event, event.task, event.far ?? event.object);
  }

  on_connected(event) {
    if (!event.far) return;
    this.peers.set(event.object, event.far);
    this.peers.set(event.far, event.object);
  }

  on_accept(event) {
    this.arrow("life", event, event.object, event.task);
  }

  on_arrive(event) {
    this.put_in(event);
    const source = this.peers.get(event.object) ?? this.card;
    if (source) this.arrow("receive", event, source, event.object);
  }

  /* ---- Deadlock --------------------------------------------------------- */

  look_for_deadlock({ task, place }) {
    const circle = [task];
    for (;;) {
      const next = circle.at(-1).wants?.object?.owner;
      if (next == task) return this.found(place, circle);
      if (!next || circle.includes(next)) return;
      circle.push(next);
    }
  }

  /* The kernel found a circle of any waits. It names the tasks, and at the end
   * the first one again. */
  on_circle({ task, other }) {
    const circle = this.circles.get(task) ?? [];
    this.circles.set(task, [...circle, other]);
    if (!circle.includes(other)) return;
    this.circles.delete(task);
    if (circle.every(one => one.wants))
      this.found(Math.max(...circle.map(one => one.wants.event.place)), circle);
  }

  /* Each task of the circle waits for the next one. */
  found(place, tasks) {
    if (this.is_stuck()) return;
    const circle = tasks.map((task, at) => ({
      task,
      holder: tasks[(at + 1) % tasks.length],
    }));
    this.deadlock = { place, circle };
  }

  is_stuck() {
    return Boolean(this.deadlock?.circle.every(one => one.task.wants));
  }

  /* Can none of these tasks go on? Then those that wait, else null. A wait of
   * the terminal, the network or a signal may end from outside. */
  hanging(is_ours) {
    const tasks = this.all_tasks.filter(
      task => is_ours(task) && task.segments.at(-1)?.end === null,
    );
    const waits_for_ever = ({ wants }) =>
      wants?.event.b == FOR_EVER &&
      (wants.object
        ? ![...OUTSIDE_KINDS, ...NETWORK_KINDS].includes(wants.object.kind)
        : name_of.event(wants.event.a) == "exit");
    const waiting = tasks.filter(one => one.wants?.object);
    return waiting.length && tasks.every(waits_for_ever) ? waiting : null;
  }

  /* The words of why(1) about these tasks, or about the circle. */
  why(tasks) {
    const circle = this.is_stuck() ? this.deadlock.circle : [];
    const short = task => `${task.name}(${task.number})`;
    const waits = (circle.length ? circle : tasks).map(one => {
      const task = one.task ?? one;
      const end = one.holder ? `; who could end it: ${short(one.holder)}` : "";
      const words = why_words(task.wants.event);
      return `task ${task.number} (${task.name}): waits for ${words}${end}`;
    });
    const around = [...circle, ...circle.slice(0, 1)]
      .map(one => short(one.task))
      .join(" waits for ");
    return [
      ...waits,
      around ? "deadlock: " + around : "no program can go on",
    ].join("\n");
  }
}

/* In a page the shell types no column: only what it starts from now on is
 * drawn, and not the compiler before. */
function ours_of(trace) {
  const shell = trace.events[0].task;
  const old = new Set(trace.all_tasks);
  return {
    first: trace.events.length,
    is_ours: task => !old.has(task) && task.descends_from(shell),
  };
}

function text_of(event) {
  const bytes = [event.a, event.b].flatMap(word =>
    [0, 8, 16, 24].map(shift => (word >>> shift) & 255),
  );
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.slice(0, end < 0 ? 8 : end));
}
