#!/usr/bin/env python3
"""more - press the keys of more, and look at the rows of the terminal."""
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import ROOT, Terminal, done, ok                # noqa: E402

MORE = "--more-- (h: help)"


class Page(Terminal):
    """A terminal with the contents of the window, rows by columns."""

    def __init__(self, command, rows, columns):
        super().__init__(command, rows, columns)
        self.wipe()

    def wipe(self):
        self.cells = [[" "] * self.columns for _ in range(self.rows)]
        self.row = self.column = 0

    def put(self, char):
        if self.column == self.columns:     # only now the full row breaks
            self.column = 0
            self.feed()
        self.cells[self.row][self.column] = char
        self.column += 1

    def feed(self):
        if self.row + 1 < self.rows:
            self.row += 1
        else:
            self.cells = self.cells[1:] + [[" "] * self.columns]

    def sequence(self, final):
        if final == "H":
            self.row = self.column = 0
        elif final == "A":
            self.row = max(0, self.row - 1)
        elif final == "C":              # only further than the last column
            self.column = self.columns - 1
        elif final == "J":
            self.cells = [[" "] * self.columns for _ in range(self.rows)]
        elif final == "K":
            rest = self.cells[self.row]
            rest[self.column:] = [" "] * (self.columns - self.column)

    def clean(self, text):
        text = self.pending + text if hasattr(self, "pending") else text
        cut = re.search(r"\x1b(\[[0-9;]*)?$", text)
        self.pending = text[cut.start():] if cut else ""
        text = text[:cut.start()] if cut else text
        for part in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|.", text, re.DOTALL):
            if part == "\n":
                self.feed()
            elif part == "\r":
                self.column = 0
            elif part == "\b":
                self.column = max(0, self.column - 1)
            elif part[0] == "\x1b":
                self.sequence(part[-1])
            elif part >= " ":
                self.put(part)
        return text

    def resize(self, rows, columns):
        super().resize(rows, columns)
        self.wipe()

    def shown(self):
        return ["".join(row).rstrip() for row in self.cells]

    def shows(self, name, wanted, keys=""):
        """After these keys the window shows these rows."""
        self.send(keys)
        ok(self.until(lambda: self.shown() == wanted), name,
           "\n".join(self.shown()))

    def prompt(self):
        return self.until(lambda: re.match(r"\$$", self.shown()[self.row]))


def numbers(first, last, prompt=MORE):
    return [str(number) for number in range(first, last + 1)] + [prompt]


def moving(page):
    page.send("seq 100 > /tmp/n; clear; more /tmp/n\n")
    page.shows("a_full_window_waits", numbers(1, 9))
    page.shows("space_is_a_screen", numbers(10, 18), " ")
    page.shows("b_goes_back", numbers(1, 9), "b")
    page.shows("b_stops_at_the_beginning", numbers(1, 9), "b")
    page.shows("enter_is_a_line", numbers(2, 10), "\n")
    page.shows("j_and_k", numbers(3, 11), "jjk")
    page.shows("arrows", numbers(4, 12), "\x1b[B\x1b[B\x1b[A")
    page.shows("half_a_screen", numbers(9, 17), "d")
    page.shows("half_a_screen_back", numbers(4, 12), "u")
    page.shows("page_keys", numbers(13, 21), "\x1b[6~\x1b[6~\x1b[5~")
    page.shows("G_is_the_end", numbers(92, 100, "--end--"), "G")
    page.shows("b_from_the_end", numbers(83, 91), "b")
    page.shows("g_is_the_beginning", numbers(1, 9), "g")
    page.shows("unknown_keys_do_nothing", numbers(2, 10), "zX\x1b[15~j")
    page.send("q")
    ok(page.prompt(), "q_leaves")


