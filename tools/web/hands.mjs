/*
 * hands.mjs - what readers do: with the mouse, without, with a screen reader,
 * on paper; and machines that do not run.
 *
 * usage: node hands.mjs PACKAGES BROWSER SITE SCENE...	none: all
 * Prints a line of JSON for each scene: { scene, said }.
 */
import { address, browser, words as wanted } from "./chrome.mjs";

const MILLISECONDS = 120000;
const TABS_MOST = 60;
const STEPS_MOST = 200;
const PAPER_WIDTH = 718; /* of A4 without its margins */
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

/* The first run of a page: what the page's thread worked, and how long the
 * first output took. The run again: the instructions of the machine. */
async function first_output(page) {
  const tools = await page.context().newCDPSession(page);
  await tools.send("Performance.enable", { timeDomain: "threadTicks" });
  const worked = async () => {
    const { metrics } = await tools.send("Performance.getMetrics");
    return metrics.find(one => one.name == "TaskDuration").value * 1000;
  };
  await page.goto(address(TRY));
  await until(page, is_ready);
  const before = await worked();
  await said(page);
  const ms = Math.round((await worked()) - before);
  const output = page.locator("form.run .output");
  const instructions = await page.evaluate(async () => {
    const { machine, state } = await parley();
    await machine.restore(state);
    const counter = () => machine.emulator.get_instruction_counter();
    const begin = counter();
    await machine.command("echo hello | cat", 60);
    return counter() - begin;
  });
  return (
    `${instructions} instructions; the thread of the page worked ${ms} ms, ` +
    `and the first output came after ${await output.getAttribute("data-ms")} ms`
  );
}

/* Open the editor, change the program, leave the editor, and run. */
async function keys_edit(page) {
  await page.goto(address(TRY) + "#run=hello");
  await until(page, is_ready);
  await tab_to(page, () => document.activeElement.id == "programs");
  await page.keyboard.type("hello");
  await tab_to(page, at_button("Edit"));
  await page.keyboard.press("Enter");
  await until(page, () => document.querySelector(".cm-content"));
  await tab_to(page, () => document.activeElement.closest(".cm-content"));
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText('int puts(); int main() { puts("typed"); }');
  await tab_to(page, at_button("Run"));
  await page.keyboard.press("Enter");
  await until(page, () => document.querySelector(".answer")?.textContent);
  await until(page, is_ready);
  return (await page.locator(".answer").allTextContents()).join("");
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
  await page.keyboard.type("echo drawn | cat\n");
  await page.locator("#picture text", { hasText: /^cat \d+$/ }).waitFor();
  await tab_to(
    page,
    () => !document.activeElement.closest(".xterm"),
    "Shift+Tab",
  );
  return "left";
}

/* A new size of the window reaches the programs in the terminal. */
async function resized(page) {
  await page.goto(address("web/terminal.html"));
  await until(page, () => document.activeElement.closest?.(".xterm"));
  const lines = page.locator(".xterm").getByRole("listitem");
  await page.waitForSelector("#terminal[data-columns]");
  const size = async width => {
    const columns = () => document.getElementById("terminal").dataset.columns;
    const before = await page.evaluate(columns);
    await page.setViewportSize({ width, height: 900 });
    while ((await page.evaluate(columns)) == before)
      await page.waitForTimeout(50);
    await page.keyboard.type("clear; stty\n");
    const told = RegExp(`^rows \\d+; columns ${await page.evaluate(columns)};`);
    const line = lines.filter({ hasText: told });
    await line.last().waitFor();
    return (await line.last().textContent()).trim();
  };
  return `${await size(800)} then ${await size(500)}`;
}

/* The forms of a chapter: programs that explore runs can be edited, and the
 * picture is on where the programs themselves run. */
async function explored(page) {
  await page.goto(address("docs/guide/05-pipes.html"));
  const edit = page.locator("form.run").first().getByText(/^Edit/);
  const draws = page.locator("form.run").getByLabel("Picture");
  const drawn = await draws.evaluateAll(all => all.map(one => one.checked));
  return `${await edit.textContent()}; drawn: ${drawn.join("; ")}`;
}

