/*
 * terminal.js - the page with a whole terminal, and the picture below.
 *
 * Shift+Tab leaves the terminal. A new size of the window reaches the shell as
 * a line of stty, typed at the next prompt. build.mjs bundles this file with
 * xterm.js.
 */
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";

const SCROLLBACK = 5000;
const place = document.getElementById("terminal");
const message = document.getElementById("told");

async function open_terminal() {
  message.textContent = "The machine starts.";
  const { machine, state, trace: before } = await parley();
  const terminal = new Terminal({
    screenReaderMode: true,
    scrollback: SCROLLBACK,
    fontSize: 14,
    cols: 80,
    rows: 24,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.attachCustomKeyEventHandler(
    event => !(event.key == "Tab" && event.shiftKey),
  );
  place.replaceChildren();
  terminal.open(place);
  machine.on_text = text => terminal.write(text);
  machine.on_end = () => {
    message.textContent = machine
      .end()
      .replace(/Run.*/, "Load the page again.");
  };
  terminal.onData(data => machine.type(data));
  await machine.restore(state);
  const resize = async () => {
    fit.fit();
    machine.text ||= "$ ";
    if (!(await machine.prompt(60))) return;
    const { rows, cols } = terminal;
    machine.text = "";
    machine.type(`stty rows ${rows} columns ${cols}\n`);
    await machine.prompt(60);
    terminal.write("", () => {
      terminal.clear();
      place.dataset.columns = cols; /* the machine knows the size */
    });
  };
  await resize();
  let timer = null;
  window.addEventListener("resize", () => {
    clearTimeout(timer);
    timer = setTimeout(resize, 300);
  });
  message.textContent = "Shift+Tab leaves the terminal.";
  terminal.focus();
  watch(machine, [before, machine.take_trace()]);
}

/* The live picture of all that the shell starts. */
function watch(machine, before) {
  const picture = new Picture(document.getElementById("picture"));
  const trace = new Trace();
  for (const bytes of before) trace.add(bytes);
  const { first, is_ours } = ours_of(trace);
  picture.show(trace, is_ours, first);
  setInterval(() => {
    const bytes = machine.take_trace();
    if (!bytes.length) return;
    trace.add(bytes);
    picture.refresh();
  }, 250);
}

open_terminal().catch(error => (message.textContent = error.message));
