/*
 * look.mjs - look at pages in light and dark, on a screen and on a phone.
 *
 * usage: node look.mjs PACKAGES BROWSER FOLDER PICTURES KINDS PAGE...
 *
 * Prints a line of JSON for each look: { page, kind, found, width, room, ms,
 * kib }: the serious findings of axe-core, the page's width and the screen's,
 * the time to load, and the memory of the page's scripts. PICTURES is a folder
 * for the screenshots; `-`: none. KINDS are names of KINDS below, with commas.
 */
import fs from "node:fs";
import path from "node:path";
import { address, browser, packages, words } from "./chrome.mjs";

const KINDS = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 1000 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 1000 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 844 } },
  night: { colorScheme: "dark", viewport: { width: 390, height: 844 } },
};
const [pictures, kinds, ...pages] = words;
const axe = fs.readFileSync(packages + "/node_modules/axe-core/axe.min.js");

async function look(name, kind) {
  const page = await browser.newPage(KINDS[kind]);
  await page.goto(address(name));
  const [ms, bytes, width] = await page.evaluate(() => [
    performance.getEntriesByType("navigation")[0].loadEventEnd,
    performance.memory.usedJSHeapSize,
    document.documentElement.scrollWidth,
  ]);
  if (pictures != "-") {
    const file = `${name.replace(/\W+/g, "-")}-${kind}.png`;
    await page.screenshot({ path: path.join(pictures, file) });
  }
  await page.evaluate(String(axe));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  await page.close();
  return {
    ...{ page: name, kind, width, room: KINDS[kind].viewport.width },
    ...{ ms: Math.round(ms), kib: Math.round(bytes / 1024) },
    found: violations
      .filter(one => /serious|critical/.test(one.impact))
      .map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
  };
}

for (const kind of kinds.split(","))
  for (const name of pages) console.log(JSON.stringify(await look(name, kind)));
await browser.close();
