#!/usr/bin/env python3
"""network.py - the machine, the host and a second machine talk; the wire may
lose frames, and may carry anything.
"""
import concurrent.futures
import http.client
import http.server
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from console import ROOT, done, ok                          # noqa: E402

LINES = int(os.environ.get("LINES", 30000))      # in a file to send
SECONDS = 120 + LINES // 3000
FLOOD = int(os.environ.get("FRAMES", 20000))
MAC = bytes.fromhex("525400123456")


def start(command, net, *words, stdin=subprocess.DEVNULL, env={}):
    return subprocess.Popen(
        ["tools/run", "-n", *words, command], stdin=stdin,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=dict(os.environ, NET=net, TIMEOUT=str(SECONDS), **env))


def start_on_wire(folder, command, **options):
    """A guest, 10.0.3.1, and our end of the wire, which drops each frame."""
    path = folder + "/wire"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    guest = start(command, "connect:" + path, "-k", "ip=10.0.3.1/24",
                  **options)
    wire = listener.accept()[0]
    listener.close()
    threading.Thread(target=drain, args=(wire,), daemon=True).start()
    return guest, wire


def drain(wire):
    try:
        while wire.recv(65536):
            pass
    except OSError:
        pass


def finish(process):
    out = process.communicate()[0].decode(errors="replace")
    return process.returncode, out


def run(command, net):
    return finish(start(command, net))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


# ---- The host ---------------------------------------------------------------

