"""proxy.py - between GDB and QEMU, makes threads of the kernel's tasks.

QEMU's stub knows one thread, the processor. This proxy hands all packets on,
except questions about threads: the list of threads, their names, and the
registers and memory of a thread that does not run. The proxy answers these
questions from the kernel's memory: the saved registers of a blocked task lie
on its kernel stack, its program's memory behind its page tables. So GDB, and
any editor on top of GDB, shows tasks without an extension.

A thread's number is the task's; 0 means "any" to GDB, so BOOT is the number of
the boot before the first task.
"""
import select
import socket
import struct

import facts
import waits
from stub import Gone, Line, Silent, Stub
from values import PHYSICAL, Kernel, Unreadable

BOOT = 65535
REGISTERS = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip",
             "eflags", "cs", "ss", "ds", "es", "fs", "gs")
KERNEL_SELECTORS = {"cs": 0x08, "ss": 0x10, "ds": 0x23, "es": 0x23, "fs": 0,
                    "gs": 0, "eflags": 2}


class Machine:
    """QEMU's stub, and the kernel seen through the stub."""

    def __init__(self, stub, layout):
        self.stub = stub
        self.kernel = Kernel(layout, self.read, stub.monitor)

    def read(self, address, size):
        try:
            return self.stub.read(address, size)
        except OSError as error:
            raise Unreadable(str(error))

    def registers(self):
        """The registers of the processor, by name."""
        data = bytes.fromhex(self.stub.registers())
        return dict(zip(REGISTERS, struct.unpack_from("<16I", data)))

    def running(self):
        """The running task, or None before the first task."""
        try:
            return facts.task_running(self.kernel, self.registers()["esp"])
        except Unreadable:
            return None

    def tasks(self):
        try:
            return list(facts.tasks(self.kernel))
        except Unreadable:
            return []                   # paging is not on yet

    def read_as(self, task, address, size):
        """Memory as seen by this task."""
        data = b""
        while len(data) < size:
            at = address + len(data)
            part = min(size - len(data), 4096 - at % 4096)
            place = at if at >= facts.KERNEL_BASE else \
                facts.walk(self.kernel, task, at)
            if place is None:
                break
            data += self.kernel.read(place, part)
        if not data:
            raise Unreadable("task %d has no memory at %#x" % (
                int(task["id"]), address))
        return data


