/*
 * edit.mjs - change programs in the page and run them, for the tests.
 *
 * usage: node edit.mjs PACKAGES BROWSER FOLDER [all]
 *
 * Prints a line of JSON: { edited, shared, marked, words, schedule, bad }.
 * `edited` is what a changed program prints, `shared` what another page prints
 * that opens the link, `marked` the number of the line with an error, `words`
 * its text, `schedule` the end of a game with a program of the address. With
 * `all`, `bad` lists the programs that tcc does not compile.
 */
import { address, browser, words } from "./chrome.mjs";

const [all] = words;
const MILLISECONDS = 120000;
const address_of = (name, words) => `${address("web/" + name)}#${words}`;

async function settled(page, is_settled) {
  await page.waitForFunction(is_settled, null, { timeout: MILLISECONDS });
}

async function open_try(place) {
  const page = await browser.newPage();
  await page.goto(place);
  await settled(page, () => document.querySelector(".cm-content"));
  return page;
}

/* Press Run; the text of all answers. */
async function run(page) {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await settled(
    page,
    () => document.querySelector("form.run").dataset.state == "ready",
  );
  return (await page.locator(".answer").allTextContents()).join("");
}

/* A new line behind the line of the editor with these words. */
async function insert_below(page, words, text) {
  await page.locator(".cm-line", { hasText: words }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.type("\n" + text);
}

async function change() {
  const page = await open_try(
    address_of("try.html", "program=hello&run=hello"),
  );
  const draws = page.locator(".run input[type=checkbox]");
  if (await draws.isChecked()) await draws.uncheck();
  await insert_below(page, "Hello from", 'puts("changed");');
  const edited = await run(page);
  await page.getByRole("button", { name: "Link" }).click();
  const link = page.locator("form.run .status a").first();
  const second = await open_try(await link.evaluate(one => one.href));
  const shared = await run(second);
  await second.close();
  await insert_below(page, "changed", "nothing = 1;");
  const words = await run(page);
  const marked = await page
    .locator(".cm-lint-marker-error")
    .evaluateAll(marks =>
      marks.map(mark => {
        const top = one => one.getBoundingClientRect().top;
        const place = top(mark.closest(".cm-gutterElement"));
        const line = [...document.querySelectorAll(".cm-line")].find(
          one => Math.abs(top(one) - place) < 8,
        );
        return line?.textContent;
      }),
    );
  await page.close();
  return { edited, shared, marked, words };
}

async function schedule() {
  const page = await browser.newPage();
  const words = "program=philosophers&run=philosophers -n 1 --deadlock";
  await page.goto(address_of("schedule.html", words));
  const over = () => (document.body.dataset.state ?? "busy") != "busy";
  await settled(page, over);
  await page.click("#solve");
  await settled(page, over);
  const state = await page.evaluate(() => document.body.dataset.state);
  await page.close();
  return state;
}

/* The programs that the compiler refuses, each with its first words. */
async function refused() {
  const page = await open_try(address_of("try.html", "program=true"));
  const bad = await page.evaluate(async () => {
    const { machine, state } = await compiler();
    await machine.restore(state);
    const bad = [];
    for (const [name, { text }] of Object.entries(PROGRAMS)) {
      await put_source(machine, { name, text });
      const { said, is_good } = await compile(machine, name);
      if (!is_good) bad.push(`${name}: ${said}`);
    }
    return bad;
  });
  await page.close();
  return bad;
}

const result = await change();
result.schedule = await schedule();
if (all) result.bad = await refused();
console.log(JSON.stringify(result));
await browser.close();
