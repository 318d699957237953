#!/usr/bin/env python3
"""sh_terminal - type at the shell, on this machine and in the guest.

usage: sh_terminal.py [host|guest]	only there
"""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import ROOT, Terminal, done, ok                # noqa: E402

HOST = "build/host/sh_terminal"
PROMPT = r"^\$ $"
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
HOME, END, DELETE = "\x1b[H", "\x1b[F", "\x1b[3~"
WORD_LEFT, WORD_RIGHT = "\x1b[1;5D", "\x1b[1;5C"
BACKSPACE, TAB, CTRL_C, CTRL_D, CTRL_Z = "\x7f", "\t", "\x03", "\x04", "\x1a"


def control(letter):
    return chr(ord(letter) & 31)


def screen(text):
    """The rows of a terminal after this text, of any width."""
    return drawn(text)[0]


def drawn(text):
    """The rows, and the column of the cursor."""
    rows, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|.|\n", text, re.DOTALL):
        if part == "\n":
            row, column = row + 1, 0
            rows.append("")
        elif part == "\r":
            column = 0
        elif part == "\b":
            column -= 1
        elif part[0] == "\x1b" and part[-1] == "K":
            rows[row] = rows[row][:column]
        elif part[0] == "\x1b" and part[-1] == "C":
            column += int(part[2:-1] or 1)
        elif part[0] != "\x1b" and part != "\x07":
            rows[row] = (rows[row].ljust(column)[:column] + part +
                         rows[row][column + 1:])
            column += 1
    return rows, column


class Drawn(Terminal):
    """Keeps the carriage returns: they move the cursor."""
    held = ""                           # may belong to a newline to come

    def clean(self, text):
        text = self.held + text
        self.held = "\r" if text.endswith("\r") else ""
        text = text[:len(text) - len(self.held)]
        return text.replace("\r\n", "\n").replace("\r\n", "\n")


class Session:
    def __init__(self, name, command):
        self.name = name
        self.term = Drawn(command)
        self.ok(self.term.expect(PROMPT) is not None, "prompt_comes",
                self.term.all)

    def resize(self, rows, columns):
        """The window gets a new size; the program gets a signal."""
        self.term.resize(rows, columns)
        if self.name == "guest":        # the next key a second later asks
            time.sleep(1.1)
            self.term.send(" " + BACKSPACE)
            asked = self.term.asked
            while self.term.asked == asked:
                self.term.pause(0.1)
        self.term.pause(0.3)

    def ok(self, good, name, more=""):
        return ok(good, "%s: %s" % (self.name, name), more)

    def type(self, keys):
        """Type a line; the rows on the screen up to the next prompt."""
        self.term.send(keys + "\n")
        return self.until_prompt()

    def until_prompt(self):
        """Without a prompt the session has an end: all later lines would
        fail."""
        shown = self.term.expect(PROMPT)
        if shown is None:
            self.ok(False, "prompt_comes_again", self.term.text)
            done()
        return screen(shown)[:-1]

    def output(self, keys):
        return self.type(keys)[1:]

    def check(self, name, keys, wanted):
        rows = self.type(keys)
        self.ok(rows[1:] == wanted, name, rows)


