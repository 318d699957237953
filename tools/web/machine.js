/*
 * machine.js - Parley in the emulator v86: start, type a line, read the answer.
 *
 * The same file serves the pages and, in node, the tools that make the saved
 * state and the tests. A machine starts from a saved state, with the shell's
 * prompt on its terminal. The terminal is the first serial port, a file for
 * the machine goes over the third, and the trace of the kernel comes over the
 * fourth.
 */

/* v86 takes the time from performance.now(), which a browser rounds to 0.1 ms.
 * A kernel that boots measures its counters in such times, and would take equal
 * readings for exact ones: then a sleep may have no end. So no reading is equal
 * to the one before. This file must come before v86. */
const NEXT_MS = 0.0001;
const rounded_now = performance.now.bind(performance);
let last_now = 0;
performance.now = () =>
  (last_now = Math.max(rounded_now(), last_now + NEXT_MS));

/* A saved state fits only a machine with the same settings. The disk is empty:
 * v86 restores its IDE controller only with both channels in use. With `acpi`
 * comes the local APIC: v86's other timer, the PIT, takes an interrupt back
 * that the processor has not seen in time, and a sleep then has no end. */
const SETTINGS = {
  memory_size: 128 << 20,
  vga_memory_size: 1 << 20,
  cmdline: "terminal=dumb trace=tasks,ipc,signals,pages,life",
  uart1: true,
  uart2: true,
  uart3: true,
  acpi: true,
  disable_keyboard: true,
  disable_mouse: true,
  disable_speaker: true,
  autostart: false,
  log_level: 0,
};
const PROMPT = /(?:^|\n)[$#] $/;
const QUIET_MS = 25; /* after a prompt: no further output belongs to the line */
const INTERRUPT = "\x03";
const HOST_PORT = 2; /* /dev/host, see kernel/dev/host.c */
const DLE = 0x10;
const PUT_SECONDS = 20;
const SCROLL_LOCK = 0x46; /* asks for a report, see kernel/sys/hang.c */
const REPORT = /report: begin\n([^]*?)report: end\n/;
const REPORT_SECONDS = 5;
const TRACE_SECONDS = 1;
const STILL_LOOKS = 3; /* without a new byte: the trace has no more */

/* The bytes of a text with seven bits in a character. */
function bytes_of_text(text) {
  const bytes = new Uint8Array((text.length * 7) >> 3);
  let [word, bits, used] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    word = (word << 7) | text.charCodeAt(at);
    bits += 7;
    if (bits >= 8) bytes[used++] = word >> (bits -= 8);
  }
  return bytes;
}

/* The bytes that packed() of pack.mjs packed; `before` as given there. */
async function unpacked(text, before = new ArrayBuffer(0)) {
  const gzip = new DecompressionStream("gzip");
  const input = gzip.writable.getWriter();
  input.write(bytes_of_text(text));
  input.close();
  const whole = await new Response(gzip.readable).arrayBuffer();
  const [bytes, count] = new Uint32Array(whole, 0, 2);
  const pieces = new Uint32Array(whole, 8, 3 * count);
  const fresh = new Uint8Array(whole, 8 + pieces.byteLength);
  const all = new Uint8Array(before.byteLength + bytes);
  all.set(new Uint8Array(before));
  let [at, used] = [before.byteLength, 0];
  for (let piece = 0; piece < pieces.length; piece += 3) {
    const [own, copied, from] = pieces.subarray(piece, piece + 3);
    all.set(fresh.subarray(used, used + own), at);
    used += own;
    at += own;
    if (from + copied <= at) {
      all.copyWithin(at, from, from + copied);
      at += copied;
      continue;
    }
    /* One byte after the other: the piece repeats its own beginning. */
    for (let byte = 0; byte < copied; byte++) all[at++] = all[from + byte];
  }
  return all.buffer.slice(before.byteLength);
}

class Machine {
  /* `start`: { multiboot, initrd }, each with a buffer; without, the machine
   * waits for restore(). */
  static create(V86, wasm, start = {}) {
    const instance = imports =>
      WebAssembly.instantiate(wasm, imports).then(one => one.instance.exports);
    const emulator = new V86({
      ...SETTINGS,
      ...start,
      hda: { buffer: new ArrayBuffer(65536) },
      wasm_fn: instance,
    });
    return new Promise(done =>
      emulator.add_listener("emulator-ready", () =>
        done(new Machine(emulator)),
      ),
    );
  }

