#!/usr/bin/env python3
"""trace.py - a traced run: the log, babeltrace2, JSON and picture agree."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

SVG = "{http://www.w3.org/2000/svg}"
count = failures = 0


def ok(condition, name, why=""):
    global count, failures
    count += 1
    failures += not condition
    print("%sok %d - %s" % ("" if condition else "not ", count, name))
    if not condition and why:
        print("# " + str(why)[:400])


class Run:
    """A traced run, in a new folder."""

    def __init__(self, root, line, *options, **environment):
        self.folder = tempfile.mkdtemp(dir=root)
        self.result = subprocess.run(
            [sys.executable, "tools/trace/trace.py", "-n", "-o", self.folder,
             *options, "--", line], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
            env=dict(os.environ, RECORD=self.folder + "/record",
                     **dict({"TIMEOUT": "200"}, **environment)))
        self.log = self.read("log.txt").splitlines()

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name),
                      encoding="utf-8") as file:
                return file.read()
        except OSError:
            return ""

    def pages(self):
        return sorted((name for name in os.listdir(self.folder)
                       if name.endswith(".svg")), key=lambda name:
                      int("".join(re.findall(r"\d", name)) or 0))

    def svg(self, name):
        return xml.etree.ElementTree.fromstring(self.read(name))

    def find(self, pattern):
        """Numbers of the lines of the log with this pattern."""
        return [i for i, line in enumerate(self.log)
                if re.search(pattern, line)]


def texts(svg):
    return [node.text or "" for node in svg.iter(SVG + "text")]


def check_log(run, root):
    ok(run.result.stdout == "hi\n" and run.result.returncode == 0,
       "output_and_status_are_not_those_of_the_command", run.result.stderr)
    ok([int(line.split()[0]) for line in run.log] ==
       list(range(len(run.log))), "events_are_lost_or_out_of_order")
    times = [float(line.split()[1]) for line in run.log]
    ok(times == sorted(times), "time_runs_backwards")
    sent = run.find(r"sh \d+ +send +pipe \d+, 3 bytes")
    received = run.find(r"cat \d+ +receive +pipe \d+, 3 bytes")
    ok(len(sent) == len(received) == 1 and sent < received,
       "message_is_received_before_it_is_sent", (sent, received))
    for what in (r"create +pipe", r"exec +cat", r"call +read\(0x0",
                 r"end +cat \d+, status 0", r"block +for exit"):
        ok(run.find(what), "log_does_not_tell_of " + what.replace("#", ""))
    run = Run(root, "(sleep 0.01; echo hi) | cat")
    sent, = run.find(r"send +pipe \d+, 3 bytes")
    woken = [i for i in run.find(r"sh \d+ +wake +pipe \d+, cat \d+, 0")
             if abs(i - sent) < 6]
    ok(len(woken) == 1 and woken[0] > sent,
       "who_waits_for_bytes_is_woken_before_they_are_sent", (sent, woken))


def check_ctf(run):
    if not shutil.which("babeltrace2"):
        ok(True, "babeltrace2_does_not_read_it # skip: not installed")
        return
    result = subprocess.run(["babeltrace2", run.folder + "/ctf"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)
    ok(result.returncode == 0 and
       len(result.stdout.splitlines()) == len(run.log),
       "babeltrace2_does_not_read_it", result.stderr)
    ok(re.search(r"send: .*bytes = 3", result.stdout) and
       '"waitpid"' in result.stdout, "babeltrace2_shows_other_names")


def is_inside(flow, slices):
    return any(piece["pid"] == flow["pid"] and piece["tid"] == flow["tid"] and
               piece["ts"] - 0.002 <= flow["ts"] <=
               piece["ts"] + piece["dur"] + 0.002 for piece in slices)


def is_nested(row):
    """Is each slice over before the slice around?"""
    around = []
    for piece in row:
        end = piece["ts"] + piece["dur"]
        while around and around[-1] <= piece["ts"] + 0.0005:
            around.pop()
        if around and end > around[-1] + 0.0005:
            return False
        around.append(end)
    return True


def check_json(run):
    found = json.loads(run.read("trace.json"))["traceEvents"]
    slices = [one for one in found if one["ph"] == "X"]
    starts = {one["id"]: one for one in found if one["ph"] == "s"}
    ends = {one["id"]: one for one in found if one["ph"] == "f"}
    messages = [one for one in starts.values() if one["cat"] == "message"]
    ok(len(messages) == 1, "arrow_from_send_to_receive_is_missing")
    ok(starts.keys() == ends.keys() and
       all(starts[i]["ts"] <= ends[i]["ts"] for i in starts),
       "arrow_has_one_end_only")
    ok(all(is_inside(flow, slices) for flow in
           list(starts.values()) + list(ends.values())),
       "arrow_ends_outside_of_every_slice")
    ok(all(piece["dur"] >= 0 for piece in slices), "slice_ends_too_early")
    rows = {}
    for piece in sorted(slices, key=lambda one: (one["ts"], -one["dur"])):
        rows.setdefault(piece["tid"], []).append(piece)
    ok(all(is_nested(row) for row in rows.values()),
       "slices_of_a_row_cross_each_other")
    ok(len({(one["pid"], one["tid"]) for one in slices}) == len(rows),
       "two_rows_have_the_same_number")
    ok(all(one.keys() >= {"name", "ph", "pid", "tid"} for one in found) and
       all("ts" in one for one in found if one["ph"] != "M"),
       "event_lacks_what_the_format_asks_for")


def check_picture(run):
    said = texts(run.svg("trace.svg"))
    lanes = [text for text in said if re.fullmatch(
        r"(sh|cat|pipe|host) \d+", text)]
    ok(sorted(lane.split()[0] for lane in lanes) ==
       ["cat", "host", "pipe", "sh", "sh"], "lane_is_missing", lanes)
    colours = [node.get("fill") for node in run.svg("trace.svg").iter(
        SVG + "rect")]
    ok(said.count("ended") == 3 and colours.count("#c9ccd1") == 1,
       "state_of_a_task_is_taken_for_another", said)
    numbers = [int(text) for text in said if re.fullmatch(r"\d+", text)
               and run.find(r"^ *%s " % text)]
    ok("sends 3 bytes" in said and "receives 3 bytes" in said and
       set(run.find("send +pipe")) <= set(numbers),
       "column_does_not_name_its_event", said)
    arrows = [node for node in run.svg("trace.svg").iter(SVG + "path")
              if node.get("class") == "head send"]
    ok(len(arrows) == 2, "arrow_of_a_send_is_missing", len(arrows))


def check_pages(root):
    run = Run(root, "boxes", "-c")
    names = run.pages()
    columns = [len(list(run.svg(name).iter(SVG + "circle")))
               for name in names]
    ok(len(names) > 1 and max(columns, default=999) <= 100,
       "long_run_has_one_endless_page", columns)
    ok(run.read("index.html").count("<svg") == len(names),
       "index_has_not_all_pages")
    sent = [run.log[i].split()[-1] for i in run.find(" send .*message")]
    received = [run.log[i].split()[-1] for i in
                run.find(" receive .*message")]
    ok(len(sent) > 10 and sorted(sent) == sorted(received),
       "message_of_a_mailbox_is_not_found_again", (sent, received))


def check_long(root):
    """More events than the ring holds."""
    run = Run(root, "for i in $(seq 2000); do : > /dev/null; done",
              "-k", "calls,tasks,life")
    ok(len(run.log) > 20000 and len(run.log) == 1 + int(
        run.log[-1].split()[0]), "full_ring_loses_events", len(run.log))
    ok(run.find("call +poweroff")[-1:] == [len(run.log) - 1],
       "last_events_stay_in_the_ring")


def check_kinds(root):
    run = Run(root, "echo hi | cat", "-k", "ipc")
    kinds = {line.split()[5] for line in run.log}
    ok(kinds == {"send", "receive"}, "kinds_that_are_off_come", kinds)
    ok(len(list(run.svg("trace.svg").iter(SVG + "circle"))) == 4,
       "columns_of_kinds_that_are_off")


def check_endless(root):
    """The past events can be read while the machine waits: look until
    the log shows the wait."""
    path = os.path.join(root, "endless")
    line = "mkfifo /tmp/f; sleep 1000 | cat /tmp/f"
    machine = subprocess.Popen(
        ["tools/run", "-n", "-T", path, "-k", "trace=on", "--", line],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    run = None
    for _ in range(100):
        time.sleep(0.2)
        if os.path.exists(path) and os.path.getsize(path) >= 24:
            run = Run(root, line, "-f", path)
            if run.find("cat .*block +.*for peer"):
                break
    machine.terminate()
    machine.wait()
    ok(run and run.find("for peer"), "machine_that_waits_tells_nothing")


def steps(run, kind):
    """[(event, what about), ...] of the events with a socket of this kind."""
    found = [line.split(None, 6)[5:] for line in run.log]
    return [words for words in found if len(words) == 2 and
            words[0] in ("connect", "connected", "accept", "send", "arrive",
                         "receive", "shut", "reset") and
            words[1].startswith(kind + " ")]


def check_sockets(root):
    """Each step of a connection has an event, and both ends are named."""
    line = "nc -l%s & until echo hi | nc %s 2> /dev/null; do sleep 0.1; done"
    run = Run(root, line % (" 7000", "localhost 7000"))
    said = steps(run, "tcp socket")
    order = [name for name, _ in said]
    ends = [re.sub(r"socket \d+ |(?<=:)[1-6]\d{4}", "", words)
            for name, words in said if name in ("connected", "accept")]
    ok(sorted(ends) == ["tcp at port 7000, tcp to 127.0.0.1:",
                        "tcp to 127.0.0.1:, tcp to 127.0.0.1:7000",
                        "tcp to 127.0.0.1:7000, tcp at port 7000"],
       "socket_of_the_network_has_no_named_peer", said)
    ok(order.index("connect") < order.index("connected") <
       order.index("send") < order.index("arrive") < order.index("receive")
       and order.count("shut") == 2 and order.count("arrive") == 3,
       "step_of_a_connection_has_no_event", said)
    run = Run(root, line % ("U /tmp/s", "-U /tmp/s"))
    said = [(name, re.sub(r"\d+", "N", words)) for name, words in
            steps(run, "socket")]
    ok(("connect", "socket N to /tmp/s, socket /tmp/s") in said and
       ("connected", "socket N to N, socket N to /tmp/s") in said and
       ("accept", "socket /tmp/s, socket N to N") in said,
       "local_socket_has_no_named_peer", said)
    run = Run(root, "nc localhost 7000")
    ok(any(name == "reset" and "-ECONNREFUSED" in words
           for name, words in steps(run, "tcp socket")),
       "refused_connection_has_no_event", run.log[-20:])


def check_limit(root):
    """A program in an endless loop leaves no time to write events out."""
    run = Run(root, "echo hi; while true; do true; done", TIMEOUT="3")
    ok(run.result.returncode == 124 and run.find("exec +sh") and
       re.search(r"^task \d+ \(sh\): runs", run.result.stderr, re.MULTILINE),
       "run_that_does_not_end_has_no_trace_or_report", run.result.stderr)


def red_arcs(svg):
    return len([node for node in svg.iter(SVG + "path")
                if node.get("class") == "head deadlock"])


def check_deadlock(root):
    """Five owner events, then the last philosopher waits."""
    run = Run(root, "philosophers --deadlock")
    ok(run.result.returncode == 123 and
       red_arcs(run.svg("trace.svg")) == 5 and
       "deadlock at event" in run.result.stderr and
       "\ndeadlock: philosophers(" in run.result.stderr,
       "circle_of_philosophers_is_not_found", run.result.stderr)
    run = Run(root, "embrace --deadlock")
    ok(run.result.returncode == 123 and
       red_arcs(run.svg(run.pages()[-1])) == 2 and
       re.search(r"^deadlock at event \d+: embrace \d+ waits for embrace \d+,"
                 r" embrace \d+ waits", run.result.stderr, re.MULTILINE),
       "circle_of_mailbox_calls_is_not_drawn", run.result.stderr)
    path = os.path.join(root, "letters")
    subprocess.run(["tools/run", "-n", "-t", "-T", path, "-k", "trace=on",
                    "/tests/hang_parley letters"],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    run = Run(root, "letters", "-f", path)
    ok(red_arcs(run.svg(run.pages()[-1])) == 2,
       "circle_of_mailbox_messages_is_not_drawn", run.result.stderr)
    run = Run(root, "embrace --deadlock & sleep 0.5; why > /dev/null; "
              "kill -9 $(ps | grep embrace | tail -n 1 | cut -c1-5)")
    ok(run.result.returncode == 0 and
       red_arcs(run.svg(run.pages()[-1])) == 0,
       "circle_of_calls_that_was_broken_has_red_arcs", run.result.stderr)
    run = Run(root, "philosophers --deadlock & sleep 0.5; kill -9 "
              "$(ps | grep philosophers | tail -n 1 | cut -c1-5)")
    ok(run.result.returncode == 0 and
       red_arcs(run.svg(run.pages()[-1])) == 0,
       "circle_that_was_broken_has_red_arcs", run.result.stderr)
    drawn = xml.etree.ElementTree.parse("docs/philosophers.svg").getroot()
    lanes = [text for text in texts(drawn)
             if text.startswith("philosophers ")]
    held = [text for text in texts(drawn) if text.startswith("held by ")]
    ok(red_arcs(drawn) == len(held) == 5 and len(lanes) == 6,
       "picture_of_the_readme_shows_no_deadlock", (lanes, held))


def check_panic(root):
    """The last events before a panic come out."""
    path = os.path.join(root, "panic")
    subprocess.run(["tools/run", "-n", "-t", "-T", path, "-k",
                    "trace=boot test=panic_with_sleepers"],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    run = Run(root, "panic", "-f", path)
    ok(run.find("switch") and run.find("block"), "panic_keeps_its_events",
       run.result.stderr)


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    with tempfile.TemporaryDirectory() as root:
        run = Run(root, "echo hi | cat")
        check_log(run, root)
        check_ctf(run)
        check_json(run)
        check_picture(run)
        ok("make replay" in run.result.stderr and
           os.path.exists(run.folder + "/record/run.json"),
           "traced_run_is_not_recorded", run.result.stderr)
        once, again = (Run(root, "echo hi | cat", ICOUNT="0")
                       for _ in range(2))
        ok(once.log == again.log and once.read("trace.svg") ==
           again.read("trace.svg"), "same_command_gives_another_trace")
        ok(Run(root, "exit 3").result.returncode == 3,
           "status_of_the_command_is_lost")
        check_pages(root)
        check_long(root)
        check_kinds(root)
        check_endless(root)
        check_sockets(root)
        check_limit(root)
        check_deadlock(root)
        check_panic(root)
    print("1..%d" % count)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