def editing(s):
    check = s.check
    check("left_inserts_before", "echo ac" + LEFT + "b", ["abc"])
    check("home_and_end", "cho ab" + HOME + "e" + END + "c", ["abc"])
    check("home_and_end_by_letter", "cho ab" + control("A") + "e" +
          control("E") + "c", ["abc"])
    check("back_and_forward_by_letter", "echo bc" + control("B") * 2 + "a" +
          control("F") * 2 + "d", ["abcd"])
    check("backspace", "echo abx" + BACKSPACE + "c", ["abc"])
    check("backspace_in_the_middle", "echo axbc" + LEFT * 2 + BACKSPACE,
          ["abc"])
    check("backspace_at_the_start", BACKSPACE * 3 + "echo a", ["a"])
    check("delete", "echo abxc" + LEFT * 2 + DELETE, ["abc"])
    check("ctrl_d_deletes", "echo abxc" + LEFT * 2 + CTRL_D, ["abc"])
    check("ctrl_k_cuts_to_the_end", "echo abc" + LEFT * 2 + control("K"),
          ["a"])
    check("ctrl_u_cuts_to_the_start", "foo bar echo a" + LEFT * 6 +
          control("U"), ["a"])
    check("ctrl_w_cuts_a_word", "echo one two" + control("W") + "three",
          ["one three"])
    check("ctrl_y_brings_back", "echo one" + control("W") + "two " +
          control("Y"), ["two one"])
    check("steps_by_words", "echo two three" + WORD_LEFT * 2 + "one " +
          WORD_RIGHT * 2 + " four", ["one two three four"])
    check("right_stops_at_the_end", "echo a" + RIGHT * 3 + "b", ["ab"])
    check("unknown_keys_do_nothing", "echo \x1b[15~a\x1b[6~\x1bOPb", ["ab"])
    check("characters_of_several_bytes", "echo äxö" + LEFT + BACKSPACE +
          LEFT + "ü" + DELETE, ["üö"])
    rows = s.type("echo " + "x" * 200 + HOME + RIGHT * 5 + "y" + END + "z")
    s.ok(rows[1:] == ["y" + "x" * 200 + "z"], "long_line", rows)
    s.ok(rows[0] == "$ echo y" + "x" * 200 + "z",
         "complete_line_is_written_in_full", rows[0])


def row_of(line, cursor, width):
    """The possible rows of this width for a line, with the cursor's column:
    any part with the bytes around the cursor, and marks for hidden bytes."""
    room = width - 3
    if len(line) <= room:
        return [("$ " + line, cursor + 2)]
    found = []
    for start in range(len(line) + 1):
        space = room - (start > 0)
        end = len(line) if len(line) - start <= space else start + space - 1
        if not start <= cursor or not (cursor < end or cursor == len(line)):
            continue
        if cursor - start > space:
            continue
        found.append(("$ " + "<" * (start > 0) + line[start:end] +
                      ">" * (end < len(line)),
                      2 + (start > 0) + cursor - start))
    return found


def typing(s, width, keys, line, cursor):
    """After these keys the row must show the line and the cursor."""
    wanted = [(row.rstrip(), column) for row, column
              in row_of(line, cursor, width)]

    def row():
        rows, at = drawn("$ " + s.term.text)
        return rows[-1].rstrip(), at

    s.term.send(keys)
    if s.term.until(lambda: row() in wanted):
        return []
    return [str(row()), keys, line, str(cursor)]


def widths(s):
    """A line longer than the window is edited in windows of any width."""
    text = "echo " + "".join(chr(ord("a") + i % 26) for i in range(150))
    for width in (20, 40, 79, 80, 132):
        s.resize(25, width)
        steps = []
        line, cursor = "", 0
        for keys, move in ((text, None), (LEFT * 30, -30), ("X", 1),
                           (LEFT * 100, -100), ("Y", 1), (HOME, -1000),
                           (RIGHT * 7, 7), ("Z", 1), (BACKSPACE, 0),
                           (END, 1000), (BACKSPACE * 3, 0), ("!", 1)):
            if keys == text:
                line, cursor = text, len(text)
            elif keys[0] == BACKSPACE:
                line = line[:cursor - len(keys)] + line[cursor:]
                cursor -= len(keys)
            elif len(keys) == 1:
                line = line[:cursor] + keys + line[cursor:]
                cursor += 1
            else:
                cursor = max(0, min(len(line), cursor + move))
            steps += typing(s, width, keys, line, cursor)
        s.ok(not steps, "row_shows_the_place_of_the_cursor_%d" % width, steps)
        s.term.text = ""
        s.term.send("\n")
        rows = s.until_prompt()
        s.ok(rows[1:] == [line[5:]], "long_line_is_edited_%d" % width, rows)
        s.ok(s.type(UP)[1:] == [line[5:]], "and_recalled_%d" % width)
    s.resize(25, 80)
    s.term.send(text + LEFT * 20)
    s.term.pause(0.3)
    s.resize(25, 30)
    steps = typing(s, 30, "M", text[:-20] + "M" + text[-20:], len(text) - 19)
    s.ok(not steps, "line_is_drawn_anew_in_a_new_width", steps)
    s.term.text = ""
    s.ok(s.type("")[1:] == [text[5:-20] + "M" + text[-20:]],
         "resizing_loses_nothing")
    s.resize(25, 80)