  constructor(emulator) {
    this.emulator = emulator;
    this.text = ""; /* of the terminal, since the last line was typed */
    this.last_output = 0;
    this.on_text = () => {};
    this.trace = []; /* bytes that take_trace() has not taken */
    this.trace_bytes = 0; /* that ever came */
    this.is_traced = true; /* a byte of the trace came after the output */
    this.is_off = false;
    this.broken = ""; /* the words of v86 when it cannot go on */
    this.is_dead = false; /* v86 itself has stopped */
    this.on_end = () => {};
    const decoder = new TextDecoder();
    emulator.add_listener("serial0-output-byte", byte => {
      const text = decoder.decode(Uint8Array.of(byte), { stream: true });
      this.text += text;
      this.last_output = Date.now();
      this.is_traced = false;
      this.on_text(text);
    });
    emulator.add_listener("cpu-event-halt", () => {
      this.is_off = true;
      this.on_end();
    });
    const { v86 } = emulator;
    const tick = v86.do_tick;
    v86.do_tick = () => {
      try {
        tick.call(v86);
      } catch (error) {
        this.fail(error);
      }
    };
    emulator.add_listener("serial3-output-byte", byte => {
      this.trace.push(byte);
      this.trace_bytes++;
      this.is_traced = true;
    });
  }

  run() {
    return this.emulator.run();
  }

  /* v86 throws HALT when the kernel gives the machine up, as after a panic, and
   * an error when it meets what it does not have, as an exception while another
   * is delivered: a double fault. The machine does not go on. */
  fail(error) {
    this.is_dead = true;
    if (error == "HALT") this.is_off = true;
    else this.broken = String(error?.message ?? error);
    this.on_end();
  }

  /* Go back to a saved state: what ran before is gone. */
  async restore(state) {
    await this.emulator.stop();
    this.text = "";
    this.trace = [];
    this.is_traced = true;
    this.is_off = false;
    await this.emulator.restore_state(state);
    await this.run();
  }

  /* Why the machine has ended, or "". */
  end() {
    if (this.broken)
      return (
        "The machine stopped: a double fault of the kernel, or something " +
        `that the emulator does not have (${this.broken}). ` +
        "Run starts a new machine."
      );
    return this.is_off ? "The machine is off. Run starts it again." : "";
  }

  /* The bytes of the kernel's trace since the last call. */
  take_trace() {
    return this.trace.splice(0);
  }

  type(text) {
    const bytes = new TextEncoder().encode(text);
    this.emulator.serial_send_bytes(0, bytes);
  }

  /* Write a file, through the host channel. */
  async put(file, bytes) {
    this.text = "";
    this.type(`head -c ${bytes.length} < /dev/host > ${file}\n`);
    const pairs = [...bytes].flatMap(byte => (byte == DLE ? [DLE, DLE] : byte));
    this.emulator.serial_send_bytes(HOST_PORT, pairs);
    if (!(await this.prompt(PUT_SECONDS)))
      throw new Error(`The machine did not take ${file}.`);
  }

  /* Wait for a prompt and a short silence; false: the time is over, or
   * is_over() says so. */
  prompt(seconds, is_over) {
    const is_there = () =>
      PROMPT.test(this.text) && Date.now() - this.last_output >= QUIET_MS;
    return this.until(is_there, seconds, is_over);
  }

  /* Wait for a condition; false: the machine has ended, the time is over, or
   * is_over() says so. */
  async until(is_there, seconds, is_over = () => false) {
    const end = Date.now() + seconds * 1000;
    while (!is_there()) {
      if (Date.now() > end || is_over() || this.is_off || this.broken)
        return false;
      await new Promise(done => setTimeout(done, 5));
    }
    return true;
  }

  /* The shell finds the programs of the museum. */
  open_museum() {
    return this.command("export PATH=/bin:/museum", PUT_SECONDS);
  }

  /* Type a line of the shell. Resolves to { text, is_whole }: what the line
   * printed, and whether the prompt came back in time. */
  async command(line, seconds, is_over) {
    this.text = "";
    this.type(line + "\n");
    const is_whole = await this.prompt(seconds, is_over);
    if (is_whole) await this.trace_end();
    return { text: this.answer(line), is_whole };
  }

  /* Wait for the events of the last output: the kernel sends events when no
   * task wants the processor. */
  trace_end() {
    let [bytes, looks] = [-1, 0];
    const is_still = () => {
      looks = this.trace_bytes == bytes ? looks + 1 : 0;
      bytes = this.trace_bytes;
      return this.is_traced && looks >= STILL_LOOKS;
    };
    return this.until(is_still, TRACE_SECONDS);
  }

  /* Why do the programs not end? The words of the kernel, or "": a machine that
   * takes no interrupts gives none. */
  async report() {
    this.emulator.keyboard_send_scancodes([SCROLL_LOCK]);
    await this.until(() => REPORT.test(this.plain()), REPORT_SECONDS);
    return REPORT.exec(this.plain())?.[1] ?? "";
  }

  /* The text without what only a terminal reads. */
  plain() {
    return this.text.replace(/\r|\x1b\[[\d;?]*[A-Za-z]/g, "");
  }

  /* The text behind the echo of the line, without prompts at its ends. */
  answer(line) {
    const text = this.plain();
    const echo = text.indexOf(line + "\n");
    return (echo < 0 ? "" : text.slice(echo + line.length + 1))
      .replace(PROMPT, match => (match[0] == "\n" ? "\n" : ""))
      .replace(/^[$#] (?=PANIC)/, "");
  }
}