def searching(page):
    page.send("clear; cat /tmp/n | more\n")
    page.shows("a_pipe_is_an_input", numbers(1, 9))
    page.shows("search_goes_to_the_line", numbers(15, 23), "/15\n")
    page.shows("search_that_finds_nothing_stays", numbers(
        15, 23, "no more of: 15"), "n")
    page.shows("search_for_several", numbers(27, 35), "/7\n" + "n")
    page.shows("N_is_the_other_way", numbers(17, 25), "N")
    page.shows("back", numbers(12, 20), "?12x\x7f\n")
    page.shows("n_goes_on_back", numbers(2, 10), "?2\n")
    page.shows("pattern_is_typed_in_the_last_row", numbers(2, 10, "/abc"),
               "/abc")
    page.shows("and_taken_back", numbers(2, 10), "\x7f" * 4)
    page.send("h")
    page.expect("any key")
    ok(any("a screen back" in row for row in page.shown()), "h_helps",
       page.shown())
    page.shows("and_goes_back_to_the_text", numbers(2, 10), "x")
    page.send("G ")
    ok(page.prompt(), "space_behind_the_end_leaves")


def sizes(page):
    page.send("clear; (echo first; yes 1234567890 | head -n 9 | tr -d '\\n';"
              " echo; seq 50) | more\n")
    page.shows("a_long_line_takes_its_rows", [
        "first", "1234567890" * 4, "1234567890" * 4, "1234567890",
        "1", "2", "3", "4", "5", MORE])
    page.shows("rows_go_by_one", [
        "1234567890" * 4, "1234567890", "1", "2", "3", "4", "5", "6", "7",
        MORE], "jj")
    page.shows("and_back", [
        "1234567890" * 4, "1234567890" * 4, "1234567890",
        "1", "2", "3", "4", "5", "6", MORE], "k")
    page.resize(6, 20)
    time.sleep(1.1)
    page.shows("a_new_size_paints_it_again", ["1234567890" * 2] * 4 +
               ["1234567890"] + [MORE], "\x0c")
    page.resize(10, 40)
    time.sleep(1.1)
    page.send("\x0cq")
    ok(page.prompt(), "q_leaves_a_changed_window")


def ends(page):
    page.shows("a_text_that_fits_needs_no_key", ["1", "2", "3", "$"] +
               [""] * 6, "clear; seq 3 | more\n")
    page.send("clear; yes | more\n")
    page.shows("a_text_without_end", ["y"] * 9 + [MORE])
    page.send("\x03")
    ok(page.prompt(), "ctrl_c_leaves")
    page.send("clear; cat\n")
    page.shows("cat_has_the_terminal", [""] * 10)
    page.send("txped" + "\x7f" * 4 + "yped\n")
    page.shows("which_shows_and_edits_lines_again", ["typed", "typed"] +
               [""] * 8)
    page.send("\x04")
    ok(page.prompt(), "and_ends_the_input")
    page.send("clear; cat\n")
    page.shows("cat_waits_for_a_long_line", [""] * 10)
    page.shows("a_typed_line_goes_on_in_the_next_row",
               ["1234567890" * 4, "abc"] + [""] * 8,
               "1234567890" * 4 + "abc")
    page.shows("and_is_erased_back_into_the_first",
               ["1234567890" * 3 + "12345678xy", "z"] + [""] * 8,
               "\x7f" * 5 + "xyz")
    page.shows("and_read_as_it_is_shown",
               ["1234567890" * 3 + "12345678xy", "z"] * 2 + [""] * 6, "\n")
    page.send("\x04")
    ok(page.prompt(), "and_ends_like_a_short_one")
    page.shows("no_text_is_said", [
        "more: give it a file, or a pipe: ls /bin",
        " | more", "$"] + [""] * 7, "clear; more\n")


def main():
    os.chdir(ROOT)
    page = Page(["tools/run", "-n", "-i"], 10, 40)
    ok(page.prompt(), "prompt_comes", page.all)
    moving(page)
    searching(page)
    sizes(page)
    ends(page)
    page.quit()
    done()


if __name__ == "__main__":
    main()
