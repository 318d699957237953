/*
 * hands.mjs - a reader without a mouse, and machines that do not run.
 *
 * usage: node hands.mjs PACKAGES BROWSER FOLDER SCENE...	none: all
 *
 * Prints a line of JSON for each scene: { scene, said }.
 */
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, browser_path, folder, ...wanted] = process.argv.slice(2);
const { chromium } = createRequire(packages + "/")("playwright-core");
const browser = await chromium.launch({
  executablePath: browser_path,
  args: ["--no-sandbox"],
});
const MILLISECONDS = 120000;
const TABS_MOST = 60;
const STEPS_MOST = 200;
const address = name => String(pathToFileURL(path.join(folder, name)));
const TRY = "web/try.html";

/* Tab from element to element, to the first for which the test is true. */
async function tab_to(page, test, key = "Tab") {
  for (let at = 0; at < TABS_MOST; at++) {
    await page.keyboard.press(key);
    if (await page.evaluate(test)) return;
  }
  throw new Error(`no key leads to ${test}`);
}

async function until(page, test) {
  await page.waitForFunction(test, null, { timeout: MILLISECONDS });
}

const is_ready = () =>
  document.querySelector("form.run")?.dataset.state == "ready";
const at_button = text =>
  new Function(`return document.activeElement.textContent == "${text}"`);

/* Edit the line, run it, and step through the picture. */
async function keys_run(page) {
  await page.goto(address(TRY));
  await until(page, is_ready);
  await tab_to(page, () => document.activeElement.tagName == "TEXTAREA");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("echo keys | cat");
  await page.keyboard.press("Enter");
  await until(page, () => document.querySelector(".answer")?.textContent);
  await until(page, is_ready);
  await tab_to(page, at_button("Back"));
  await page.keyboard.press("Enter");
  return (
    (await page.locator(".answer").textContent()) +
    (await page.locator(".details").textContent())
  );
}

async function keys_search(page) {
  await page.goto(address("index.html"));
  await page.keyboard.press("/");
  await page.keyboard.type("pipe_read");
  await until(page, () => document.querySelector("header ol a"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/pipe/);
  return page.url();
}

async function keys_terminal(page) {
  await page.goto(address("web/terminal.html"));
  await until(page, () => document.activeElement.closest?.(".xterm"));
  await page.keyboard.type("echo 6-$((6 * 7))\n");
  await until(page, () => document.body.textContent.includes("6-42"));
  await tab_to(
    page,
    () => !document.activeElement.closest(".xterm"),
    "Shift+Tab",
  );
  return "left";
}

async function keys_schedule(page) {
  const is_still = () => (document.body.dataset.state ?? "busy") != "busy";
  await page.goto(address("web/schedule.html"));
  await until(page, is_still);
  await tab_to(page, at_button("Let it run to the end"));
  await page.keyboard.press("Enter");
  await until(page, is_still);
  return page.evaluate(() => document.body.dataset.state);
}

/* In the chapter on pipes: a line of the reader, and back through the picture,
 * from the wake of the reading program to its wait. */
async function chapter(page) {
  await page.goto(address("docs/guide/05-pipes.html"));
  const form = page.locator("form.run").first();
  await form.locator("textarea").fill("(sleep 0.1; echo late) | cat");
  await form.getByLabel("Picture").check();
  await form.getByRole("button", { name: "Run", exact: true }).click();
  await until(page, is_ready);
  const told = [await form.locator(".answer").textContent()];
  for (const words of [/ wakes cat /, /cat \d+ waits: data in pipe/]) {
    let event = "";
    for (let step = 0; step < STEPS_MOST && !words.test(event); step++) {
      await form.getByRole("button", { name: "Back", exact: true }).click();
      event = await form.locator(".details").textContent();
    }
    told.push(event);
  }
  return told.join("\n");
}

/* A file of a trace for the page: the events of a run in the page. */
async function dropped(page) {
  await page.goto(address(TRY));
  await until(page, is_ready);
  const bytes = await page.evaluate(async () => {
    const { machine, state, trace } = await parley();
    await machine.restore(state);
    machine.text = "$ ";
    await machine.command("echo hi | cat", 60);
    return [...trace, ...machine.take_trace()];
  });
  await page.goto(address("web/trace.html"));
  const drop = async (name, data) =>
    page.evaluate(
      ([name, data]) => {
        const files = new DataTransfer();
        files.items.add(new File([Uint8Array.from(data)], name));
        const dataTransfer = files;
        document.dispatchEvent(new DragEvent("drop", { dataTransfer }));
      },
      [name, data],
    );
  await drop("noise", Array(48).fill(255));
  const told = page.locator("#told");
  await until(page, () => document.getElementById("told").textContent);
  const bad = await told.textContent();
  await drop("trace", bytes);
  await until(page, () => document.querySelector(".drawing svg"));
  return `${bad} ${await told.textContent()}`;
}

/* What the page says after Run. */
async function said(page) {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await until(page, is_ready);
  return page.locator("form.run > .row .status").textContent();
}

async function said_by_run(page) {
  await page.goto(address(TRY));
  await until(page, is_ready);
  return said(page);
}

/* A new machine runs lines after the end of the one before. */
async function again(page) {
  await page.locator("form.run textarea").fill("echo again");
  await said(page);
  return page.locator("form.run .answer").textContent();
}

async function no_wasm(page) {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  return said_by_run(page);
}

async function no_state(page) {
  await page.route("**/web/data.js", route => route.abort());
  return said_by_run(page);
}

/* A return to ring 0 from a program stops the emulator. */
async function no_machine(page) {
  await page.goto(address(TRY) + "#program=true&run=/bin/true");
  await until(page, () => document.querySelector(".cm-content"));
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(
    'int main(void) { __asm__("pushfl; pushl $8; pushl $0; iret"); }',
  );
  const told = await said(page);
  await page.goto(address(TRY));
  await page.reload();
  await until(page, is_ready);
  return `${told}; ${await again(page)}`;
}

/* The kernel has no stack at the next interrupt: the page fault of the
 * processor, as it delivers the interrupt, is a double fault. */
async function double_fault(page) {
  await page.goto(address(TRY) + "#run=sleep+60");
  await until(page, is_ready);
  const told = said(page);
  await page.waitForFunction(() => current?.machine?.text.includes("sleep"));
  await page.evaluate(() => {
    const { cpu } = current.machine.emulator.v86;
    const timer = setInterval(() => {
      if (cpu.cpl[0] != 0) return;
      clearInterval(timer);
      cpu.reg32[4] = 0x2000;
      current.machine.type("x");
    });
  });
  return `${await told}; ${await again(page)}`;
}

async function power_off(page) {
  await page.goto(address(TRY) + "#run=poweroff");
  await until(page, is_ready);
  return `${await said(page)}; ${await again(page)}`;
}

const SCENES = [
  chapter,
  keys_run,
  keys_search,
  keys_terminal,
  keys_schedule,
  dropped,
];
const FAILURES = [no_wasm, no_state, no_machine, double_fault, power_off];
for (const scene of [...SCENES, ...FAILURES]) {
  if (wanted.length && !wanted.includes(scene.name)) continue;
  const page = await browser.newPage();
  const said = await scene(page).catch(error => `failed: ${error.message}`);
  console.log(JSON.stringify({ scene: scene.name, said }));
  await page.close();
}
await browser.close();
