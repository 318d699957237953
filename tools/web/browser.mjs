/*
 * browser.mjs - press every Run button of some pages in a browser.
 *
 * usage: node browser.mjs PACKAGES BROWSER FOLDER PAGE...
 *
 * Prints a line of JSON for each button: { page, steps, answers, kernel, ms,
 * status }. The pages are opened from the folder, without a server.
 */
import { address, browser, words } from "./chrome.mjs";

async function press(page, form) {
  const steps = await form.evaluate(one =>
    JSON.parse(one.previousElementSibling.dataset.run),
  );
  await form.locator("button").first().click();
  await page.waitForFunction(
    one => one.dataset.state == "ready",
    await form.elementHandle(),
    { timeout: 150000 },
  );
  const answers = await form.locator(".answer").allTextContents();
  const output = form.locator(".output");
  return {
    steps,
    answers,
    kernel: await form.getAttribute("data-kernel"),
    ms: Number(await output.getAttribute("data-ms")),
    status: await form.locator(".status").first().textContent(),
  };
}

async function press_all(name) {
  const page = await browser.newPage();
  page.on("pageerror", error =>
    console.log(JSON.stringify({ page: name, error: error.message })),
  );
  await page.goto(address(name));
  for (const form of await page.locator("form.run").all())
    console.log(JSON.stringify({ page: name, ...(await press(page, form)) }));
  await page.close();
}

/* Two pages at a time: a session often waits, and does not need a processor. */
async function work() {
  while (words.length) await press_all(words.shift());
}
await Promise.all([work(), work()]);
await browser.close();
