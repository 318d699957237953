/*
 * play.mjs - play levels of the page `You are the scheduler` in a browser.
 *
 * usage: node play.mjs PACKAGES BROWSER FOLDER LEVEL...	none: all levels
 *
 * A line of JSON for each level: { level, idle, bug, lost, again, cure, said }.
 * `idle` is the end when the reader lets the program run, `bug` the end of the
 * schedule that explore finds, `lost` the decisions of this schedule without a
 * line of the program, `again` the end when another page opens
 * the link, `cure` and `said` the answer of the search in the cured program.
 */
import { address, browser, words as wanted } from "./chrome.mjs";

const MILLISECONDS = 700000;

/* Wait until the page has done what was asked; the state of the game. */
async function settled(page) {
  await page.waitForFunction(
    () => (document.body.dataset.state ?? "busy") != "busy",
    null,
    { timeout: MILLISECONDS },
  );
  return page.evaluate(() => document.body.dataset.state);
}

async function act(page, what) {
  await what();
  return settled(page);
}

async function open(address) {
  const page = await browser.newPage();
  await page.goto(address);
  await settled(page);
  return page;
}

const page = await open(address("web/schedule.html"));
const levels = await page
  .locator("#level option")
  .evaluateAll(all => all.map(one => one.value));
for (const level of wanted.length ? wanted : levels) {
  await act(page, () => page.selectOption("#level", level));
  const idle = await act(page, () =>
    page.getByRole("button", { name: "Let it run to the end" }).click(),
  );
  const bug = await act(page, () => page.click("#solve"));
  const lost = await page.evaluate(() => {
    const lost = game.steps.filter(step => !step.line);
    return lost.map(({ task, when, call }) => `${task} ${when} ${call}`);
  });
  await page.getByRole("button", { name: "Link" }).click();
  const link = page.locator("#address a");
  const second = await open(await link.evaluate(one => one.href));
  const again = await settled(second);
  await second.close();
  await act(page, () => page.check("#cured"));
  const cure = await act(page, () => page.click("#solve"));
  const said = await page.locator("#verdict").textContent();
  console.log(JSON.stringify({ level, idle, bug, lost, again, cure, said }));
}
await browser.close();
