/*
 * suite.mjs - run a program of /tests in v86.
 *
 * usage: node suite.mjs PACKAGES KERNEL INITRD SECONDS NAME
 *
 * Prints a line of JSON: { status, said }. The status is null when the machine
 * said nothing for SECONDS, or when v86 broke; `said` has the output and the
 * log.
 */
import { SETTINGS, bytes_of, emulator_of } from "./emulator.mjs";

const [packages, kernel, initrd, seconds, name] = process.argv.slice(2);
const { V86, wasm } = await emulator_of(packages);

/* v86 throws HALT when the guest ends the machine by the debug exit, and other
 * errors when it cannot go on. */
let broken = "";
process.on("uncaughtException", error => {
  if (error != "HALT") broken ||= `v86: ${error.message ?? error}\n`;
});
const END = /^parley: power off, status (-?\d+)$|^PANIC: /m;

async function run() {
  const emulator = new V86({
    ...SETTINGS,
    cmdline: `log=com2 stdin=none hang=end run=/tests/${name}`,
    multiboot: { buffer: bytes_of(kernel) },
    initrd: { buffer: bytes_of(initrd) },
    hda: { buffer: new ArrayBuffer(65536) },
    wasm_fn: async imports =>
      (await WebAssembly.instantiate(wasm, imports)).instance.exports,
  });
  const said = ["", "", ""];
  let last_output = Date.now();
  for (const port of [1, 2])
    emulator.add_listener(`serial${port}-output-byte`, byte => {
      said[port] += String.fromCharCode(byte);
      last_output = Date.now();
    });
  await new Promise(done => emulator.add_listener("emulator-ready", done));
  emulator.run();
  const is_silent = () => Date.now() > last_output + Number(seconds) * 1000;
  while (!END.test(said[1]) && !broken && !is_silent())
    await new Promise(done => setTimeout(done, 20));
  const status = END.exec(said[1])?.[1];
  return {
    status: status === undefined ? null : Number(status),
    said: said[2] + said[1] + broken,
  };
}

const result = JSON.stringify(await run());
process.stdout.write(result + "\n", () => process.exit(0));
