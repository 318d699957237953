#!/usr/bin/env python3
"""drawing.py - draw a data structure of the guide from a small text.

usage: drawing.py FILE.txt...		writes FILE.svg beside each file

The lines of the text, with words as in a shell; # begins a comment:

	title TEXT			the caption above the drawing
	box NAME COLUMN ROW TITLE	a struct: the lines below are its fields
	memory NAME COLUMN ROW TITLE	the same, drawn dashed: plain memory
	note COLUMN ROW TEXT		a text without a box; \\n begins a line
	    FIELD [VALUE]		a field, indented
	arrow FROM TO [CAPTION]		from a field or box to a field or box

A field is named BOX.FIELD, by the first word. Columns and rows count from 0.
"""
import os
import shlex
import sys
from html import escape

LETTER, LINE, PAD = 7.3, 20, 10
GAP_X, GAP_Y, EDGE, TOP = 84, 34, 20, 44
# For a picture with colours in its text: at night, light is dark. Hues stay.
NIGHT = """<style>@media screen and (prefers-color-scheme: dark) {
svg { filter: invert(.91) hue-rotate(180deg) } }</style>"""
TIP = 9                 # an arrowhead; weasyprint draws markers as squares
STYLE = """
text { font-family: "DejaVu Sans Mono", Menlo, monospace; font-size: 12px;
	fill: #1f2937 }
.title { font-weight: bold; font-size: 13px }
.head { font-weight: bold }
.value { fill: #2762c4 }
.note, .caption { font-family: "DejaVu Sans", sans-serif; font-size: 11px;
	fill: #57606a }
.caption { paint-order: stroke; stroke: #ffffff; stroke-width: 5px }
.paper { fill: #ffffff }
.box { fill: #f6f8fa; stroke: #57606a }
.top { fill: #dbe7f8; stroke: #57606a }
.memory { fill: #fdf7e7; stroke: #8a6d1f; stroke-dasharray: 5 3 }
.rule { stroke: #d0d7de }
.arrow { fill: none; stroke: #b3470b; stroke-width: 1.5 }
.tip { fill: #b3470b }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .value { fill: #79b8ff }
.note, .caption { fill: #adb6c0 } .caption { stroke: #0d1117 }
.paper { fill: #0d1117 }
.box { fill: #161b22; stroke: #8b949e } .top { fill: #1d2f4d; stroke: #8b949e }
.memory { fill: #241f10; stroke: #c9a94b } .rule { stroke: #30363d }
.arrow { stroke: #f0883e } .tip { fill: #f0883e } }
"""


class Box:
    """A struct, a piece of memory, or a note (a box without a frame)."""

    def __init__(self, kind, column, row, title):
        self.kind, self.column, self.row = kind, int(column), int(row)
        self.title, self.fields = title, []
        self.x = self.y = self.width = 0

    def lines(self):
        return self.title.split("\\n")

    def least(self):
        longest = [len(line) for line in self.lines()] + [
            len(name) + len(value) + (3 if value else 0)
            for name, value in self.fields]
        return max(longest) * LETTER + 2 * PAD

    def height(self):
        return LINE * (len(self.lines()) + len(self.fields)) + 8

    def level(self, field):
        """The height of a field's middle; of the title without a field."""
        names = [name.split()[0] for name, _ in self.fields]
        row = names.index(field) + len(self.lines()) if field else 0.1
        return self.y + 4 + LINE * (row + 0.5)