def shows(s, wanted, before=""):
    """Wait until the last row is as wanted; returns the rows if not."""
    if s.term.until(lambda: screen(before + s.term.text)[-1] == wanted):
        return None
    return screen(before + s.term.text)


def screen_while_typing(s):
    """The screen shows the contents of the line."""
    s.term.send("echo abc" + LEFT * 2 + "X")
    rows = shows(s, "$ echo aXbc", "$ ")
    s.ok(not rows, "row_shows_the_line", rows)
    s.term.send(control("A") + control("K"))
    rows = shows(s, "$ ", "$ ")
    s.ok(not rows, "row_is_erased", rows)
    s.term.text = ""
    s.term.send("echo end\n")
    s.until_prompt()


def history(s):
    check = s.check
    check("first_of_two", "echo first", ["first"])
    check("second_of_two", "echo second", ["second"])
    check("up_is_the_last_line", UP, ["second"])
    check("up_twice", UP * 2, ["first"])
    check("down_comes_back", UP * 3 + DOWN * 2, ["first"])
    check("new_line_is_kept", "echo new" + UP * 2 + DOWN * 2, ["new"])
    check("old_line_is_edited", UP + BACKSPACE * 3 + "old", ["old"])
    check("up_by_letter", control("P") * 2, ["new"])
    rows = s.type("history")
    s.ok(rows[-1].split()[1:] == ["history"] and
         rows[-2].split()[1:] == ["echo", "new"], "history_lists", rows)


def completion(s):
    check = s.check
    s.type("cd /tmp; mkdir cmp; cd cmp; mkdir folder; "
           "echo in > folder/file; echo a > alpha1; echo b > alpha2; "
           "echo c > 'b b'; echo d > .hidden")
    check("tab_completes_a_command", "expo" + TAB + "V=1; echo $V", ["1"])
    check("tab_completes_file_and_folder", "cat fo" + TAB + "fi" + TAB,
          ["in"])
    check("tab_goes_as_far_as_names_agree", "cat al" + TAB + "2", ["b"])
    check("tab_quotes_blanks", "cat b" + TAB, ["c"])
    check("tab_behind_redirection", "cat <fo" + TAB + "f" + TAB, ["in"])
    check("tab_without_candidates", "echo zz" + TAB + "z", ["zzz"])
    check("hidden_only_when_asked_for", "cat .h" + TAB, ["d"])
    rows = s.type("cat alpha" + TAB * 2 + "1")
    s.ok(rows[1].split() == ["alpha1", "alpha2"] and rows[-1] == "a",
         "second_tab_lists", rows)
    s.type("cd /; rm -r /tmp/cmp")


def interrupt(s, line, end):
    """Start a program and interrupt the program."""
    s.term.send(line + "\n")
    s.term.expect(end)
    s.term.pause(0.3)
    s.term.send(CTRL_C)
    s.until_prompt()


def interrupts(s):
    check = s.check
    s.term.send("echo never" + CTRL_C)
    s.until_prompt()
    check("ctrl_c_drops_the_line", "echo $?", ["130"])
    s.term.send("echo 'open\n")
    s.term.expect("^> $")
    s.term.send("more" + CTRL_C)
    s.until_prompt()
    check("ctrl_c_drops_all_lines", "echo ok", ["ok"])
    s.ok(s.output("for i in 1 2\ndo echo $i\ndone")[-2:] == ["1", "2"],
         "command_over_several_lines")
    rows = s.type("echo $(; fi")
    s.ok("syntax error" in rows[-1], "syntax_error_is_said", rows)
    check("syntax_error_is_2", "echo $?", ["2"])
    rows = s.type("echo ${x?gone}; echo never")
    s.ok(rows[1:] == ["sh: x: gone"], "bad_expansion_drops_the_line", rows)
    interrupt(s, "sleep 100", "100\n")
    check("ctrl_c_ends_the_job", "echo $?", ["130"])
    interrupt(s, "while :; do sleep 100; done; echo never", "never\n")
    check("ctrl_c_ends_the_loop_too", "echo $?", ["130"])
    interrupt(s, "while :; do :; done", "done\n")
    check("ctrl_c_ends_a_loop_of_builtins", "echo $?", ["130"])
    interrupt(s, "x=$(sleep 100)", r"100\)\n")
    check("ctrl_c_ends_a_substitution", "echo $?", ["130"])
    interrupt(s, "read x", "x\n")
    check("ctrl_c_ends_a_read", "echo $?", ["130"])
    interrupt(s, "sleep 100 & wait; echo never", r"\[1\].*\n")
    check("ctrl_c_ends_a_wait", "echo $?", ["130"])
    s.type("kill %1; wait")
    s.term.send("cat | cat\n")
    s.term.expect("cat \\| cat\n")
    s.term.send("typed\n")
    s.term.expect("typed\n")
    s.term.send(CTRL_D)
    s.ok(s.until_prompt()[-1:] == ["typed"], "ctrl_d_ends_the_input")


