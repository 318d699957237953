/*
 * schedule.js - the page on which the reader decides who runs.
 *
 * The machine runs `explore -s CHOICES PROGRAM`: the whole run by the choices
 * so far, and each decision behind them. The page shows the first decision that
 * the reader has not made. A schedule is a list of decisions, never of times,
 * so the same list gives the same run.
 */
const PROGRAM_SECONDS = 90;
const SEARCH_SECONDS = 600; /* the bound, or Stop, is there before */
const BOUND = 2; /* preemptions in the schedules of the search */
const STEP = new RegExp(
  "^step \\d+: task (\\d+), position (\\d+), choice (\\d+) of (\\d+), " +
    "(after|before) (\\S+), at (0x.*)$",
);
const POINT_CALL = "getpgid"; /* of points.c: an access to memory */
const VERDICT = /^the program (passes|fails|is stuck|makes no progress|prints)/;

const part = name => document.getElementById(name);
const game = { level: LEVELS[0], is_cured: false, choices: [], steps: [] };

/* ---- The machine -------------------------------------------------------- */

let shell = null; /* the machine with a prompt */
let queue = Promise.resolve(); /* one run after the other */

async function ready_machine() {
  if (shell) return shell;
  const { program } = game.level;
  const { machine, state } = await (program ? compiler : parley)();
  machine.on_text = () => {};
  await machine.restore(state);
  machine.text = "$ ";
  /* ktrace leaves the trace off: the page draws none, and each byte costs. */
  await machine.command("ktrace true > /dev/null", PROGRAM_SECONDS);
  machine.take_trace();
  if (program) {
    await put_source(machine, program);
    const { said, is_good } = await compile(machine, program.name);
    if (!is_good) throw new Error(said);
  }
  return (shell = machine);
}

async function explored(options, is_cured, seconds = PROGRAM_SECONDS) {
  const machine = await ready_machine();
  const { name, command } = game.level;
  const program = command ?? `/museum/${name}${is_cured ? "-cured" : ""}`;
  const line = `explore ${options} ${program}`;
  const answer = await machine.command(line, seconds);
  if (answer.is_whole) return answer.text;
  shell = null;
  if (machine.is_dead) forget_machine();
  throw new Error(
    "The machine gives no answer. The next choice starts it anew.",
  );
}

/* The choices that differ from "goes on", as explore takes them. */
function plan() {
  const chosen = game.choices
    .map((choice, at) => [game.steps[at], choice])
    .filter(([step, choice]) => step && choice)
    .map(([step, choice]) => `${step.task}:${step.position}:${choice}`);
  return chosen.join(",") || "-";
}

async function play() {
  const lines = (await explored(`-s ${plan()}`, game.is_cured)).split("\n");
  const at = lines.indexOf("its output:");
  if (at < 0) throw new Error(lines.join("\n"));
  game.steps = lines
    .map(line => STEP.exec(line))
    .filter(Boolean)
    .map(([, task, position, choice, others, when, call, places]) => ({
      ...{ task, position, when, call },
      choice: Number(choice),
      others: Number(others),
      line: line_of(places.split(" ").map(Number)),
    }));
  const rest = lines.filter(line => line && !STEP.test(line));
  game.verdict = rest.findLast(line => VERDICT.test(line)) ?? "";
  game.text = rest.filter(line => line != "its output:").join("\n");
}

/* The line of the program before the first of these addresses of return, from
 * callee to caller, that is not of the library; or 0. */
function line_of(places) {
  const { lines } = game.level[game.is_cured ? "cure" : "bug"];
  const [first, last] = [lines[0]?.[0], lines.at(-1)?.[0]];
  const is_own = at => first < at && at <= last;
  const place = places.find(is_own);
  return lines.findLast(([address]) => address < place)?.[1] ?? 0;
}

/* ---- The page ----------------------------------------------------------- */

/* No function of the program is active. */
const where_no_line = () =>
  game.level.bug.lines.length ? ", where its thread begins or ends" : "";

