/*
 * try.js - the page for lines and a program of the reader, from the address.
 */
const try_form = document.querySelector("form.run");
const choice = document.getElementById("programs");

const open_program = ({ name, text }) =>
  toggle_editor(try_form, name, text).catch(error =>
    tell_state(try_form, error.message),
  );

async function fill_form() {
  const given = new URLSearchParams(location.hash.slice(1));
  const lines = given.get("run");
  if (lines) try_form.querySelector("textarea").value = lines;
  const kernel = /^[\w-]+$/.exec(given.get("kernel") ?? "")?.[0];
  if (kernel) {
    try_form.dataset.kernel = kernel;
    tell_state(try_form, `Run boots the kernel of the exhibit ${kernel}.`);
  }
  try {
    const program = await program_of_address(given);
    if (program) await open_program(program);
  } catch (error) {
    tell_state(try_form, error.message);
  }
  try_form.dataset.state = "ready";
}

async function list_programs() {
  await load_script("programs.js");
  choice.append(...Object.keys(PROGRAMS).map(name => say("option", name)));
}
/* Not at a change of the choice: the keys that look for a name change it. */
document.getElementById("edit").onclick = () => {
  const name = choice.value;
  if (!name || try_form.editors?.has(name)) return;
  try_form.querySelector("textarea").value = PROGRAMS[name].place;
  open_program({ name });
};
window.addEventListener("hashchange", () => location.reload());
list_programs().then(fill_form);
