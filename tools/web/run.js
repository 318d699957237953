/*
 * run.js - the Run buttons: the lines of a session run in the page's machine.
 *
 * A page has one machine. It starts at the first use; each run then begins
 * from the saved state, as each session of the book begins on a fresh machine.
 */
const SECONDS = 120; /* of one line; Stop is there before */
const HERE = document.documentElement.dataset.root;

const say = (name, text, more = {}) =>
  Object.assign(document.createElement(name), { textContent: text }, more);

/* ---- The machine -------------------------------------------------------- */

function load_script(name) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = `${HERE}/web/${name}`;
    script.onload = done;
    script.onerror = () => fail(new Error(`web/${name} did not load.`));
    document.head.append(script);
  });
}

/* { machine, state, trace }: made once. */
let started = null;
function parley() {
  started ??= start().catch(error => {
    started = null; /* a second click tries again */
    throw error;
  });
  return started;
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
  await Promise.all(["v86.js", "machine.js", "data.js"].map(load_script));
  const [wasm, state, trace] = await Promise.all(
    [PARLEY_DATA.wasm, PARLEY_DATA.state, PARLEY_DATA.trace].map(base64 =>
      unpacked(base64),
    ),
  );
  const machine = await Machine.create(V86, wasm, {
    initial_state: { buffer: state },
  });
  return { machine, state, trace: new Uint8Array(trace) };
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
  trace.add(before);
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
      mine.deadlock = trace.why(hanging);
      mine.is_over = true;
    }
  };
  const timer = setInterval(look, DRAW_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}

/* Run the lines. Resolves to "" when all lines ended, or to the reason. */
async function run(lines, show, picture) {
  const mine = (current = { is_over: false, deadlock: "" });
  const is_over = () => mine != current || mine.is_over;
  const { machine, state, trace } = await parley();
  if (is_over()) return "stopped";
  machine.on_text = () => {};
  await machine.restore(state);
  const leave = follow(mine, machine, trace, picture);
  let is_whole = true;
  for (const line of lines) {
    machine.on_text = () => !is_over() && show(line, machine.answer(line));
    const answer = await machine.command(line, SECONDS, is_over);
    is_whole = answer.is_whole;
    if (mine == current) show(line, answer.text + mine.deadlock, true);
    if (!is_whole) break;
  }
  leave();
  if (machine.is_off) return "The machine is off. Run starts it again.";
  if (mine.deadlock) return "no program can go on";
  return is_whole ? "" : is_over() ? "stopped" : "no end in time";
}

async function stop() {
  if (!current) return;
  const { machine } = await parley();
  machine.type(INTERRUPT);
  current.is_over = true;
}

/* ---- The form under a session ------------------------------------------- */

function form_of(pre) {
  const steps = JSON.parse(pre.dataset.run);
  const is_traced = steps.some(step => step[2]);
  const form = say("form", "", { className: "run" });
  const input = say("textarea", "", {
    value: steps.map(step => step[0]).join("\n"),
    rows: steps.length,
    spellcheck: false,
  });
  input.setAttribute("aria-label", "Lines for Parley's shell");
  const button = say("button", "Run");
  const end = say("button", "Stop", { type: "button", disabled: true });
  const link = say("button", "Link", { type: "button" });
  const status = say("span", "", { className: "status" });
  status.setAttribute("role", "status");
  const output = say("pre", "", {
    className: "output",
    hidden: true,
    tabIndex: 0,
  });
  output.setAttribute("aria-label", "Output");
  const row = say("div", "", { className: "row" });
  const draws = say("input", "", { type: "checkbox", checked: is_traced });
  const label = say("label", " Picture");
  label.prepend(draws);
  const picture = say("div", "", { className: "pictures" });
  row.append(button, end, label, link, status);
  link.onclick = () => {
    const lines = new URLSearchParams({ run: input.value });
    const address = new URL(`${HERE}/web/try.html#${lines}`, location);
    status.replaceChildren(
      say("a", "a page with these lines", { href: address.href }),
    );
    navigator.clipboard?.writeText(address.href).catch(() => {});
  };
  form.append(input, row, output, picture);
  end.onclick = stop;
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

async function submit(form) {
  const [button, end] = form.querySelectorAll("button");
  const status = form.querySelector(".status");
  const output = form.querySelector(".output");
  const lines = form
    .querySelector("textarea")
    .value.split("\n")
    .filter(line => line.trim());
  const begin = performance.now();
  let answer = null;
  const show = (line, text, is_end) => {
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
  output.replaceChildren();
  delete output.dataset.ms;
  output.hidden = false;
  form.dataset.state = "running";
  status.textContent = "runs";
  end.disabled = false;
  try {
    await parley();
    const pictures = form.querySelector(".pictures");
    const draws = form.querySelector("input[type=checkbox]").checked;
    pictures.replaceChildren();
    const picture = draws ? new Picture(pictures) : null;
    status.textContent = await run(lines, show, picture);
  } catch (error) {
    status.textContent = error.message;
  }
  end.disabled = true;
  form.dataset.state = "ready";
}

for (const pre of document.querySelectorAll("pre[data-run]"))
  pre.after(form_of(pre));

/* The lines of the address, on the page for this. */
const given = new URLSearchParams(location.hash.slice(1)).get("run");
if (given) document.querySelector("form.run textarea").value = given;