class Drawing:
    """The boxes and arrows of a text."""

    def __init__(self, path):
        self.title, self.boxes, self.notes, self.arrows = "", {}, [], []
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    self.add(shlex.split(line, comments=True),
                             line[0].isspace())
                except (IndexError, KeyError, TypeError, ValueError) as error:
                    sys.exit("%s:%d: %s: %s" % (path, number, line.strip(),
                                                error))
        self.place()

    def add(self, words, indented):
        if not words:
            return
        if indented:
            last = list(self.boxes.values())[-1]
            last.fields.append((words + [""])[:2])
        elif words[0] == "title":
            self.title = words[1]
        elif words[0] in ("box", "memory"):
            self.boxes[words[1]] = Box(words[0], *words[2:])
        elif words[0] == "note":
            self.notes.append(Box(*words))
        elif words[0] == "arrow":
            ends = [(self.boxes[name.partition(".")[0]],
                     name.partition(".")[2]) for name in words[1:3]]
            self.arrows.append((*ends, (words + [""])[3]))
        else:
            raise ValueError("box, memory, note, arrow or title")

    def place(self):
        """Columns and rows get their sizes, and each box its corner."""
        cells = list(self.boxes.values()) + self.notes
        x, y = EDGE, TOP
        for column in range(max(box.column for box in cells) + 1):
            there = [box for box in cells if box.column == column]
            width = max([box.least() for box in there if box.kind != "note"],
                        default=0)
            for box in there:
                box.x, box.width = x, width
            x += width + GAP_X
        for row in range(max(box.row for box in cells) + 1):
            there = [box for box in cells if box.row == row]
            for box in there:
                box.y = y
            y += max([box.height() for box in there], default=0) + GAP_Y
        self.width = max([x - GAP_X + 2 * EDGE, len(self.title) * 8 + 2 * EDGE]
                         + [note.x + note.least() for note in self.notes])
        self.height = y - GAP_Y + EDGE

    def svg(self):
        out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"'
               ' viewBox="0 0 %d %d">' % ((self.width, self.height) * 2),
               "<title>%s</title><style>%s</style>" % (escape(self.title),
                                                       STYLE),
               '<rect class="paper" width="100%" height="100%" rx="8"/>',
               text(EDGE, 26, self.title, "title")]
        for box in self.boxes.values():
            out += framed(box)
        for box in self.notes:
            out += [text(box.x, box.y + LINE * (number + 0.7), line, "note")
                    for number, line in enumerate(box.lines())]
        for ends in self.arrows:
            out += arrow(*ends)
        return "\n".join(out + ["</svg>", ""])


def text(x, y, words, style, more=""):
    return '<text x="%.1f" y="%.1f" class="%s"%s>%s</text>' % (
        x, y, style, more, escape(words))


def framed(box):
    """The frame, the title and the fields of a box."""
    top = LINE * len(box.lines()) + 4
    shape = '<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"%s/>'
    yield shape % (box.kind, box.x, box.y, box.width, box.height(),
                   ' rx="4"')
    if box.kind == "box":
        yield shape % ("top", box.x, box.y, box.width, top, ' rx="4"')
    for number, line in enumerate(box.lines()):
        yield text(box.x + PAD, box.y + 17 + LINE * number, line, "head")
    for number, (name, value) in enumerate(box.fields):
        y = box.y + top + LINE * number
        if number:
            yield '<path class="rule" d="M%.1f %.1fh%.1f"/>' % (
                box.x + 1, y, box.width - 2)
        yield text(box.x + PAD, y + 15, name, "name")
        if value:
            yield text(box.x + box.width - PAD, y + 15, value, "value",
                       ' text-anchor="end"')


def arrow(start, end, caption):
    """A curve between the sides of two boxes that look at each other; in a
    column, between the right sides."""
    (a, b), (y1, y2) = (start[0], end[0]), [
        box.level(field) for box, field in (start, end)]
    same = a.column == b.column
    to_right = a.column < b.column
    x1 = a.x + (a.width if same or to_right else 0)
    x2 = b.x + (b.width if same or not to_right else 0)
    bend = (1 if same or to_right else -1) * max(abs(x2 - x1) / 2, 40)
    c1, c2 = x1 + bend, x2 + (bend if same else -bend)
    back = -TIP if x2 > c2 else TIP
    yield ('<path class="arrow" d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f"/>'
           % (x1, y1, c1, y1, c2, y2, x2 + back / 2, y2))
    yield ('<path class="tip" d="M%.1f %.1f L%.1f %.1f L%.1f %.1f Z"/>' % (
        x2, y2, x2 + back, y2 - TIP / 2, x2 + back, y2 + TIP / 2))
    if caption:
        x, y = (x1 + 3 * c1 + 3 * c2 + x2) / 8, (y1 + y2) / 2
        yield text(x, y - 6 if abs(y1 - y2) < 8 else y + 4, caption, "caption",
                   ' text-anchor="middle"')


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__.strip())
    for path in sys.argv[1:]:
        with open(os.path.splitext(path)[0] + ".svg", "w",
                  encoding="utf-8") as file:
            file.write(Drawing(path).svg())


if __name__ == "__main__":
    main()