const step_words = step =>
  (step.call == POINT_CALL
    ? "an access to memory"
    : step.call.replace(/^an$/, "an access")) +
  (step.line ? `, line ${step.line}` : where_no_line());

function draw() {
  const { steps, choices } = game;
  const { path, text } = game.level[game.is_cured ? "cure" : "bug"];
  const step = steps[choices.length];
  part("decisions").replaceChildren(
    ...choices.map((choice, at) => {
      const one = steps[at];
      const end = choice ? "another task runs" : "goes on";
      return say(
        "li",
        `task ${one.task}, ${one.when} ${step_words(one)}: ${end}`,
      );
    }),
  );
  const now = new Map(); /* line: the tasks that stopped there */
  for (const one of steps.slice(0, choices.length + 1))
    for (const [line, tasks] of now.set(
      one.line,
      now.get(one.line) ?? new Set(),
    ))
      line == one.line ? tasks.add(one.task) : tasks.delete(one.task);
  part("source").replaceChildren(
    say("b", path),
    " (0\u2192: here stops task 0)",
    ...text
      .replace(/\n$/, "")
      .split("\n")
      .map((line, at) => {
        const here = [...(now.get(at + 1) ?? [])];
        const is_now = step?.line == at + 1;
        const mark = here.length ? `${here.join(",")}\u2192` : "";
        /* Eight columns in front keep the tabs of the line in place. */
        const front = mark.padStart(4) + `${at + 1} `.padStart(4);
        return say("span", `\n${front}${line}`, {
          className: is_now ? "now" : "",
        });
      }),
  );
  part("question").textContent = step
    ? `Decision ${choices.length + 1}: task ${step.task} stops ${step.when} ` +
      `${step_words(step)}. Who runs?`
    : "The program has ended.";
  buttons(step);
  part("end").hidden = Boolean(step);
  part("end").textContent = game.text;
  const is_won = !step && game.verdict && game.verdict != "the program passes";
  part("verdict").textContent = step
    ? ""
    : is_won
      ? `You broke it: ${game.verdict}.` +
        (game.is_cured || game.level.program ? "" : " Now try the cure.")
      : game.is_cured
        ? "The cure passes. Can you find decisions that break it?"
        : "The program passes. Go back, and choose differently.";
  part("verdict").className = is_won ? "won" : "";
  document.body.dataset.state = step ? "open" : is_won ? "won" : "passed";
  history.replaceState(null, "", "#" + address());
}

function buttons(step) {
  const all = step
    ? Array.from({ length: step.others + 1 }, (_, choice) => [
        choice
          ? step.others > 1
            ? `Ready task ${choice} of ${step.others}`
            : "The other ready task"
          : `Task ${step.task} goes on`,
        () => choose([choice]),
      ])
    : [];
  if (step)
    all.push(["Let it run to the end", () => choose(game.steps.map(() => 0))]);
  part("choices").replaceChildren(
    ...all.map(([text, act]) =>
      say("button", text, { type: "button", onclick: () => then(act) }),
    ),
  );
}

async function decide(more) {
  const room = Math.max(game.steps.length - game.choices.length, 1);
  game.choices.push(...more.slice(0, room));
  await play();
  game.choices.splice(game.steps.length);
}

async function choose(more) {
  await decide(more);
  draw();
}

async function begin(level, is_cured, choices = []) {
  if (level != game.level) shell = null;
  Object.assign(game, { level, is_cured, choices: [], steps: [] });
  part("level").value = level.name;
  part("cured").checked = is_cured;
  part("cured").disabled = Boolean(level.program);
  part("plate").hidden = Boolean(level.program);
  part("plate").href = `../docs/museum/${level.name}/plate.html`;
  await play();
  for (const choice of choices) await decide([choice]);
  draw();
}

