/*
 * run.js - the Run buttons: the lines of a session run in the page's machine.
 *
 * A page has one machine. It starts at the first use; each run then begins
 * from the saved state, as each session of the book begins on a fresh machine.
 */
const SECONDS = 120; /* of one line; Stop is there before */
const SECONDS_OF_BUG = 30; /* of a line with a kernel that may hang */
const HERE = document.documentElement.dataset.root;

/* ---- The machine -------------------------------------------------------- */

/* A script of the site, loaded once. */
const loaded = new Map();
function load_script(name) {
  if (loaded.has(name)) return loaded.get(name);
  const loading = new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = `${HERE}/web/${name}`;
    script.onload = done;
    script.onerror = () => {
      loaded.delete(name); /* a second click tries again */
      fail(new Error(`web/${name} did not load.`));
    };
    document.head.append(script);
  });
  loaded.set(name, loading);
  return loading;
}

/* { machine, state, trace, wasm }: made once. */
let started = null;
function parley() {
  started ??= start().catch(error => {
    started = null; /* a second click tries again */
    throw error;
  });
  return started;
}

/* The next use starts a new machine. */
function forget_machine() {
  started = compiling = null;
}

async function start() {
  if (
    typeof WebAssembly != "object" ||
    typeof DecompressionStream != "function"
  )
    throw new Error(
      "This browser has no WebAssembly (or no DecompressionStream), " +
        "so the machine cannot run here.",
    );
  await load_script("machine.js");
  await load_script("data.js");
  const { v86, wasm, state, trace } = PARLEY_DATA;
  const code = unpacked(wasm);
  new Function(new TextDecoder().decode(await unpacked(v86)))(); /* V86 */
  /* The emulator is made while the state is unpacked. */
  const [machine, ...data] = await Promise.all([
    code.then(bytes => Machine.create(V86, bytes)),
    unpacked(state),
    unpacked(trace),
  ]);
  return {
    machine,
    state: data[0],
    trace: new Uint8Array(data[1]),
    wasm: await code,
  };
}

/* A machine with the kernel of an exhibit. Such a kernel may fail before its
 * shell has a prompt, so there is no state: the machine boots for each run. */
async function exhibit(name) {
  const { machine: usual, state, wasm } = await parley();
  await Promise.all(["image.js", `kernel-${name}.js`].map(load_script));
  const [kernel, image] = await Promise.all(
    [PARLEY_KERNEL, PARLEY_IMAGE].map(packed => unpacked(packed, state)),
  );
  await usual.emulator.stop();
  const machine = await Machine.create(V86, wasm, {
    multiboot: { buffer: kernel },
    initrd: { buffer: image },
  });
  return { machine, trace: [] };
}

/* ---- A run -------------------------------------------------------------- */

const DRAW_MS = 150;
const STUCK_MS = 1000; /* a deadlock that lasts so long is the end of a run */
const EVENTS_MOST = 50000; /* a longer trace ends here: memory has an end */

/* The machine belongs to one run at a time: a new run ends the one before. */
let current = null;

