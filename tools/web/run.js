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

function load(name) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = `${HERE}/web/${name}`;
    script.onload = done;
    script.onerror = () => fail(new Error(`web/${name} did not load.`));
    document.head.append(script);
  });
}

async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), one => one.charCodeAt(0));
  const stream = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
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
  await Promise.all(["v86.js", "machine.js", "data.js"].map(load));
  const [wasm, state, trace] = await Promise.all(
    [PARLEY_DATA.wasm, PARLEY_DATA.state, PARLEY_DATA.trace].map(unpacked),
  );
  const machine = await Machine.create(V86, wasm, {
    initial_state: { buffer: state },
  });
  return { machine, state, trace: new Uint8Array(trace) };
}

/* ---- A run -------------------------------------------------------------- */

/* The machine belongs to one run at a time: a new run ends the one before. */
let current = null;

async function run(lines, show, on_trace = () => {}) {
  const mine = (current = { is_over: false });
  const is_over = () => mine != current || mine.is_over;
  const { machine, state, trace } = await parley();
  if (is_over()) return false;
  machine.on_trace = () => {};
  await machine.restore(state);
  machine.on_trace = on_trace;
  for (const line of lines) {
    machine.on_text = () => !is_over() && show(line, machine.answer(line));
    const { text, is_whole } = await machine.command(line, SECONDS, is_over);
    if (mine != current) return false;
    show(line, text, true);
    if (!is_whole) return false;
  }
  return true;
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
  const form = say("form", "", { className: "run" });
  const input = say("textarea", "", {
    value: steps.map(step => step[0]).join("\n"),
    rows: steps.length,
    spellcheck: false,
  });
  input.setAttribute("aria-label", "Lines for Parley's shell");
  const button = say("button", "Run");
  const end = say("button", "Stop", { type: "button", disabled: true });
  const status = say("span", "", { className: "status" });
  status.setAttribute("role", "status");
  const output = say("pre", "", {
    className: "output",
    hidden: true,
    tabIndex: 0,
  });
  output.setAttribute("aria-label", "Output");
  const row = say("div", "", { className: "row" });
  row.append(button, end, status);
  form.append(input, row, output);
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
    const is_whole = await run(lines, show);
    status.textContent = is_whole ? "" : "stopped";
  } catch (error) {
    status.textContent = error.message;
  }
  end.disabled = true;
  form.dataset.state = "ready";
}

for (const pre of document.querySelectorAll("pre[data-run]"))
  pre.after(form_of(pre));