def jobs(s):
    rows = s.type("sleep 100 &")
    s.ok(re.fullmatch(r"\[1\] \d+", rows[1]), "background_says_number_and_pid",
         rows)
    rows = s.output("jobs")
    s.ok(re.fullmatch(r"\[1\]\+  Running +sleep 100", rows[0]), "jobs_lists",
         rows)
    rows = s.output("kill %1; wait %1; echo $?")
    s.ok(rows[0] == "143", "kill_by_job", rows)
    s.ok(rows[-1].startswith("[1]+  Terminated"),
         "end_is_reported_at_the_prompt", rows)
    rows = s.output("for i in 1 2 3 4 5 6 7 8 9; do sleep 9 & kill $!; "
                    "wait $!; echo $?; done")
    s.ok(rows.count("143") == 9, "child_hears_a_signal_at_once", rows)
    rows = s.type("true & wait; :")
    rows += s.type(":")
    s.ok("Done" in " ".join(rows), "done_is_reported", rows)
    s.check("crash_is_named", "sh -c 'kill -SEGV $$'; echo $?",
            ["Segmentation fault", "139"])
    s.check("crash_in_a_pipeline_is_named", "sh -c 'kill -ABRT $$' | cat",
            ["Aborted"])
    s.check("no_job_to_bring_forward", "fg", ["sh: %+: no such job"])
    s.term.send("sleep 1\necho typed ahead\n")
    rows = s.until_prompt()
    if rows[-1] != "typed ahead":       # the prompt before the output
        rows = s.until_prompt()
    s.ok(rows[-1] == "typed ahead", "typed_ahead_is_not_lost", rows)


LEFT_BEHIND = "sleep 98 & echo $! > /tmp/left; "
# On this machine the first process may leave a zombie for any time.
GONE = ("while kill -0 $(cat /tmp/left) 2> /tmp/no && ! grep -q '^State:.Z' "
        "/proc/$(cat /tmp/left)/status 2> /tmp/no; do sleep 0.1; done; "
        "echo gone")
ALIVE = "kill -0 $(cat /tmp/left) && echo alive; kill -9 $(cat /tmp/left)"


def left_behind(s):
    """A killed job's processes die too, except by their own choice."""
    def job(name, inside, kill, after, wanted):
        s.type("rm -f /tmp/left; sh -c '%s' &" % inside)
        s.type("while ! [ -s /tmp/left ]; do sleep 0.1; done; %s" % kill)
        s.type("wait; :")
        rows = s.output(after)
        s.ok(rows[:1] == [wanted], name, rows)

    job("killed_job_takes_its_children_along", LEFT_BEHIND + "wait",
        "kill $!", GONE, "gone")
    job("killed_pipeline_takes_its_children_along",
        LEFT_BEHIND + "cat", "kill -9 %1", GONE, "gone")
    s.type("rm -f /tmp/left; sh -c '%s' &" % (LEFT_BEHIND + "wait"))
    rows = s.output("while ! [ -s /tmp/left ]; do sleep 0.1; done; kill $!; " +
                    GONE)
    s.ok(rows[:1] == ["gone"], "loop_that_waits_for_the_children_ends", rows)
    job("child_that_ignores_a_hang_up_lives_on",
        'trap "" HUP; ' + LEFT_BEHIND + "exec sleep 99", "kill -9 $!", ALIVE,
        "alive")
    job("job_that_ends_by_itself_leaves_its_children", LEFT_BEHIND, "wait",
        ALIVE, "alive")
    if s.name == "host":
        job("daemon_with_a_session_of_its_own_lives_on",
            "setsid " + LEFT_BEHIND + "wait", "kill -9 $!", ALIVE, "alive")
    s.type("rm -f /tmp/left")
    interrupt(s, "sh -c 'trap \"\" INT; " + LEFT_BEHIND +
              "trap - INT; echo now; sleep 99'", "^now\n")
    s.check("ctrl_c_ends_only_what_hears_it", ALIVE, ["alive"])
    if s.name == "guest":
        s.type("philosophers --deadlock > /dev/null &")
        s.type("while ! why $! | grep -q deadlock; do sleep 0.1; done; "
               "kill $!")
        rows = s.output("while ps | grep -q 'philosophers$'; "
                        "do sleep 0.1; done; echo gone")
        s.ok(rows[:1] == ["gone"], "killed_deadlock_leaves_nothing_blocked",
             rows)
        s.type(":")