/* The terminal's text is there for a screen reader, line by line. */
async function screen_reader(page) {
  await page.goto(address("web/terminal.html"));
  await until(page, () => document.activeElement.closest?.(".xterm"));
  await page.keyboard.type("echo 6-$((6 * 7))\n");
  const lines = page.locator(".xterm").getByRole("listitem");
  await lines.filter({ hasText: /^6-42\s*$/ }).waitFor();
  const input = page.locator(".xterm textarea");
  return `${await input.getAttribute("aria-label")}: read`;
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

/* Run the line with its picture, on the page for lines of the reader. */
async function run_drawn(page, line) {
  await page.goto("about:blank");
  await page.goto(address(TRY) + "#" + new URLSearchParams({ run: line }));
  await until(page, is_ready);
  await said(page);
  return page.locator("form.run");
}

/* Through the events by buttons and slider; then a click on an event, and the
 * line of the kernel that its link leads to. */
async function steps(page) {
  const form = await run_drawn(page, "echo hi | cat");
  const where = form.locator(".live .status");
  const press = name => form.getByRole("button", { name, exact: true }).click();
  const seen = [await where.textContent()];
  const acts = [
    () => press("Back"),
    () => press("Back"),
    () => press("Step"),
    () => form.getByLabel("Event", { exact: true }).fill("0"),
    () => press("Back"),
    () => press("Follow"),
  ];
  for (const act of acts) {
    await act();
    seen.push(await where.textContent());
  }
  const [all] = seen[0].split(" ");
  const told = seen.map(one => {
    const at = parseInt(one);
    return at == 1 ? "first" : at - all;
  });
  /* On a bar of a lane, which lies over the columns. */
  await form.locator(".drawing svg > g > rect").last().click();
  const text = await form.locator(".details code").textContent();
  await form.locator(".details a").click();
  await page.waitForURL(/#L\d+$/);
  const is_line = await page.evaluate(text => {
    const number = Number(location.hash.slice(2));
    const lines = document.querySelector(".source code").textContent;
    return lines.split("\n")[number - 1].trim() == text;
  }, text);
  return `${told.join(", ")}; ${is_line ? "its line" : text}`;
}

/* Tasks that wait for each other, for locks and for replies: the circle in the
 * picture, and the words below. `other` are words that the kernel, whose report
 * the page shows, does not say. */
async function deadlock(page) {
  const told = [];
  const name = text =>
    text
      .replace(/ since [^;]*ago\)/g, "")
      .replace(/\(.*?\)/g, "()")
      .trim();
  for (const line of ["philosophers --deadlock", "embrace --deadlock"]) {
    const form = await run_drawn(page, line);
    const end = await form.locator("> .row .status").textContent();
    const arrows = await form.locator("path.deadlock").count();
    const words = (await form.locator(".why").textContent()).split("\n");
    const report = (await form.locator(".answer").textContent()).split("\n");
    const known = new Set(report.map(name));
    const other = words.filter(line => !known.has(name(line)));
    told.push(`${end}; ${arrows} arrows; other: ${other.join("\n")}`);
  }
  return told.join("\n");
}

/* The link below a plate runs the exhibit's kernel, in a fresh profile. */
async function kernel_link(page) {
  await page.goto(address("docs/museum/no-sigpipe/plate.html"));
  await page.getByRole("button", { name: "Link" }).first().click();
  const link = page.locator("form.run .status a").first();
  const href = await link.evaluate(one => one.href);
  const fresh = await browser.newPage(); /* with a profile of its own */
  await fresh.goto(href);
  await until(fresh, is_ready);
  await said(fresh);
  const answers = await fresh.locator("form.run .answer").allTextContents();
  await fresh.close();
  return answers.join("");
}

/* A chapter on paper: what should not be there, and texts that are cut off. */
async function on_paper(page) {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.setViewportSize({ width: PAPER_WIDTH, height: 1000 });
  await page.goto(address("docs/guide/05-pipes.html"));
  const found = await page.evaluate(() => {
    const of = selector => [...document.querySelectorAll(selector)];
    const is_shown = one => one.getClientRects().length > 0;
    const is_cut = one => one.scrollWidth > one.clientWidth + 1;
    return [
      ...of("header, .run, .steps, button").filter(is_shown),
      ...of("html, pre, .wide, .picture").filter(is_cut),
    ].map(one => one.outerHTML.slice(0, 60));
  });
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  const colour = await page.evaluate(
    () => getComputedStyle(document.body).backgroundColor,
  );
  const is_pdf = String(pdf.subarray(0, 4)) == "%PDF";
  return `${found.join("; ")} on ${colour}, ${is_pdf ? "written" : "no PDF"}`;
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

/* The machine takes a text with head(1), which the reader has broken. */
async function edit_head(page) {
  await page.goto(address(TRY) + "#program=head");
  const editor = page.locator(".cm-content");
  await editor.click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText("int main() { return 1; }");
  await page.locator("#programs").selectOption("hello");
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await editor.nth(1).waitFor();
  await said(page);
  return (await page.locator(".answer").allTextContents()).join("");
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
  first_output,
  chapter,
  steps,
  deadlock,
  kernel_link,
  keys_run,
  keys_edit,
  edit_head,
  keys_search,
  keys_terminal,
  keys_schedule,
  resized,
  explored,
  screen_reader,
  on_paper,
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
