/*
 * columns.js - the events of a trace that the picture shows, in words.
 *
 * The same rules as tools/trace/columns.py.
 */
const FROM_NETWORK = "FRAME_OUT FRAME_IN CONNECTED ARRIVE RESET".split(" ");
const DIRECTIONS = ["the way in", "the way out", "both ways"];
const TOPICS = {
  SWITCH: "switch",
  WAKE: "wake",
  BLOCK: "blocked",
  WAITED: "wake",
  SEND: "send",
  RECEIVE: "receive",
  REPLY: "send",
  SIGNAL: "signal",
  DELIVER: "signal",
  GRANT: "pages",
  MAP: "pages",
  REVOKE: "pages",
  GIFT: "pages",
  FRAME_OUT: "send",
  FRAME_IN: "receive",
  ARRIVE: "receive",
};

/* "data in pipe 104", for people. */
function wait_words(event) {
  const wanted = name_of.event(event.a);
  const alone = {
    exit: "a child",
    signal: "a signal",
    time: "asleep",
    events: "one of several",
  };
  if (!event.object) return alone[wanted] ?? wanted;
  const joint = {
    data: "data in",
    space: "space in",
    peer: "a peer at",
    reply: "a reply from",
    unit: "",
  };
  return `${joint[wanted] ?? wanted + " of"} ${event.object}`.trim();
}

/* The same in the words of why(1), which kernel/fs/proc_why.c writes. */
function why_words(event) {
  const wanted = name_of.event(event.a);
  const alone = {
    exit: "a child to end",
    events: "one of several descriptors",
  };
  if (!event.object) return alone[wanted] ?? wait_words(event);
  const joint = { peer: "the other side of", unit: "" };
  return `${joint[wanted] ?? wanted + " in"} ${event.object}`.trim();
}

const brief = event =>
  event.message
    ? `message ${event.message}`
    : event.id == "RECEIVE" && event.a == 0
      ? "the end of the file"
      : some(event.a, "byte");

const arrival = event =>
  event.a == 0 && event.object.kind == "tcp socket"
    ? "the end of the file arrives"
    : `${some(event.a, "byte")} arrive${event.a == 1 ? "s" : ""}`;

/* Chooses the events that are columns of the picture, with their words. */
class Chooser {
  constructor(is_ours) {
    this.is_ours = task => Boolean(task) && is_ours(task);
    this.ended = new Set();
    this.newborn = null;
  }

  columns(events) {
    const found = [];
    for (const event of events) {
      const words = this.words(event);
      if (words)
        found.push({ event, words, topic: TOPICS[event.id] ?? "life" });
    }
    return found;
  }

  words(event) {
    if (
      !FROM_NETWORK.includes(event.id) &&
      !this.is_ours(event.task) &&
      !this.is_ours(event.other)
    )
      return null;
    return this["say_" + event.id.toLowerCase()]?.(event) ?? null;
  }

  say_switch({ other }) {
    if (!this.is_ours(other) && other.name != "idle") return null;
    return `\u2192 ${other.name == "idle" ? "nobody runs" : other}`;
  }

  say_wake({ task, other }) {
    if (!this.is_ours(other) || other == task) return null;
    if (other == this.newborn) {
      this.newborn = null;
      return null;
    }
    return `${/^(idle|cleaner)$/.test(task.name) ? "time " : ""}wakes ${other}`;
  }

  say_block(event) {
    if (!this.is_ours(event.task)) return null;
    const words = wait_words(event);
    return words == "asleep" ? "sleeps" : "waits: " + words;
  }

  say_waited(event) {
    const text = name_of.result(event.a);
    return event.object && text.startsWith("-E") ? "wait ends: " + text : null;
  }

  say_send(event) {
    return event.object.is_channel ? "sends " + brief(event) : null;
  }

  say_receive(event) {
    return event.object.is_channel ? "receives " + brief(event) : null;
  }

  say_frame_out = event => "frame goes, " + some(event.a, "byte");
  say_frame_in = event => "frame comes, " + some(event.a, "byte");
  say_connect = event => `connects ${event.far ?? event.object}`;
  say_connected = event => `${event.object} is connected`;
  say_accept = event => `accepts ${event.far}`;
  say_arrive = arrival;
  say_shut = event => "ends " + DIRECTIONS[event.a];
  say_reset = event => "connection breaks: " + name_of.result(event.a);
  say_reply = event => `replies to ${event.other}`;
  say_signal = event => `${name_of.signal(event.b)} to ${event.other}`;
  say_deliver = event => "takes " + name_of.signal(event.a);
  say_grant = event => "grants " + some(event.a, "page");
  say_map = event => "maps " + some(event.a, "page");
  say_revoke = event => "revokes " + some(event.a, "page");
  say_gift = event => "gives " + some(event.a, "page");

  say_task(event) {
    this.newborn = event.other;
    return `makes ${event.other}`;
  }

  say_exec(event) {
    return this.is_ours(event.task) ? `becomes ${event.name ?? ""}` : null;
  }

  say_end(event) {
    this.ended.add(event.task);
    return "ends, " + name_of.status(event.b);
  }

  say_exit(event) {
    return this.ended.has(event.task) ? null : "thread ends";
  }

  say_create(event) {
    return !event.is_early && this.is_told(event.object)
      ? `makes ${event.object}`
      : null;
  }

  say_destroy(event) {
    return this.is_told(event.object) ? `${event.object} goes` : null;
  }

  /* Does the object come and go by a call of the program? */
  is_told(object) {
    return object.is_channel && !TABLES.locks.includes(object.kind);
  }
}
