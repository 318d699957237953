#!/usr/bin/env python3
"""two.py - two machines on a wire: their windows, and the programs that talk
from machine to machine.
"""
import collections
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import console                                              # noqa: E402
from console import ROOT, done, ok                          # noqa: E402

SECONDS = 120


def two(one, other, *options):
    """Run both command lines; the output."""
    result = subprocess.run(
        ["tools/two", *options, one, other], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=SECONDS, env=dict(os.environ, TIMEOUT=str(SECONDS - 10)))
    return result.stdout.decode(errors="replace")


def lines_of(name, out):
    """What this machine has said."""
    return [line[len(name) + 2:] for line in out.split("\n")
            if line.startswith(name + ": ")]


def logs_are_apart():
    """With one file for both, a machine read the end of the other machine."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tools/two", "true", "true"], timeout=SECONDS,
                       env=dict(os.environ, LOG=folder + "/log"),
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        ok(sorted(os.listdir(folder)) == ["log-one", "log-two"],
           "machines_write_the_same_log", os.listdir(folder))


def machine_outlives_the_other():
    """A frame to a machine that has ended is lost, like any other frame."""
    out = two("true", "sleep 2; ping -c 2 one; echo still here")
    ok("two: still here" in out and "stopped early" not in out,
       "machine_dies_with_the_other", out)


def folder_is_on_both_machines():
    """Without the folder, a client and a server from a textbook would have to
    come into the tree."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/words", "w") as file:
            file.write("for both\n")
        out = two("cat /host/words", "cat /host/words", "-a", folder)
    ok(sorted(out.split("\n")) == ["", "one: for both", "two: for both"],
       "machine_lacks_the_folder", out)
    ok(two("true", "true", "-a", folder) == "two: no folder %s\n" % folder,
       "missing_folder_is_not_named")


# ---- Programs ---------------------------------------------------------------

def clients_ask_the_server_of_the_other_machine():
    out = two("calculator -l -n 3; uname -n",
              "until calculator -s one 2> /dev/null; do sleep 0.1; done")
    ok(sorted(lines_of("two", out)) == sorted(
        "client %d: %s" % (client, words) for client in (1, 2, 3)
        for words in ["%d * %d = %d" % (i, 10 + client, i * (10 + client))
                      for i in (1, 2, 3)] +
        ["42 / %d = %s" % (client - 1, ("?", "42", "21")[client - 1])]),
       "clients_get_wrong_answers", out)
    ok(lines_of("one", out) == ["one"], "machine_has_no_name", out)


def people_talk():
    out = two("(echo hello; until grep -q bye /tmp/o; do sleep 0.1; done) | "
              "talk -l > /tmp/o; cat /tmp/o",
              "(until grep -q hello /tmp/o; do sleep 0.1; done; echo bye) | "
              "(until talk one 2> /dev/null; do sleep 0.1; done) > /tmp/o; "
              "cat /tmp/o")
    ok(lines_of("one", out) == ["two is here", "two: bye", "two has left"],
       "words_do_not_reach_the_listener", out)
    ok(lines_of("two", out) == ["one is here", "one: hello", "one has left"],
       "words_do_not_reach_the_caller", out)


def mailbox_serves_another_machine():
    out = two("remote -l /q & remote -t -n 3 /q; echo back | remote /q; "
              "until remote -t -n 1 two 2> /dev/null; do sleep 0.1; done",
              "seq 1500 | tr '\\n' ' ' > /tmp/long; "
              "until echo first | remote one 2> /dev/null; do sleep 0.1; done;"
              " (cat /tmp/long; echo) | remote one; echo last | remote one; "
              "remote -t -n 1 one; remote -l /q & echo end | remote /q; "
              "until ! remote /q < /dev/null || ! ipcs | grep -q '1 of 16'; "
              "do sleep 0.1; done")
    one = lines_of("one", out)
    claims = [re.match(r"10.0.3.2 claims: process \d+, message 1, (\d+) bytes; "
                       r"(\d+) reads$", line) for line in one]
    sizes = [[int(n) for n in match.groups()] for match in claims if match]
    ok([size for size, _ in sizes] == [5, 6393, 4], "claims_are_missing", out)
    taken = [line.split(": ") for line in one if line.startswith("process")]
    ok([words[1][:7] for words in taken] == ["first", "1 2 3 4", "last", "end"],
       "messages_change_on_their_way", out)
    ok(any(re.match(r"process \d+ of one: back", line)
           for line in lines_of("two", out)), "no_message_comes_back", out)


def lost_datagrams_are_named():
    """On a wire with losses, TCP brings all lines, UDP leaves gaps."""
    out = two("remote -l /q > /tmp/log & remote -t /q > /tmp/all & "
              "until grep -q missing /tmp/log; do sleep 0.1; done; sleep 1; "
              "echo udp $(grep -c '; 1 reads' /tmp/log) "
              "tcp $(grep -c t /tmp/all) missing $(grep -c missing /tmp/log)",
              "until echo t | remote one 2> /dev/null; do sleep 0.1; done; "
              "yes t | head -n 20 | remote one; "
              "yes u | head -n 200 | remote -u one", "-l", "10")
    found = re.search(r"one: udp (\d+) tcp (\d+) missing (\d+)", out)
    udp, tcp, missing = [int(n) for n in found.groups()] if found else [0] * 3
    ok(tcp == 21, "tcp_loses_a_message", out)
    # No later packet shows the loss of the last one.
    ok(missing > 0 and udp > 0 and udp + missing <= 200,
       "lost_datagrams_are_not_counted", out)


