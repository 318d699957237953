/*
 * edit.js - programs that the reader changes: an editor below a session, and
 * the compiler tcc in the page's machine.
 *
 * The changed program takes the place of the old one, as /bin/NAME, so the
 * lines of a session run the program of the reader. compiler.js holds what the
 * state of a machine with tcc has more than the state in data.js.
 */
const COMPILE_SECONDS = 60;
const PROBLEM = /^[^\s:]+\.c:(\d+): (error|warning): (.*)$/gm;

/* ---- The compiler ------------------------------------------------------- */

let compiling = null;

/* As parley(), with the state of the machine that has tcc. */
function compiler() {
  compiling ??= load_compiler().catch(error => {
    compiling = null;
    throw error;
  });
  return compiling;
}

async function load_compiler() {
  const { machine, state } = await parley();
  await load_script("compiler.js");
  if (!PARLEY_COMPILER)
    throw new Error("This site was made without the compiler.");
  return {
    machine,
    state: await unpacked(PARLEY_COMPILER.state, state),
    trace: new Uint8Array(await unpacked(PARLEY_COMPILER.trace)),
  };
}

const source_file = name => `/tmp/${name}.c`;

/* Bring the text of a program into the machine. */
const put_source = (machine, { name, text }) =>
  machine.put(source_file(name), new TextEncoder().encode(text));

/* Compile the text of put_source() to the place of the program. Resolves to
 * { line, said, problems, is_good }: the line that was typed, what tcc said,
 * and these words at the lines of the text. */
async function compile(machine, name) {
  const line = `tcc -Wall -o ${PROGRAMS[name].place} ${source_file(name)}`;
  const { text: said, is_whole } = await machine.command(line, COMPILE_SECONDS);
  if (!is_whole) throw new Error("The compiler did not end.");
  const problems = [...said.matchAll(PROBLEM)].map(
    ([, number, severity, message]) => ({
      line: Number(number),
      severity,
      message,
    }),
  );
  return { line, said, problems, is_good: !/error:/.test(said) };
}

/* ---- A source in an address --------------------------------------------- */

async function through(stream, bytes) {
  const end = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(end).arrayBuffer());
}

async function text_to_address(text) {
  const bytes = await through(new CompressionStream("deflate-raw"), text);
  const letters = btoa(String.fromCharCode(...bytes));
  return letters.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

async function text_of_address(given) {
  const letters = atob(given.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(letters, one => one.charCodeAt(0));
  return new TextDecoder().decode(
    await through(new DecompressionStream("deflate-raw"), bytes),
  );
}

/* { program, source } of an address: the program's name, and the source if it
 * is not that of the tree. */
async function program_to_address({ name, text }) {
  const is_changed = text != PROGRAMS[name].text;
  return {
    program: name,
    ...(is_changed ? { source: await text_to_address(text) } : {}),
  };
}

async function program_of_address(given) {
  const name = given.get("program");
  if (!name) return null;
  await load_script("programs.js");
  if (!Object.hasOwn(PROGRAMS, name))
    throw new Error(`There is no program ${name} to edit.`);
  const source = given.get("source");
  return {
    name,
    text: source ? await text_of_address(source) : PROGRAMS[name].text,
  };
}

/* ---- The editors of a form ---------------------------------------------- */

/* The open editors of a form: form.editors is a Map from name to editor. */
const programs_of = form =>
  [...(form.editors ?? [])].map(([name, editor]) => ({
    name,
    text: editor.text(),
    mark: problems => editor.mark(problems),
  }));

/* Open the editor of a program, or close it. */
async function toggle_editor(form, name, text) {
  form.editors ??= new Map();
  const old = form.querySelector(`.editor[data-program="${name}"]`);
  if (old) {
    form.editors.delete(name);
    old.remove();
    return;
  }
  await Promise.all(["code_editor.js", "programs.js"].map(load_script));
  const box = say("div", "", { className: "editor" });
  box.dataset.program = name;
  form.querySelector("textarea").before(box);
  const { path, text: original } = PROGRAMS[name];
  const editor = CodeEditor.create(box, text ?? original, `${name}.c`);
  form.editors.set(name, editor);
  const row = say("div", "", { className: "row" });
  row.append(
    say("span", path, { className: "status" }),
    say("button", "The text of the tree", {
      type: "button",
      onclick: () => editor.replace(original),
    }),
  );
  box.prepend(row);
}

/* A button for each program of the session that can be changed. */
function edit_buttons(form, names) {
  return names.map(name =>
    say("button", `Edit ${name}.c`, {
      type: "button",
      onclick: event => {
        const button = event.currentTarget;
        toggle_editor(form, name)
          .then(() => {
            const is_open = form.editors.has(name);
            button.textContent = is_open ? `Close ${name}.c` : `Edit ${name}.c`;
          })
          .catch(error => tell_state(form, error.message));
      },
    }),
  );
}
