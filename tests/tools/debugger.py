#!/usr/bin/env python3
"""debugger.py - Parley's commands in GDB: scripted sessions, read back.

Each session is one machine; the output of GDB is cut into the answers to the
commands. No test depends on the speed of the machine.
"""
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import ROOT, Terminal, done, ok, vm            # noqa: E402

SECONDS = 150
# Two tests may record at the same time, and the user has a recording too.
os.environ["RECORD"] = "build/tests/record-%d" % os.getpid()


def forget_recording():
    shutil.rmtree(os.path.join(ROOT, os.environ["RECORD"]),
                  ignore_errors=True)


def first_task():
    """The number of the shell for a command line. The processes that the
    shell starts have the next numbers."""
    said = subprocess.run(["tools/run", "-n", "echo $$"], cwd=ROOT,
                          stdin=subprocess.DEVNULL, timeout=SECONDS,
                          stdout=subprocess.PIPE, text=True).stdout
    return int(said)


FIRST = first_task()


def line_of(path, words):
    """The number of the first line with these words."""
    lines = vm.read_text(os.path.join(ROOT, path)).splitlines()
    return str(next(number for number, line in enumerate(lines, 1)
                    if words in line))


ASK = line_of("user/calculator/by_mailbox.c", "if (mailbox_call(box, &head")
SERVE = line_of("user/calculator/by_mailbox.c", "if (head.type == STOP)")


def numbered(text):
    """<0> is the number of the shell, or of the program after an exec, <1>
    of the first child; <ask> and <serve> are lines of the calculator."""
    text = text.replace("<ask>", ASK).replace("<serve>", SERVE)
    return re.sub(r"<(\d)>", lambda found: str(FIRST + int(found.group(1))),
                  text)


class Session:
    """GDB runs these commands; answer() is the output of a command."""

    def __init__(self, commands, line=None, options=()):
        command = ["tools/debug", "-n"] + list(options)
        commands = [numbered(text) for text in commands]
        for number, text in enumerate(commands):
            command += ["-e", "echo \\n@%d@\\n" % number, "-e", text]
        command += ["--"] + ([line] if line else [])
        try:
            result = subprocess.run(
                command, cwd=ROOT, timeout=SECONDS, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, errors="replace")
            self.text = result.stdout
        except subprocess.TimeoutExpired as expired:
            self.text = "(time out) " + (expired.stdout or b"").decode(
                errors="replace")
        self.commands = commands

    def answer(self, what):
        """The answer to the first command with this beginning."""
        what = numbered(what)
        return self.number(next(i for i, text in enumerate(self.commands)
                                if text.startswith(what)))

    def number(self, number):
        """The answer to the command with this number."""
        found = re.search(r"^@%d@$(.*?)(?=^@\d+@$|\Z)" % number, self.text,
                          re.DOTALL | re.MULTILINE)
        return found.group(1) if found else ""

    def says(self, what, pattern, name):
        answer = self.answer(what)
        ok(re.search(numbered(pattern), answer, re.MULTILINE | re.DOTALL), name,
           "%s: %s" % (what, answer or self.text[-2000:]))