def count_arrows(pages, way):
    """Arrows of frames; an arrow from page to page is drawn on both pages."""
    text = (r"a frame of \d+ bytes from %s: network card "
            r"to %s: network card, [\d.]+ ms" % way)
    drawn = [collections.Counter(re.findall(text, page)) for page in pages]
    return (sum(page.total() for page in drawn) -
            sum((a & b).total() for a, b in zip(drawn, drawn[1:])))


def one_picture_shows_both_machines():
    """Each frame that arrived has an arrow, and comes after it was sent."""
    with tempfile.TemporaryDirectory() as folder:
        out = two("nc -l 7000", "until echo hello | nc one 7000 2> /dev/null; "
                  "do sleep 0.1; done", "-T", folder)
        pages = [open(path).read()
                 for path in sorted(glob.glob(folder + "/*.svg"),
                                    key=lambda path: (len(path), path))]
        if not ok(os.path.exists(folder + "/log.txt"), "no_log_is_written",
                  out):
            return
        with open(folder + "/log.txt") as file:
            log = file.read()
    arrows = {way: count_arrows(pages, way)
              for way in (("one", "two"), ("two", "one"))}
    found = re.findall(
        r"ms +(one|two): .* frame_(out|in) +(\d+ bytes, \w+)", log)
    sent = [(name, frame) for name, kind, frame in found if kind == "out"]
    arrived = {way: sum((way[0], frame) in sent for name, kind, frame in found
                        if kind == "in" and name == way[1])
               for way in arrows}
    # A connection has a frame each way that opens it, and one that closes it.
    ok(arrows == arrived and min(arrived.values()) >= 2,
       "frames_have_no_arrows", (arrows, arrived))
    # A frame of the boot was sent before the trace began.
    early = [(name, frame) for place, (name, kind, frame) in enumerate(found)
             if kind == "in" and any(
                 other != name and frame == sent and way == "out"
                 for other, way, sent in found[place:])]
    ok(found and not early, "frame_arrives_before_it_was_sent", early)
    ok(re.search(r"one: nc \d+ +call +accept", log) and
       re.search(r"two: nc \d+ +frame_out", log), "programs_are_not_named")


# ---- The windows ------------------------------------------------------------

def processes_in(folder):
    """The processes with this folder in their arguments."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                if folder.encode() in file.read():
                    found.append(int(path.split("/")[2]))
        except OSError:
            pass                        # has just ended
    return found


def all_end(folder):
    end = time.monotonic() + 30
    while processes_in(folder):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def shows(terminal, pane, words):
    """Wait until the pane shows a line that begins with the words. The terminal
    itself gets both panes mixed, and a character may come alone."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        terminal.pause(0.2)
        screen = subprocess.run(
            ["tmux", "-L", "parley-%d" % terminal.pid, "capture-pane", "-p",
             "-t", ":.%d" % pane], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL).stdout.decode(errors="replace")
        if re.search("^" + re.escape(words), screen, re.MULTILINE):
            return True
    return False


def windows(name, end):
    """Start two shells, use both, and end in a rude way."""
    with tempfile.TemporaryDirectory() as folder:
        terminal = console.Terminal(
            ["env", "TMPDIR=" + folder, "TERM=xterm", "tools/two"], 30, 100)
        good = shows(terminal, 0, "one$") and shows(terminal, 1, "two$")
        terminal.send("uname -n | rev\n")       # on one
        good = good and shows(terminal, 0, "eno")
        terminal.send("\x02o" + "uname -n | rev\n")
        good = good and shows(terminal, 1, "owt")
        ok(good and len(processes_in(folder)) >= 5,
           "windows_show_their_machines_before_" + name)
        end(terminal)
        ok(all_end(folder), "machines_outlive_" + name, processes_in(folder))


def close_terminal(terminal):
    os.close(terminal.fd)
    os.waitpid(terminal.pid, 0)


def kill_tool(terminal):
    os.kill(terminal.pid, signal.SIGKILL)
    os.waitpid(terminal.pid, 0)
    os.close(terminal.fd)


def main():
    os.chdir(ROOT)
    subprocess.run(["make", "-s", "all"], check=True)
    plain = subprocess.run(["tools/run", "-n", "cat /proc/net"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if b"without lwIP" in plain.stdout:
        print("ok 1 - two # skip without lwIP: run make deps")
        print("1..1")
        return
    clients_ask_the_server_of_the_other_machine()
    people_talk()
    logs_are_apart()
    machine_outlives_the_other()
    folder_is_on_both_machines()
    mailbox_serves_another_machine()
    lost_datagrams_are_named()
    one_picture_shows_both_machines()
    if shutil.which("tmux"):
        windows("their_terminal", close_terminal)
        windows("their_tool", kill_tool)
    done()


if __name__ == "__main__":
    main()
