/*
 * chrome.mjs - the browser of the tests, by the command line:
 * PACKAGES BROWSER SITE WORD...
 *
 * SITE is the folder of the site or, from a server, its address.
 */
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

export const [packages, browser_path, site, ...words] = process.argv.slice(2);

const { chromium } = createRequire(packages + "/")("playwright-core");

export const browser = await chromium.launch({
  executablePath: browser_path,
  args: ["--no-sandbox", "--enable-precise-memory-info"],
});

export const address = name =>
  site.startsWith("http:")
    ? `${site}/${name}`
    : String(pathToFileURL(path.join(site, name)));
