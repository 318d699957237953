/*
 * emulator.mjs - v86 and machine.js, for tools that run in Node.
 */
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { pathToFileURL } from "node:url";

const here = path.dirname(process.argv[1]);

/* machine.js comes before v86. */
export const { Machine, SETTINGS } = vm.runInThisContext(
  fs.readFileSync(path.join(here, "machine.js"), "utf8") +
    "\n({ Machine, SETTINGS })",
);

export function bytes_of(file) {
  const data = fs.readFileSync(file);
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
}

/* { V86, wasm } from the folder with the packages of npm. */
export async function emulator_of(packages) {
  const build = path.join(packages, "node_modules/v86/build");
  const { V86 } = await import(pathToFileURL(path.join(build, "libv86.mjs")));
  return { V86, wasm: bytes_of(path.join(build, "v86.wasm")) };
}
