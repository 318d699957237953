/*
 * state.mjs - boot Parley in v86 and save its state at the shell's prompt.
 *
 * usage: node state.mjs < { packages, kernel, folder, image, with_tcc, museum }
 *
 * data.js in the folder becomes a script that a page can load also from a
 * folder: the code of the emulator, the state, and the bytes of the trace up to
 * the state, each packed by pack.mjs. What follows is packed for a page that
 * has this state. compiler.js has the state with tcc (null: there is no tcc),
 * image.js the image with the programs, and kernel-NAME.js the kernel of an
 * exhibit.
 */
import fs from "node:fs";
import path from "node:path";
import { Machine, bytes_of, emulator_of } from "./emulator.mjs";
import { literal, packed } from "./pack.mjs";

const { packages, kernel, folder, image, with_tcc, museum } = JSON.parse(
  fs.readFileSync(0, "utf8"),
);
const { V86, wasm } = await emulator_of(packages);

/* { state, trace } of a machine with this image. */
async function booted(image) {
  const machine = await Machine.create(V86, wasm, {
    multiboot: { buffer: bytes_of(kernel) },
    initrd: { buffer: bytes_of(image) },
  });
  machine.run();
  if (!(await machine.prompt(60))) {
    console.error("web: Parley gives no prompt in v86:\n" + machine.text);
    process.exit(1);
  }
  await machine.open_museum();
  /* One more line: programs that the shell needs are in memory. */
  await machine.command("true", 10);
  await machine.emulator.stop();
  const state = await machine.emulator.save_state();
  return { state, trace: Uint8Array.from(machine.take_trace()) };
}

const write = (name, constant, data) =>
  fs.writeFileSync(
    path.join(folder, name),
    `const ${constant} = ${literal(data)};\n`,
  );

const { state, trace } = await booted(image);
const script = path.join(packages, "node_modules/v86/build/libv86.js");
const data = {
  v86: packed(bytes_of(script)),
  wasm: packed(wasm),
  state: packed(state),
  trace: packed(trace),
};
write("data.js", "PARLEY_DATA", data);
let compiler = null;
if (with_tcc) {
  const more = await booted(with_tcc);
  compiler = { state: packed(more.state, state), trace: packed(more.trace) };
}
write("compiler.js", "PARLEY_COMPILER", compiler);
write("image.js", "PARLEY_IMAGE", packed(bytes_of(image), state));
for (const [name, file] of Object.entries(museum).filter(([, file]) => file))
  write(`kernel-${name}.js`, "PARLEY_KERNEL", packed(bytes_of(file), state));
process.exit(0);