def stopping(s):
    s.term.send("sleep 100\n")
    s.term.expect("sleep 100\n")
    s.term.pause(0.3)
    s.term.send(CTRL_Z)
    rows = s.until_prompt()
    s.ok(re.search(r"\[1\]\+  Stopped", rows[-1]), "ctrl_z_stops", rows)
    rows = s.type("bg; jobs")
    s.ok("Running" in rows[-1], "bg_lets_it_go_on", rows)
    s.term.send("fg\n")
    s.term.expect("sleep 100\n")
    s.term.pause(0.3)
    s.term.send(CTRL_C)
    s.until_prompt()
    s.check("fg_brings_it_to_ctrl_c", "echo $?; jobs", ["130"])


def size(s):
    """The machine knows the size of the terminal's window."""
    s.check("size_is_the_terminals", "stty size", ["25 80"])
    s.term.rows, s.term.columns = 10, 40
    s.type("sleep 1")                   # a second after the last question
    s.type(":")
    s.check("a_new_size_is_known_at_the_prompt", "stty size", ["10 40"])
    s.check("a_program_sets_the_size_and_all_hear_of_it",
            "(trap 'echo new' WINCH; stty rows 9 cols 30; stty size)",
            ["new", "9 30"])
    s.term.rows, s.term.columns = 25, 80
    s.type("sleep 1")
    s.type(":")
    s.check("the_terminal_knows_better", "stty size", ["25 80"])


def respawn(s):
    """init keeps a shell there, after any end of a shell."""
    for name, keys in (("ctrl_d", CTRL_D), ("exit", "exit 3\n"),
                       ("kill", "kill -9 $$\n"),
                       ("raw_mode", "stty -echo -icanon; exit\n")):
        s.term.send(keys)
        s.ok(s.term.expect(r"another\n\$ $"), "another_shell_after_" + name,
             s.term.text)
    s.check("next_shell_works", "echo $0 $PATH; cat < /dev/null; jobs",
            ["sh /bin"])
    for _ in range(6):
        s.term.send("exit\n")
        s.term.expect(r"another\n\$ $")
    s.check("quick_ends_are_survived", "echo still", ["still"])
    s.type("(sleep 0.2 &) & sleep 100 &")
    s.term.send("exit\n")
    s.term.expect(r"another\n\$ $")
    s.type("sleep 0.5")
    rows = s.output("ps")
    s.ok(not any("sleep 0.2" in row or "zombie" in row for row in rows),
         "orphans_are_collected", rows)


def run(name, command, can_stop):
    s = Session(name, command)
    editing(s)
    screen_while_typing(s)
    widths(s)
    history(s)
    completion(s)
    interrupts(s)
    jobs(s)
    left_behind(s)
    if can_stop:
        stopping(s)
    return s


def main():
    os.chdir(ROOT)
    where = sys.argv[1:] or ["host", "guest"]
    if "host" in where:
        os.environ.update(PS1="$ ", ASAN_OPTIONS="detect_leaks=0")
        subprocess.run(["tests/shell/sh_build", HOST], check=True)
        s = run("host", [HOST], True)
        s.term.send(CTRL_D)
        s.ok(s.term.wait() == 0, "ctrl_d_ends_the_shell")
    if "guest" in where:
        s = run("guest", ["tools/run", "-n", "-i"], False)
        size(s)
        respawn(s)
        s.term.quit()
    done()


if __name__ == "__main__":
    main()
