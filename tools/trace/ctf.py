"""ctf.py - the trace as a folder of the Common Trace Format, version 1.8.

The bytes written by the kernel are already a stream of this format: 24 bytes
an event, packed, and a single packet fills the file. Only the description is
missing: this file writes `metadata` from the table of events. babeltrace2 and
tools built on babeltrace2 read the folder.
"""
import os

HEAD = """/* CTF 1.8 */

typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
typealias integer { size = 32; align = 8; signed = true; } := int32_t;
typealias integer { size = 32; align = 8; signed = false; base = 16; } \
:= hex_t;
typealias integer { size = 8; align = 8; signed = false; encoding = UTF8; } \
:= char_t;

trace { major = 1; minor = 8; byte_order = le; };
env { domain = "kernel"; tracer_name = "parley"; };
clock { name = cycles; freq = %d; };

typealias integer { size = 64; align = 8; signed = false;
	map = clock.cycles.value; } := stamp_t;

stream {
	event.header := struct { stamp_t timestamp; uint16_t id; };
	event.context := struct { uint16_t task; };
};
"""
TYPES = {"RESULT": "int32_t", "ADDRESS": "hex_t", "OBJECT": "hex_t",
         "WORD": "hex_t", "ACCESS": "hex_t", "KINDS": "hex_t",
         "MESSAGE": "hex_t"}
ENUMS = ("CALL", "EVENT", "STATE", "SIGNAL")
PLAIN = {"object": "", "a": "", "b": ""}


def field(meaning, word):
    """The name of a field: its meaning, or the name of the word."""
    if meaning in ("NONE", "WORD", "TEXT"):
        return word
    if meaning == "OBJECT" and word != "object":
        return "of_object"
    return meaning.lower() if meaning != "TASK" else "of_task"


def enum(name, pairs):
    lines = ['\t"%s" = %d' % (text, number) for number, text in pairs]
    return "enum %s : uint32_t {\n%s\n};\n" % (name, ",\n".join(lines))


def enums(tables):
    yield enum("CALL", sorted(tables.calls.items()))
    yield enum("EVENT", enumerate(tables.waits))
    yield enum("STATE", enumerate(tables.states))
    yield enum("SIGNAL", sorted(tables.signals.items()))


def fields(kind):
    words = list(zip(kind.words, ("object", "a", "b")))
    if kind.words[1:] == ("TEXT", "TEXT"):
        words = words[:1]
    for meaning, word in words:
        type_name = "enum " + meaning if meaning in ENUMS else \
            TYPES.get(meaning, "uint32_t")
        yield "%s _%s;" % (type_name, field(meaning, word))
    if kind.words[1:] == ("TEXT", "TEXT"):
        yield "char_t _text[8];"


def metadata(trace):
    parts = [HEAD % (trace.khz * 1000)]
    parts += enums(trace.tables)
    for kind in trace.tables.events:
        parts.append('event { id = %d; name = "%s";\n\tfields := struct { %s '
                     '};\n};\n' % (kind.number, kind.name,
                                   " ".join(fields(kind))))
    return "\n".join(parts)


def write(trace, data, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "metadata"), "w") as file:
        file.write(metadata(trace))
    with open(os.path.join(folder, "stream"), "wb") as file:
        file.write(data)
