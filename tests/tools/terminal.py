#!/usr/bin/env python3
"""terminal.py - the session of the README, typed at each console."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import (PROMPT, ROOT, Screen, Terminal, done, ok,   # noqa: E402
                     vm)


def session(name, command):
    """The commands of a first user, at the serial terminal."""
    term = Terminal(command)
    if not ok(term.expect(PROMPT), name + "_reaches_the_prompt", term.all):
        term.quit()
        return
    out = term.command("cat /README.md | grep -i pipe | wc -l")
    ok(re.search(r"\d", out), name + "_runs_a_pipeline", out)
    out = term.command("sieve 200 | tail -n 3")
    ok(out.split() == ["193", "197", "199"], name + "_sieve_finds_primes", out)
    out = term.command("ls /bin > list; sort -r list | head -n 5")
    ok(len(out.split()) == 5 and out.split() == sorted(
        out.split(), reverse=True), name + "_redirects_to_a_file", out)
    # The child has its name from the moment in which it becomes sleep.
    term.command("sleep 100 & until ps | grep -q ' sleep '; do :; done")
    out = term.command("ps")
    ok("sleep" in out, name + "_ps_lists_the_background_job", out)
    pid = re.search(r"^\s*(\d+).*\bsleep", out, re.MULTILINE)
    out = term.command("why %s" % (pid.group(1) if pid else "?"))
    ok("until" in out, name + "_why_says_until_when", out)
    term.command("kill %s; wait" % (pid.group(1) if pid else "?"))
    out = term.command("ps")
    ok("sleep" not in out, name + "_killed_job_is_gone", out)
    jobs(name, term)
    ok(term.quit() == 0, name + "_ctrl_bracket_x_ends_with_status_0")


def jobs(name, term):
    """The keys with a meaning for the terminal."""
    # After this word the subshell is in the foreground.
    term.send("(echo once; sleep 100)\n")
    term.expect("^once\n")
    term.send("\x03")
    ok(term.expect(PROMPT), name + "_ctrl_c_ends_the_foreground_job",
       term.text)
    term.send("(echo once; cat)\n")
    term.expect("^once\n")
    term.send("typed\n\x04")
    out = term.expect(PROMPT) or ""
    ok(out.count("typed") == 2, name + "_ctrl_d_is_end_of_file", out)
    term.send("echo wrongg" + 6 * "\x7f" + "right\n")
    ok(term.expect(r"^right\n"), name + "_erase_takes_back", term.text)


def screen():
    """The same machine at the screen and keyboard."""
    machine = Screen(vm.Machine())
    try:
        if not ok(machine.expect(r"\$$"), "screen_shows_the_prompt",
                  "\n".join(machine.lines())):
            return
        machine.type("seq 1 40 | grep 7 | wc -l\n")
        ok(machine.expect(r"^\s*4$"), "keyboard_runs_a_pipeline",
           "\n".join(machine.lines()))
        machine.type("echo MiXed > f; cat f\n")
        ok(machine.expect(r"^MiXed$"), "keyboard_has_shift",
           "\n".join(machine.lines()))
    finally:
        machine.quit()


def main():
    os.chdir(ROOT)
    session("run", ["make", "-s", "run"])
    subprocess.run(["make", "-s", "iso"], check=True,
                   stdout=subprocess.DEVNULL)
    session("disc", ["make", "-s", "run-iso"])
    screen()
    done()


if __name__ == "__main__":
    main()