class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def guest_fetches_from_python(folder):
    content = bytes(random.Random(1).choices(range(256), k=300000))
    with open(folder + "/blob", "wb") as file:
        file.write(content)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *a: Quiet(*a, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    result = subprocess.run(
        ["tools/run", "-n", "fetch http://10.0.2.2:%d/blob" % port],
        env=dict(os.environ, NET="user"), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, timeout=SECONDS)
    server.shutdown()
    ok(result.stdout == content, "file_of_the_host_arrives_changed",
       len(result.stdout))


def refused_and_unknown():
    code, out = run("fetch http://10.0.2.2:%d/; fetch http://no.such.name./" %
                    free_port(), "user")
    ok("Connection refused" in out, "closed_port_of_the_host_is_not_refused",
       out)
    ok(re.search("no.such.name.: (name|temporary)", out),
       "unknown_name_is_found", out)


def host_fetches_from_guest(requests, at_once):
    port = free_port()
    guest = start("httpd", "user,%d:80" % port)
    connecting = threading.Lock()
    with open("user/etc/services", "rb") as file:
        wanted = file.read()

    def get(_):
        """QEMU listens with room for one client: many that connect at the
        same moment time out or are reset by the host, not by the guest."""
        client = http.client.HTTPConnection("127.0.0.1", port,
                                            timeout=SECONDS)
        try:
            with connecting:
                client.connect()
                time.sleep(0.005)
            client.request("GET", "/etc/services")
            return client.getresponse().read()
        finally:
            client.close()

    while True:                         # the guest may be booting
        try:
            get(0)
            break
        except (OSError, http.client.HTTPException) as error:
            if guest.poll() is not None:
                ok(False, "guest_serves_nothing", error)
                return
            time.sleep(0.1)
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        try:
            answers = list(pool.map(get, range(requests)))
        except (OSError, http.client.HTTPException) as error:
            answers = [error]
    guest.kill()
    guest.communicate()
    ok(all(answer == wanted for answer in answers),
       "answers_to_%d_clients_at_once_differ" % at_once,
       [answer for answer in answers if answer != wanted][:3])


# ---- Two machines -----------------------------------------------------------

def two(options, one, other):
    result = subprocess.run(
        ["tools/two", *options, one, other], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS,
        env=dict(os.environ, TIMEOUT=str(SECONDS - 10)))
    return result.stdout.decode(errors="replace")


# Wait until the other machine has started.
MEET = "until ping -c 1 %s > /tmp/pings; do sleep 0.1; done; "


def machines_reach_each_other():
    out = two([], MEET % "two" + "ping -c 3 two; httpd -n 1",
              MEET % "one" + "ping -c 3 one; "
              "until fetch http://one/proc/net; do sleep 0.2; done")
    ok(out.count("3 of 3 came back") == 2, "machines_do_not_answer", out)
    ok("two: en: address 10.0.3.1" in out, "file_of_one_does_not_reach_two",
       out)


def lost_frames_are_sent_again(lines):
    """Both ways at the same time, with every twentieth frame lost."""
    words = "seq 1 %d > /tmp/big; httpd -n 1 & " \
        "until fetch http://%s/tmp/big > /tmp/got; do sleep 1; done; " \
        "cmp /tmp/got /tmp/big && echo same; wait"
    out = two(["-l", "5"], words % (lines, "two"), words % (lines, "one"))
    ok("one: same" in out and "two: same" in out,
       "bytes_differ_after_lost_frames", out[-2000:])


# ---- A silent wire ----------------------------------------------------------

def silent_machine():
    """No frame is answered. Guest time does not wait for the host."""
    with tempfile.TemporaryDirectory() as folder:
        guest, wire = start_on_wire(folder, "nc 10.0.3.2 80; echo status $?",
                                    env={"ICOUNT": "0"})
        status, out = finish(guest)
        wire.close()
    ok("nc: 10.0.3.2 port 80: Timed out\nstatus 1" in out,
       "connect_to_a_silent_machine_is_not_timed_out", out)


# ---- A flood ----------------------------------------------------------------

def checksum(data):
    words = struct.unpack("!%dH" % (len(data) // 2), data[:len(data) & ~1])
    total = sum(words)
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def forged(chance):
    """A frame that is nearly right: each layer may lie about its length."""
    payload = chance.randbytes(chance.choice((0, 1, 7, 40, 700, 1480)))
    kind = chance.choice((1, 6, 17, 2, 255))
    length = chance.choice((20 + len(payload), 0, 65535, 19, 28))
    head = struct.pack("!BBHHHBBH4s4s", chance.choice((0x45, 0x4f, 0x41, 0x65)),
                       0, length, chance.randrange(4),
                       chance.choice((0, 0x2000, 0x2001, 0x1fff, 0x4000)), 64,
                       kind, 0, bytes((10, 0, 3, chance.choice((2, 9)))),
                       bytes((10, 0, 3, chance.choice((1, 255)))))
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return MAC + b"\x52\x54\0\0\0\2" + b"\x08\0" + head + payload


def arp(chance):
    return chance.choice((MAC, b"\xff" * 6)) + b"\x52\x54\0\0\0\2\x08\x06" + \
        struct.pack("!HHBBH", 1, 0x800, 6, 4, chance.choice((1, 2, 9))) + \
        chance.randbytes(20)


def any_frame(chance):
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.choice((1, 13, 14, 60, 1514, 1515,
                                               2000, 4000)))
    return arp(chance) if kind == 1 else forged(chance)


def wait_for(guest, word):
    """The lines up to the line with the word, or up to the end."""
    said = ""
    while word not in said:
        line = guest.stdout.readline()
        if not line:
            break
        said += line.decode(errors="replace")
    return said


def memory_of_guest(guest):
    """What the network uses now: the guest tells after each line."""
    try:
        guest.stdin.write(b"now\n")
        guest.stdin.flush()
    except OSError:
        pass
    found = re.search(r"memory (\d+) of", wait_for(guest, "memory "))
    return int(found.group(1)) if found else None


def comes_back(guest, most):
    """The guest still works through the last frames, and the first parts of
    datagrams wait some seconds for the rest."""
    for _ in range(SECONDS):
        used = memory_of_guest(guest)
        if used is None or used <= most:
            break
        time.sleep(1)
    return used


def flood(seed):
    """No frame stops the machine, and the memory comes back."""
    with tempfile.TemporaryDirectory() as folder:
        guest, wire = start_on_wire(
            folder, "ping -c 1 localhost > /dev/null; "
            "while read line; do cat /proc/net; done; ping -c 1 localhost",
            stdin=subprocess.PIPE)
        before = memory_of_guest(guest)         # the guest is up
        chance = random.Random(seed)
        try:
            for _ in range(FLOOD):
                frame = any_frame(chance)
                wire.sendall(struct.pack("!I", len(frame)) + frame)
        except OSError:
            pass
        after = comes_back(guest, (before or 0) + 4096)
        status, out = finish(guest)
        wire.close()
    ok(status == 0 and "1 of 1 came back" in out,
       "flood_of_seed_%d_stops_the_machine" % seed, out)
    ok(None not in (before, after) and after <= before + 4096,
       "flood_of_seed_%d_keeps_memory" % seed, (before, after))


def main():
    os.chdir(ROOT)
    subprocess.run(["make", "-s", "all"], check=True)
    if "this kernel was built without lwIP" in run("cat /proc/net", "")[1]:
        print("ok 1 - network # skip without lwIP: run make deps")
        print("1..1")
        return
    folder = tempfile.mkdtemp()
    try:
        guest_fetches_from_python(folder)
    finally:
        shutil.rmtree(folder)
    refused_and_unknown()
    host_fetches_from_guest(int(os.environ.get("REQUESTS", 200)), 100)
    machines_reach_each_other()
    lost_frames_are_sent_again(LINES)
    silent_machine()
    flood(1)
    done()


if __name__ == "__main__":
    main()