def waiting():
    """Two servers wait for each other, in a stopped machine."""
    s = Session(["break-message 1 nowhere", "break-message 1 eve",
                 "continue", "continue 1", "delete",
                 "until-deadlock", "info threads", "tasks", "waits", "why <1>",
                 "deadlock", "ipc", "ipc eve", "task <1>", "program",
                 "info locals", "thread apply all backtrace", "bt-all",
                 "fds <1>", "regions <1>", "frames", "syscalls", "ktrace 5",
                 "print *cpu.current",
                 "print cpu.current->process->tasks", "help parley",
                 "python gdb.execute('thread %d' % next(t.num for t in "
                 "gdb.selected_inferior().threads() if t.ptid[1] == 1))",
                 "frame function main"], "embrace --deadlock")
    s.says("continue", "Breakpoint 1, kmain", "stops_in_kmain")
    s.says("continue 1", r"embrace .*sys_mailbox_call \(",
           "stops_at_a_message_to_that_box")
    ok("Error in testing" not in s.text, "a_message_to_another_box_goes_on",
       s.text[-2000:])
    s.says("until-deadlock", r'<1>. waits for reply in mailbox /eve, up to '
           r'embrace.<2>.\nembrace.<2>. .*/adam, up to embrace.<1>',
           "deadlock_is_found_when_it_closes")
    s.says("info threads", r'embrace .blocked: mailbox /eve',
           "a_thread_says_what_its_task_waits_for")
    s.says("tasks", r"<1>  embrace +blocked .*reply in mailbox /eve",
           "tasks_and_what_they_wait_for")
    s.says("waits", r"<1>  embrace +reply in mailbox /eve +embrace\(<2>\)",
           "who_could_end_a_wait")
    s.says("why", r"embrace\(<2>\): waits for reply.*<1>\): see above.*Nobody",
           "a_chain_of_waits_is_followed")
    s.says("deadlock", r"up to embrace\(<2>\).*up to embrace\(<1>\)",
           "the_circle_is_printed")
    s.says("ipc", r"mailbox /eve +1 +1 +1 of 16.*embrace\(<1>\)",
           "objects_with_their_waiters")
    s.says("ipc eve", r"message of type 1 from <1>.*read as descriptor \d+ of "
           r"embrace\(<2>\)", "one_object_in_full")
    s.says("task <1>", r"sys_mailbox_call.*user_mode.*mailbox_call.*"
           r"in ask .*embrace.c:\d+.*main",
           "a_blocked_task_from_the_wait_to_its_main")
    s.says("info locals", "place = ", "locals_of_a_blocked_program")
    s.says("thread apply", r"in ask .*embrace.c.*sys_waitpid.*user_mode",
           "each_thread_has_a_back_trace")
    s.says("bt-all", r"task 1: init.*main \([^)]*\) at (\./)?user/init.c.*"
           r"task <1>: embrace.*in ask .*embrace.c",
           "each_task_with_its_own_symbols")
    s.says("fds", r"\d +r?w? +mailbox /eve", "descriptors")
    s.says("regions", r"r-x .*/bin/embrace, page 0.*pages are present",
           "regions_of_a_task")
    s.says("frames", r"\d+ +\d+ +free.*\d+ +\d+ +in all.*task$",
           "physical_memory_by_use")
    s.says("syscalls", r"6 read .*mailbox_call", "system_calls")
    s.says("ktrace", r"embrace\(<2>\) +block +mailbox /adam",
           "newest_events")
    s.says("print *cpu.current", r"task <2> \(embrace\) = \{.*waits for reply "
           "in mailbox", "a_task_prints_its_facts")
    s.says("print cpu.current->process", "list of 1", "a_list_is_counted")
    s.says("frame function", r" at (\./)?user/init.c:",
           "symbols_follow_the_thread_that_is_selected")
    s.says("help", "(?s)back .*bt-all.*goto N.*why N", "help_lists_them_all")


def stepping():
    """A message, from the sender's line through the kernel to the
    receiver's."""
    s = Session(["user calculator", "break by_mailbox.c:<ask>", "continue",
                 "continue 1", "kernel", "backtrace", "tbreak switch_to_task",
                 "continue 2", "why <2>", "info threads",
                 "break by_mailbox.c:<serve>", "delete 2", "continue 3",
                 "print head", "print question", "task <2> backtrace", "next",
                 "stepi", "delete 4", "break-message 3", "continue 4",
                 "print *(struct message *)head_at",
                 "delete", "info breakpoints", "delete ", "finish"],
                "calculator")
    s.says("continue 1", r"mailbox_ask \(.*by_mailbox.c:<ask>.*mailbox_call",
           "stops_at_the_senders_line")
    s.says("kernel", r"sys_mailbox_call \(fd=3",
           "follows_sysenter_into_the_kernel")
    s.says("backtrace", r"more_arguments.*user_mode.*by_mailbox.c:<ask>",
           "the_line_is_still_in_the_back_trace")
    s.says("continue 2", "switch_to_task", "the_sender_gives_way")
    s.says("why <2>", r"calculator\(<2>\): waits for reply in mailbox",
           "the_task_says_what_it_waits_for")
    s.says("info threads", r"Thread <2> .calculator .*switch_to_task",
           "the_thread_is_the_stacks_while_tasks_are_switched")
    s.says("continue 3", r"be_server .*by_mailbox.c:<serve>",
           "the_message_arrives_at_the_receivers_line")
    s.says("print head", "message type 1 from <2> to 0",
           "a_message_prints_its_facts")
    s.says("task <2>",
           r"mailbox_call .*user_mode.*in mailbox_ask .*by_mailbox.c:<ask>",
           "the_sender_still_waits")
    s.says("continue 4", r"sys_mailbox_reply_receive \(",
           "stops_at_a_reply")
    s.says("print *(struct", "message type 3 from", "of_that_type")
    s.says("info breakpoints", "No breakpoints",
           "all_breakpoints_go_at_once")
    s.says("next", "find_answer.question", "steps_by_source_lines")