/* Follow the trace of the run; returns the function that ends this. */
function follow(mine, machine, before, picture) {
  const trace = new Trace();
  for (const bytes of before) trace.add(bytes);
  const { first, is_ours } = ours_of(trace);
  picture?.show(trace, is_ours, first);
  let stuck_since = null;
  const look = () => {
    const bytes = machine.take_trace();
    if (bytes.length && trace.events.length < EVENTS_MOST) trace.add(bytes);
    if (bytes.length && picture) picture.refresh();
    const hanging = trace.hanging(is_ours);
    if (!hanging || bytes.length) stuck_since = null;
    if (!hanging || mine.is_over) return;
    if (Date.now() - (stuck_since ??= Date.now()) > STUCK_MS) {
      mine.is_stuck = mine.is_over = true;
    }
  };
  const timer = setInterval(look, DRAW_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}

/* Compile the programs of the reader; false: the compiler found an error. All
 * texts come first: the machine takes them with programs of the list. */
async function compile_all(machine, programs, show) {
  let is_good = true;
  for (const program of programs) await put_source(machine, program);
  for (const program of programs) {
    const result = await compile(machine, program.name);
    program.mark(result.problems);
    if (result.said) show(result.line, result.said, true);
    is_good &&= result.is_good;
  }
  return is_good;
}

/* Bring the machine to the first line of a run; false: no line can run. What
 * the machine says instead belongs to the first line. */
async function prepare({ machine, state }, task, is_over) {
  const { lines, programs, show } = task;
  machine.on_text = () => {};
  if (state) {
    await machine.restore(state);
    return compile_all(machine, programs, show);
  }
  machine.run();
  let said = "";
  let is_up = await machine.prompt(SECONDS_OF_BUG, is_over);
  if (is_up) ({ text: said, is_whole: is_up } = await machine.open_museum());
  if (!is_up) show(lines[0], said || machine.plain(), true);
  return is_up;
}

/* Why a run without an end is over, in the words of tools/run, or "". */
function why_no_end(mine, machine, seconds) {
  if (mine != current || machine.end()) return "";
  if (mine.is_stuck) return "no program can go on: each waits for ever";
  return mine.is_over ? "" : `no end after ${seconds} s`;
}

/* Run the lines, with the changed programs or with the kernel of an exhibit.
 * Resolves to "" when all lines ended, or to the reason. */
async function run(task) {
  const { lines, programs, kernel, show, picture } = task;
  const mine = (current = { is_over: false, is_stuck: false, machine: null });
  const is_over = () => mine != current || mine.is_over;
  const begun = await (kernel
    ? exhibit(kernel)
    : programs.length
      ? compiler()
      : parley());
  const { machine, trace } = begun;
  mine.machine = machine;
  if (is_over()) return "stopped";
  if (!(await prepare(begun, task, is_over)))
    return (
      machine.end() ||
      (kernel ? "no prompt in time" : "The compiler found an error.")
    );
  const before = [trace, machine.take_trace()];
  const leave = follow(mine, machine, before, picture);
  const seconds = kernel ? SECONDS_OF_BUG : SECONDS;
  let is_whole = true;
  for (const line of lines) {
    machine.on_text = () => !is_over() && show(line, machine.answer(line));
    const answer = await machine.command(line, seconds, is_over);
    is_whole = answer.is_whole;
    const why = why_no_end(mine, machine, seconds);
    if (!is_whole && why) answer.text += `${why}\n${await machine.report()}`;
    if (mine == current) show(line, answer.text, true);
    if (!is_whole) break;
  }
  leave();
  if (kernel) machine.emulator.stop();
  else if (machine.is_dead) forget_machine();
  if (machine.end()) return machine.end();
  return is_whole ? "" : why_no_end(mine, machine, seconds) || "stopped";
}

function stop() {
  current?.machine?.type(INTERRUPT);
  if (current) current.is_over = true;
}

/* ---- The form under a session ------------------------------------------- */

/* Copy an address; what to say behind its link. */
const copied = href =>
  Promise.resolve(navigator.clipboard?.writeText(href) ?? Promise.reject())
    .then(() => " (copied)")
    .catch(() => "");

/* Links to the lines, with the program that is open in the editor. */
async function links_to(form) {
  const [program] = programs_of(form);
  const more = program ? await program_to_address(program) : {};
  if (form.dataset.kernel) more.kernel = form.dataset.kernel;
  const lines = form.querySelector("textarea").value;
  const link = (page, text) => {
    const words = new URLSearchParams({ run: lines, ...more });
    const address = new URL(`${HERE}/web/${page}#${words}`, location);
    return say("a", text, { href: address.href });
  };
  const all = [link("try.html", "a page with these lines")];
  if (program)
    all.push(" ", link("schedule.html", "be the scheduler of this program"));
  all.splice(1, 0, await copied(all[0].href));
  return all;
}

const tell_state = (form, ...parts) =>
  form.querySelector(".run > .row .status").replaceChildren(...parts);

function form_of(pre) {
  const steps = JSON.parse(pre.dataset.run);
  const form = say("form", "", { className: "run" });
  form.dataset.kernel = pre.dataset.kernel ?? "";
  const input = say("textarea", "", {
    value: steps.map(step => step[0]).join("\n"),
    rows: steps.length,
    spellcheck: false,
  });
  input.setAttribute("aria-label", "Lines for Parley's shell");
  const end = say("button", "Stop", { type: "button", disabled: true });
  end.onclick = stop;
  const link = say("button", "Link", { type: "button" });
  link.onclick = () => links_to(form).then(all => tell_state(form, ...all));
  const draws = say("input", "", {
    type: "checkbox",
    checked: pre.dataset.draws == "true",
  });
  const label = say("label", " Picture");
  label.prepend(draws);
  const status = say("span", "", { className: "status" });
  status.setAttribute("role", "status");
  const names = pre.dataset.kernel
    ? [] /* its image has no compiler */
    : JSON.parse(pre.dataset.programs ?? "[]");
  const row = say("div", "", { className: "row" });
  row.append(
    say("button", "Run"),
    end,
    label,
    ...edit_buttons(form, names),
    link,
    status,
  );
  const output = say("pre", "", {
    className: "output",
    hidden: true,
    tabIndex: 0,
  });
  output.setAttribute("aria-label", "Output");
  form.append(input, row, output, say("div", "", { className: "pictures" }));
  form.onsubmit = event => {
    event.preventDefault();
    submit(form);
  };
  input.onkeydown = event => {
    if (event.key == "Enter" && (event.ctrlKey || input.rows == 1)) {
      event.preventDefault();
      form.requestSubmit();
    }
  };
  return form;
}

/* What a run prints, line by line, into `output`. */
function shower(output) {
  const begin = performance.now();
  let answer = null;
  return (line, text, is_end) => {
    if (!answer) {
      const typed = say("span", "");
      typed.append(
        say("span", "$ ", { className: "prompt" }),
        say("kbd", line),
        "\n",
      );
      answer = say("span", "", { className: "answer" });
      output.append(typed, answer);
    }
    if (text && !output.dataset.ms)
      output.dataset.ms = Math.round(performance.now() - begin);
    answer.textContent = text;
    if (is_end) answer = null;
  };
}

async function submit(form) {
  const end = form.querySelectorAll(":scope > .row button")[1];
  const output = form.querySelector(".output");
  const lines = form
    .querySelector("textarea")
    .value.split("\n")
    .filter(line => line.trim());
  output.replaceChildren();
  delete output.dataset.ms;
  output.hidden = false;
  form.dataset.state = "running";
  tell_state(form, "runs");
  end.disabled = false;
  try {
    const show = shower(output);
    await parley();
    const pictures = form.querySelector(".pictures");
    const draws = form.querySelector("input[type=checkbox]").checked;
    pictures.replaceChildren();
    const picture = draws ? new Picture(pictures) : null;
    const programs = programs_of(form);
    const { kernel } = form.dataset;
    const task = { lines, programs, kernel, show, picture };
    tell_state(form, await run(task));
  } catch (error) {
    tell_state(form, error.message);
  }
  end.disabled = true;
  form.dataset.state = "ready";
}

for (const pre of document.querySelectorAll("pre[data-run]"))
  pre.after(form_of(pre));