class Proxy:
    """A GDB and a machine. `commands` may answer monitor commands."""

    def __init__(self, layout, start):
        self.layout = layout
        self.start = start              # starts QEMU, gives the socket
        self.commands = {}
        self.travel = None              # see travel_machine.py
        self.selected = 0               # Hg: the thread of g, m and so on
        self.is_running = False
        self.gdb = None
        self.connect()

    def connect(self):
        """Connect to a machine at its first instruction."""
        self.machine = Machine(Stub(self.start()), self.layout)
        self.stub = self.machine.stub
        self.stub.ask("qSupported:hwbreak+;swbreak+")
        self.stub.ask("Hg0")

    # ---- Threads ----------------------------------------------------------

    def running_id(self):
        task = self.machine.running()
        return int(task["id"]) if task is not None else BOOT

    def threads(self):
        """[(number, name)] of all tasks, with the running task."""
        running = self.running_id()
        kernel = self.machine.kernel
        found = [] if running != BOOT else [(BOOT, "boot [running]")]
        for task in self.machine.tasks():
            number = int(task["id"])
            try:
                words = waits.thread_words(kernel, task, number == running)
            except Unreadable:
                words = "?"
            found.append((number, "%s [%s]" % (facts.task_name(task), words)))
        return found

    def task_asleep(self):
        """The task of Hg if this task does not run, else None."""
        if self.selected in (0, BOOT, self.running_id()):
            return None
        try:
            return facts.find_task(self.machine.kernel, self.selected)
        except Unreadable:
            return None                 # before the kernel has memory

    def thread_list(self):
        text = "<?xml version=\"1.0\"?><threads>"
        for number, name in self.threads():
            for char, entity in (("&", "&amp;"), ("<", "&lt;"),
                                 (">", "&gt;"), ('"', "&quot;")):
                name = name.replace(char, entity)
            text += '<thread id="%x" core="0" name="%s"/>' % (number, name)
        return text + "</threads>"

    # ---- Packets about a thread --------------------------------------------

    def registers_of(self, task):
        """`g` of a task that does not run: registers that are not saved come
        from the processor, and mean nothing."""
        values = dict(KERNEL_SELECTORS, eax=0, ecx=0, edx=0)
        values.update(facts.saved_registers(self.machine.kernel, task))
        head = struct.pack("<16I", *(values[name] for name in REGISTERS))
        return head.hex() + self.stub.registers()[128:]

    def on_registers(self, packet):
        task = self.task_asleep()
        return self.registers_of(task) if task else None

    def on_register(self, packet):
        task = self.task_asleep()
        number = int(packet[1:], 16)
        if not task or number >= len(REGISTERS):
            return None
        return self.registers_of(task)[8 * number:8 * number + 8]

    def on_change(self, packet):
        """Refuse to change the registers of a task that does not run."""
        return "E01" if self.task_asleep() else None

    def on_read(self, packet):
        address, size = (int(word, 16) for word in packet[1:].split(","))
        task = self.task_asleep()
        if not task or address >= facts.KERNEL_BASE:
            return None
        return self.machine.read_as(task, address, size).hex()

    def on_write(self, packet):
        """Bytes for a program that does not run go through its page tables;
        shared pages change for all programs."""
        place, _, data = packet[1:].partition(":")
        address, size = (int(word, 16) for word in place.split(","))
        self.machine.kernel.forget()
        task = self.task_asleep()
        if not task or address >= facts.KERNEL_BASE:
            return None
        found = facts.walk(self.machine.kernel, task, address)
        if found is None or found >= PHYSICAL or \
                address % 4096 + size > 4096:
            return "E01"
        return self.stub.ask("%s%x,%x:%s" % (packet[0], found, size, data))

    def on_thread(self, packet):
        if packet[1] == "g":
            number = packet[2:]
            self.selected = 0 if number in ("-1", "0") else int(number, 16)
        return "OK"

    def on_alive(self, packet):
        number = int(packet[1:], 16)
        alive = any(number == known for known, _ in self.threads())
        return "OK" if alive else "E01"

    # ---- Packets of the whole machine --------------------------------------

    def on_query(self, packet):
        if packet.startswith("qSupported"):
            return "PacketSize=1000;qXfer:features:read+;" \
                "qXfer:threads:read+;QStartNoAckMode+;vContSupported+"
        if packet.startswith("qXfer:threads:read::"):
            offset, size = (int(word, 16) for word
                            in packet.split(":")[-1].split(","))
            text = self.thread_list()
            part = text[offset:offset + size]
            return ("l" if offset + size >= len(text) else "m") + part
        if packet == "qC":
            return "QC%x" % self.running_id()
        if packet.startswith("qAttached"):
            return "1"
        if packet.startswith("qRcmd,"):
            return self.on_monitor(packet)
        return None

    def on_monitor(self, packet):
        words = bytes.fromhex(packet[6:]).decode().split()
        command = self.commands.get(words[0]) if words else None
        if not command:
            said = self.stub.monitor(" ".join(words))
        else:
            said = command(*words[1:])
        self.machine.kernel.forget()
        if said:
            self.tell(said)
        return "OK"

    def on_ack_mode(self, packet):
        self.gdb.send("OK")
        self.gdb.wants_acks = False
        return ""

    def on_why(self, packet):
        self.selected = self.running_id()
        return "T05thread:%x;" % self.selected

    def on_continue(self, packet):
        """vCont, with a single processor: a step counts for the running task;
        a waiting task runs on until a stop."""
        if packet == "vCont?":
            return "vCont;c;C;s;S"
        running = self.running_id()
        action = "c"
        for part in packet.split(";")[1:]:
            what, _, thread = part.partition(":")
            number = int(thread, 16) if thread not in ("", "-1") else running
            if what[0] in "sS" and number == running:
                action = "s"
        self.machine.kernel.forget()
        self.stub.send(action)
        self.is_running = True
        return ""

    ANSWERS = (
        ("QStartNoAckMode", on_ack_mode), ("vCont", on_continue),
        ("?", on_why), ("q", on_query), ("H", on_thread), ("T", on_alive),
        ("g", on_registers), ("p", on_register), ("G", on_change),
        ("P", on_change), ("m", on_read), ("M", on_write),
    )

    def answer(self, packet):
        """Our answer, or QEMU's; "" when the answer was sent already."""
        for prefix, function in self.ANSWERS:
            if packet.startswith(prefix):
                try:
                    answer = function(self, packet)
                except Unreadable:
                    answer = "E01"
                break
        else:
            answer = "OK" if packet == "!" else None
        return self.stub.ask(packet) if answer is None else answer

    # ---- The loop ----------------------------------------------------------

    def from_gdb(self):
        for packet in self.gdb.packets():
            if packet == "\3":
                self.stub.interrupt()
            elif packet in ("k", "vKill;a410") or packet.startswith("vKill"):
                raise Gone()
            elif packet.startswith("D"):
                self.gdb.send("OK")
                raise Gone()
            else:
                answer = self.answer(packet)
                is_sent = answer == "" and packet.startswith(
                    ("vCont;", "QStartNoAckMode"))
                if not is_sent:
                    self.gdb.send(answer)

    def from_machine(self):
        """The machine has stopped: say on which thread. A finished replay
        begins again, so that a way back exists."""
        try:
            packets = list(self.stub.packets())
        except Gone:
            packets = ["W00"]
        for packet in packets:
            self.is_running = False
            if packet.startswith("W") and self.travel.can_go_back:
                self.tell("The recorded run is over. This is its first "
                          "instruction again.\n")
                self.connect()
                packet = "T05"
            self.machine.kernel.forget()
            if packet.startswith("T"):
                rest = "".join(part + ";" for part in packet[3:].split(";")
                               if part and not part.startswith("thread:"))
                # For GDB, Hg is now the stopped thread.
                self.selected = self.running_id()
                packet = "%sthread:%x;%s" % (packet[:3], self.selected, rest)
            self.gdb.send(packet)

    def tell(self, text):
        """Words for the user, while the machine runs or is asked."""
        self.gdb.send("O" + text.encode().hex())

    def serve(self, connection):
        """Speak with a GDB until GDB or the machine goes."""
        self.gdb = Line(connection)
        try:
            while True:
                ready = select.select([self.gdb, self.stub], [], [])[0]
                if self.gdb in ready:
                    self.from_gdb()
                elif self.stub in ready:
                    self.from_machine()
        except (Gone, Silent):
            pass
        finally:
            connection.close()


def listen(path):
    """A socket that waits for GDB."""
    line = socket.socket(socket.AF_UNIX)
    line.bind(path)
    line.listen(1)
    return line