def programs():
    """Breakpoints of two programs at once, though GDB knows the symbols of one
    program."""
    s = Session(["user wc main", "user seq", "break main", "delete 1",
                 "continue", "delete 3", "continue 1", "backtrace",
                 "delete 2", "break-syscall exit <2>",
                 "continue 2", "tasks"], "seq 3 | wc -l")
    s.says("continue", r"main \(argc=2.*user/seq.c", "stops_in_one_program")
    s.says("continue 1", r"Breakpoint 2, in program wc.*main .*user/wc.c",
           "stops_in_the_other_and_knows_it")
    s.says("backtrace", "main .*user/wc.c", "symbols_follow_the_program")
    s.says("continue 2", "sys_exit .status=0", "stops_at_a_system_call")
    s.says("tasks", r"\* +<2>  wc +running", "of_that_task_only")


def record():
    """A run for travelling(), and its picture: {number: words} of the
    columns. The run never ends, so the function checks for the deadlock."""
    folder = os.path.join(os.environ["RECORD"], "..", "picture-%d" %
                          os.getpid())
    for seconds in ("3", "20", "60"):
        result = subprocess.run(
            ["tools/trace/trace.py", "-n", "-o", folder, "embrace --deadlock"],
            cwd=ROOT, timeout=SECONDS, text=True, stdin=subprocess.DEVNULL,
            env=dict(os.environ, TIMEOUT=seconds),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
        if 'block       mailbox /adam' in vm.read_text(folder + "/log.txt"):
            break
    ok("make replay" in result.stdout, "a_deadlock_is_recorded_and_ends",
       result.stdout)
    drawn = vm.read_text(folder + "/trace.svg")
    shutil.rmtree(folder, ignore_errors=True)
    return re.findall(r"<title>event \d+, [^:]*: ([^\n]*)\ngoto (\d+)</title>",
                      drawn), re.findall(r">(\d+)</text>", drawn)


def column(columns, words):
    """The number of a column, as the student reads in the picture."""
    return next((number for said, number in columns[0]
                 if re.search(numbered(words), said) and number in columns[1]),
                "0")


def number_of_events(answer):
    found = re.search(r"(\d+) events so far, (\d+) instr", answer)
    return (int(found.group(1)), int(found.group(2))) if found else None


def travelling():
    """The same run over and over, back and forth."""
    columns = record()
    sends = column(columns, "embrace <1> sends message")
    switches = column(columns, "embrace <2> .*nobody runs")
    s = Session(["goto " + sends, "goto " + switches,
                 "until-deadlock", "where-now", "back", "ktrace 1",
                 "who-changed cpu.switches", "backtrace", "goto 60",
                 "ktrace 2", "goto 59", "ktrace 3",
                 "set travel-seconds 100", "goto 999999", "goto 60 ",
                 "ktrace 2 ", "until-deadlock ", "where-now ", "continue",
                 "set travel-seconds 0", "until-deadlock  "],
                None, ["-r"])
    s.says("goto " + sends, r'^%s +embrace\(<1>\) +send +mailbox /eve' %
           sends, "the_number_of_a_column_leads_to_its_event")
    s.says("goto " + switches, r"^%s +embrace\(<2>\) +switch +idle" % switches,
           "and_that_of_another_one")
    s.says("until-deadlock", r"up to embrace\(<2>\).*up to embrace\(<1>\)",
           "goes_on_to_the_deadlock")
    s.says("back", r"block +mailbox", "back_to_the_event_before")
    s.says("who-changed", r"cpu.switches became \d+ here, after event",
           "goes_back_to_what_changed_a_variable")
    s.says("backtrace", "run_next|block_task", "and_it_was_the_scheduler")
    s.says("goto 60", "^60 ", "goes_to_an_event")
    s.says("ktrace 3", r"57 .*58 .*59 [^\n]*\n$", "and_not_further")
    s.says("goto 999999", r"there is no event 999999; this run has 0 to \d+",
           "an_event_that_never_comes_is_named")
    first, again = s.answer("ktrace 2"), s.answer("ktrace 2 ")
    ok(first and first == again, "the_same_event_is_the_same_each_time",
       first + again)
    there, again = (number_of_events(s.answer(what))
                    for what in ("where-now", "where-now "))
    ok(there and there == again, "so_is_the_count_of_instructions",
       "%s %s" % (there, again))
    s.says("continue", "The recorded run is over",
           "the_end_of_the_run_is_not_the_end_of_the_session")
    s.says("until-deadlock  ", "no end after 0 s",
           "what_takes_too_long_says_so")


def philosophers():
    """Mutexes name their owners."""
    s = Session(["set travel-seconds 100", "until-deadlock", "ipc"],
                "philosophers --deadlock")
    circle = re.findall(r"philosophers.(\d+). waits for mutex forks\[\d\] of "
                        r"philosophers, held by philosophers.(\d+).",
                        s.answer("until-deadlock"))
    ok(len(circle) == 5 and all(held == circle[(i + 1) % 5][0]
                                for i, (_, held) in enumerate(circle)),
       "the_philosophers_stand_in_a_circle", s.answer("until-deadlock"))
    s.says("ipc", r"mutex forks\[1\] of philosophers .* held by "
           r"philosophers.<2>. +philosophers.<1>.", "a_fork_says_who_holds_it")


def sockets():
    """A socket with a peer is called by the peer: local, and of the network."""
    line = "nc -l%s & until echo hi | nc %s 2> /dev/null; do sleep 0.1; done"
    commands = ["break sys_shutdown", "continue", "continue 1", "ipc"]
    s = Session(commands, line % ("U /tmp/s", "-U /tmp/s"))
    s.says("ipc", r" socket /tmp/s .*listens.* socket (\d+) to /tmp/s "
           r".*\n *\d+  socket \d+ to \1 .*3 bytes",
           "local_sockets_have_no_named_peers")
    s = Session(commands, line % (" 7000", "localhost 7000"))
    if "tcp socket" in s.answer("ipc"):         # the kernel has lwIP
        s.says("ipc", r"tcp socket \d+ at port 7000 .*listens.*"
               r"tcp socket \d+ to 127.0.0.1:7000 .*connected",
               "sockets_of_the_network_have_no_named_peers")


def at_the_keyboard():
    """GDB works differently for a user at the keyboard: ctrl-c, finish."""
    terminal = Terminal(["tools/debug", "-n"])
    prompt = r"\(gdb\) $"
    terminal.expect(prompt, SECONDS)
    for line in ("set style enabled off", "set width 0", "continue",
                 "delete"):
        terminal.command(line, prompt)
    terminal.send("continue\n")
    seen = terminal.expect(r"Continuing.", SECONDS)
    while seen and "$ " not in vm.read_text(terminal_log(terminal)):
        time.sleep(0.05)
    terminal.send("\x03")
    ok("SIGINT" in (terminal.expect(prompt, SECONDS) or ""),
       "ctrl_c_stops_the_machine", terminal.all[-500:])
    said = terminal.command(numbered("task <0> backtrace"), prompt)
    ok(re.search("sys_ppoll.*user_mode.*user/sh/", said, re.DOTALL),
       "the_shell_waits_for_a_key", said)
    terminal.command("user sh", prompt)
    terminal.command("break sys_write", prompt)
    terminal.send("continue\n")
    attach = subprocess.Popen(["tools/attach", os.path.dirname(
        terminal_log(terminal)) + "/terminal"], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    attach.stdin.write(b"echo hello\n")
    attach.stdin.flush()
    ok("sys_write" in (terminal.expect(prompt, SECONDS) or ""),
       "keys_come_through_the_socket", terminal.all[-500:])
    said = terminal.command("finish", prompt)
    ok("sysenter_entry" in said and "Value returned" in said,
       "finish_ends_at_the_entry", said)
    attach.kill()
    terminal.send("quit\n")
    ok(terminal.wait() is not None, "and_gdb_ends", terminal.all[-500:])


def terminal_log(terminal):
    found = re.search(r"also in (\S+)", terminal.all)
    return found.group(1) if found else ""


def complaints():
    """An error is a single line, not a trace of Python."""
    s = Session(["tasks", "hbreak pipe_read", "continue", "continue",
                 "task 99", "task", "why x", "ipc nothing", "user nothing",
                 "break-syscall nothing", "break-message x", "regions 2",
                 "goto 1", "back", "who-changed cpu.switches",
                 "who-changed nothing", "who-changed 3", "detach", "waits"],
                "seq 3 | wc -l")
    for what, pattern in (
            ("tasks", "not to be read here"), ("task 99", "no task 99"),
            ("task", "not to be read here"), ("why x", "usage: why N"),
            ("ipc nothing", "no object nothing"),
            ("user nothing", "no program nothing"),
            ("break-syscall nothing", "no system call nothing"),
            ("break-message x", "usage: break-message"),
            ("regions 2", "no memory of its own"),
            ("goto 1", "was not recorded"),
            ("who-changed cpu.switches", "was not recorded"),
            ("who-changed nothing", "No symbol \"nothing\""),
            ("waits", "there is no machine")):
        s.says(what, pattern, "complaint_of_" + what.replace(" ", "_"))
    ok("Traceback" not in s.text and "Python Exception" not in s.text,
       "no_trace_of_python", s.text)


def main():
    os.chdir(ROOT)
    waiting()
    stepping()
    programs()
    travelling()
    philosophers()
    sockets()
    at_the_keyboard()
    complaints()
    forget_recording()
    done()


if __name__ == "__main__":
    main()
