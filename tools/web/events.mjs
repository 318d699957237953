/*
 * events.mjs - the columns of a recorded trace, as the pages see them.
 *
 * usage: node events.mjs TABLES FILE	TABLES is tables.js of the site
 */
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

const [tables, file] = process.argv.slice(2);
const here = path.dirname(process.argv[1]);
const { Trace, Chooser } = vm.runInThisContext(
  [tables, path.join(here, "trace.js"), path.join(here, "columns.js")]
    .map(file => fs.readFileSync(file, "utf8"))
    .join("") + "\n({ Trace, Chooser })",
);
const trace = new Trace();
trace.add(fs.readFileSync(file));
const root = trace.events[0].task;
for (const { event, words } of new Chooser(task =>
  task.descends_from(root),
).columns(trace.events))
  console.log(event.place, words);
