/*
 * axe.mjs - what axe-core finds wrong for readers with a handicap.
 *
 * usage: node axe.mjs PACKAGES BROWSER FOLDER PAGE...
 *
 * Opens each page in light and dark at the width of a phone, and prints a line
 * for each serious finding, and for each page that is wider than the phone.
 */
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const WIDTH = 390;
const [packages, browser_path, folder, ...pages] = process.argv.slice(2);
const { chromium } = createRequire(packages + "/")("playwright-core");
const axe = fs.readFileSync(packages + "/node_modules/axe-core/axe.min.js");
const browser = await chromium.launch({
  executablePath: browser_path,
  args: ["--no-sandbox"],
});
for (const colorScheme of ["light", "dark"])
  for (const name of pages) {
    const page = await browser.newPage({
      colorScheme,
      viewport: { width: WIDTH, height: 800 },
    });
    await page.goto(String(pathToFileURL(path.join(folder, name))));
    await page.evaluate(String(axe));
    const [found, width] = await page.evaluate(async () => [
      (await globalThis.axe.run()).violations,
      document.documentElement.scrollWidth,
    ]);
    for (const { id, impact, nodes } of found)
      if (impact == "serious" || impact == "critical")
        console.log(`${name}, ${colorScheme}: ${id}: ${nodes[0].html}`);
    if (width > WIDTH) console.log(`${name} is ${width} wide`);
    await page.close();
  }
await browser.close();