/* What a search without a schedule that fails has tried, in words. */
function search_words(text) {
  if (!text.endsWith("no schedule failed\n")) return "The search was stopped.";
  const whole = RegExp(`: all that there are|all with at most ${BOUND} `);
  const head = whole.test(text)
    ? "Nothing breaks it"
    : "The search had no time for all schedules within its bound";
  return `${head}: ${text.trim().split("\n").join("; ")}`;
}

/* Type the line of the search; Stop types Control+C. */
async function searched() {
  part("stop").disabled = false;
  part("verdict").textContent =
    `The search tries schedules with at most ${BOUND} preemptions. ` +
    "For some programs it takes minutes.";
  const limits = `-b ${BOUND} -t ${SEARCH_SECONDS} -w -`;
  const more = SEARCH_SECONDS + PROGRAM_SECONDS;
  return explored(limits, game.is_cured, more).finally(
    () => (part("stop").disabled = true),
  );
}

/* The schedule that explore finds, as decisions of the reader. */
async function solve() {
  const text = await searched();
  const found = [
    ...text.matchAll(/^task (\d+) position (\d+) choice (\d+)$/gm),
  ];
  game.choices = [];
  await play();
  if (!/ fails:/.test(text)) {
    draw();
    part("verdict").textContent = search_words(text);
    return;
  }
  for (let at = 0; at < game.steps.length; at++) {
    const step = game.steps[at];
    const choice = found.find(
      ([, task, position]) => task == step.task && position == step.position,
    );
    game.choices.push(choice ? Number(choice[3]) : 0);
    if (choice) await play();
  }
  draw();
}

/* ---- The address: level, program and decisions -------------------------- */

function address() {
  const { name, command } = game.level;
  const choices = game.choices.join("");
  const words = command
    ? { run: command, ...game.level.address, choices }
    : { level: name, cured: Number(game.is_cured), choices };
  return new URLSearchParams(words).toString();
}

/* A program of the reader, as a level without a cure. Its decisions come before
 * system calls: tcc puts no calls before accesses to memory. */
async function own_level(given) {
  const program = await program_of_address(given);
  if (!program) return null;
  const { name, text } = program;
  const own = {
    ...{ name: "own", title: `${name}.c of the address`, program },
    command: given.get("run") ?? PROGRAMS[name].place,
    address: await program_to_address(program),
    bug: { path: PROGRAMS[name].path, text, lines: [] },
  };
  LEVELS.push(own);
  part("level").append(say("option", own.title, { value: own.name }));
  return own;
}

async function from_address() {
  const given = new URLSearchParams(location.hash.slice(1));
  const level =
    (await own_level(given)) ??
    LEVELS.find(one => one.name == given.get("level")) ??
    LEVELS[0];
  const choices = [...(given.get("choices") ?? "")].map(Number);
  return begin(level, given.get("cured") == "1", choices);
}

/* One act after the other; an error stands on the page. */
function then(act) {
  document.body.dataset.state = "busy";
  queue = queue.then(act).catch(error => {
    part("verdict").textContent = error.message;
    document.body.dataset.state = "failed";
  });
}

for (const { name, title } of LEVELS)
  part("level").append(say("option", title, { value: name }));
const chosen_level = () =>
  LEVELS.find(one => one.name == part("level").value) ?? LEVELS[0];
part("level").onchange = () => then(() => begin(chosen_level(), false));
part("cured").onchange = () =>
  then(() => begin(game.level, part("cured").checked));
part("back").onclick = () =>
  then(async () => {
    game.choices.pop();
    await play();
    draw();
  });
part("again").onclick = () => then(() => begin(game.level, game.is_cured));
part("solve").onclick = () => then(solve);
part("stop").onclick = () => shell?.type(INTERRUPT);
part("link").onclick = async () => {
  const { href } = location;
  const link = say("a", "The program with your decisions", { href });
  part("address").replaceChildren(link, await copied(href));
};
window.addEventListener("hashchange", () => then(from_address));
then(from_address);
