"""picture.py - a run as a drawing: running and waiting tasks, and moving data.

One lane for each task of the command, with a bar for its state; one lane for
each object used for communication, with its depth or its owner. A column is an
event, not a moment: `goto` in the debugger takes the number below a column. A
movement is an arrow in the column of its event, so arrows never lie on each
other. At the right edge stands the end of the run, and the circle if tasks
wait for each other in a circle.

Pages are cut by columns; each page begins with the current states.
"""
import bisect
import re
from xml.sax.saxutils import escape

from drawing import NIGHT
from story import OUTSIDE

LEFT, RIGHT, HEAD, COLUMN = 168, 190, 186, 26
TASK_HEIGHT, OBJECT_HEIGHT, OWNED_HEIGHT, BAR, DEPTH = 38, 50, 30, 18, 22
FOR_EVER = 140                  # of the bars behind the last event
FONT = "font-family=\"'DejaVu Sans',Verdana,Arial,sans-serif\""
COLOURS = {
    "running": "#35a165", "ready": "#f4c64f", "blocked": "#f3d3cd",
    "stopped": "#c9ccd1", "send": "#2762c4", "receive": "#0b8a8f",
    "wake": "#d97706", "switch": "#8b929c", "signal": "#a8328f",
    "pages": "#7c5a2e", "life": "#3d4654", "call": "#6b7280",
    "reply": "#2762c4", "fork": "#3d4654", "deadlock": "#d11f2d",
}
STUCK = "#eea29b"
INK = {"blocked": "#9a3324"}            # of texts in a colour of their own
LEGEND = (("running", "runs"), ("ready", "ready, waits for the processor"),
          ("blocked", "blocked on what it says"), ("stopped", "stopped"))
ARROWS = (("send", "send, reply"), ("receive", "receive"), ("wake", "wake"),
          ("switch", "switch"), ("signal", "signal"), ("pages", "pages"),
          ("life", "begin, end"), ("flight", "on its way"))
DASHES = {"switch": "2 3", "flight": "4 2"}


def cut(text, width, per_letter=6.1):
    """As much of a text as fits, or nothing. A lock's program goes first."""
    room = int((width - 6) / per_letter)
    if len(text) > room:
        text = re.sub(r" of \S+$", "", text)
    if len(text) <= room:
        return text
    return text[:room - 1] + "\u2026" if room > 4 else ""


def colour_of(kind):
    return COLOURS["send" if kind == "flight" else kind]


def dashes(kind):
    return 'stroke-dasharray="%s"' % DASHES[kind] if kind in DASHES else ""


def label_of(lane):
    """The name of an object in two lines: a peer is in the second line."""
    name, *small = re.split(r" (?=to |at port )", str(lane.object), maxsplit=1)
    if lane.object.kind in OUTSIDE:
        small.append("outside")
    elif lane.most:
        small.append("%s, at most %s" % (lane.unit, short(lane.most)))
    return name, ", ".join(small)


def short(depth):
    """65536 is 64k, and 65535 stays: one byte must not look like 1 KiB."""
    return "%dk" % (depth // 1024) if depth >= 100000 or \
        depth >= 10000 and depth % 1024 == 0 else str(depth)


def head(x, y, dx, dy, kind):
    """The head of an arrow, with its tip a little behind (x, y). A path: not
    every reader of SVG turns a marker."""
    long = (dx * dx + dy * dy) ** 0.5 or 1
    dx, dy = dx / long, dy / long
    x, y = x + 2 * dx, y + 2 * dy
    back, side = 9, 4.5
    return '<path class="head %s" d="M%.1f %.1fL%.1f %.1fL%.1f %.1fz" ' \
        'fill="%s"/>' % (
            kind, x, y, x - back * dx - side * dy, y - back * dy + side * dx,
            x - back * dx + side * dy, y - back * dy - side * dx,
            colour_of(kind))


class Page:
    def __init__(self, story, columns, lanes, others, objects, title, is_last):
        self.story, self.columns = story, columns
        self.lanes, self.others, self.objects = lanes, others, objects
        self.title, self.is_last = title, is_last
        self.is_stuck = is_last and story.is_stuck() and all(
            lane in lanes for lane in story.deadlock[1])
        self.places = [column.place for column in columns]
        self.right = LEFT + 24 + COLUMN * len(columns) + \
            (FOR_EVER if self.is_stuck else 0)
        self.width = self.right + RIGHT
        self.out = []
        self.y = {}
        y = HEAD
        for lane in lanes:
            self.y[lane.task] = y + TASK_HEIGHT // 2 - 4
            y += TASK_HEIGHT
        self.others_y = y + TASK_HEIGHT // 2 - 4
        y += (TASK_HEIGHT if others else 0) + 6
        for lane in objects:
            height = OWNED_HEIGHT if lane.owners and not lane.most \
                else OBJECT_HEIGHT
            self.y[lane.object] = y + height // 2
            y += height
        self.bottom = y
        self.height = y + 104

    # ---- Small things ----------------------------------------------------

    def x_of(self, place):
        """The column of an event, or of the first event shown later."""
        index = bisect.bisect_left(self.places, place)
        if place < self.places[0]:
            return LEFT
        if index == len(self.places):
            return self.right
        return LEFT + 24 + COLUMN * index

    def y_of(self, who):
        is_other = self.others and who not in self.story.objects
        return self.y.get(who, self.others_y if is_other else None)

    def put(self, text):
        self.out.append(text)

    def text(self, x, y, text, size=11, colour="#24292f", more=""):
        self.put('<text x="%.1f" y="%.1f" font-size="%s" fill="%s" %s>%s'
                 '</text>' % (x, y, size, colour, more, escape(text)))

    def bar(self, x, y, width, height, colour, title, more=""):
        self.put('<rect x="%.1f" y="%.1f" width="%.1f" height="%d" rx="3" '
                 'fill="%s" %s><title>%s</title></rect>' % (
                     x, y, max(width, 1), height, colour, more, escape(title)))

    # ---- Lanes -----------------------------------------------------------

    def grid(self):
        for index, column in enumerate(self.columns):
            x = LEFT + 24 + COLUMN * index
            event = column.event
            self.put('<g><rect x="%d" y="%d" width="%d" height="%d" '
                     'fill="%s"/><title>%s</title>' % (
                         x - COLUMN // 2, HEAD - 6, COLUMN,
                         self.bottom - HEAD + 6,
                         "#fafbfc" if index % 2 else "#f1f3f6",
                         escape("event %d, %.3f ms: %s %s\ngoto %d" % (
                             event.number, event.us / 1000, event.who,
                             column.words, event.number))))
            colour = INK.get(column.topic) or COLOURS[column.topic]
            self.text(x + 4, HEAD - 10, cut(column.words, 180), 10.5, colour,
                      'transform="rotate(-48 %d %d)"' % (x + 4, HEAD - 10))
            self.text(x + 4, self.bottom + 16, str(event.number), 10,
                      "#57606a", 'text-anchor="end" transform='
                      '"rotate(-48 %d %d)"' % (x + 4, self.bottom + 16))
            self.put("</g>")

    def label(self, y, name, small):
        self.text(LEFT - 12, y + 1 if small else y + 4, cut(name, LEFT, 7.4),
                  12, more='text-anchor="end" font-weight="bold"')
        if small:
            self.text(LEFT - 12, y + 13, small, 9.5, "#57606a",
                      'text-anchor="end"')

    def segments(self, segments, y, stuck=None):
        """stuck: the page that ends in a deadlock, if any."""
        for segment in segments:
            x, end = self.span(segment)
            if end <= x:
                continue
            words = segment.state if segment.label in ("", segment.state) \
                else "%s: %s" % (segment.state, segment.label)
            is_stuck = end == self.right and segment is stuck
            colour = STUCK if is_stuck else COLOURS[segment.state]
            is_blocked = segment.state == "blocked"
            self.bar(x, y - BAR / 2, end - x, BAR, colour, words,
                     'stroke="#d9a79d"' if is_blocked else "")
            if is_blocked:
                self.text(x + 5, y + 4, cut(segment.label, end - x), 10,
                          INK["blocked"])

    def span(self, segment):
        end = self.story.last + 1 if segment.end is None else segment.end
        if segment.end is not None and segment.end > self.places[-1]:
            end = self.story.last + 1
        if end < self.places[0] or segment.start > self.places[-1]:
            return 0, 0
        return self.x_of(segment.start), self.x_of(end)

    def calls(self, lane, y):
        """Calls of some length, as thin bars below the state."""
        for call in lane.calls:
            x, end = self.span(call)
            if end - x < 2 * COLUMN:
                continue
            self.bar(x, y + BAR / 2 + 2, end - x, 9, "#e3e6ea", call.label)
            self.text(x + 4, y + BAR / 2 + 9.5, cut(call.label, end - x, 5),
                      8.5, "#57606a")

    def tasks(self):
        for lane in self.lanes:
            y = self.y[lane.task]
            self.label(y, str(lane.task), "")
            self.segments(lane.segments, y, lane.segments[-1] if lane.segments
                          and self.in_circle(lane) else None)
            self.calls(lane, y)
        if self.others:
            self.label(self.others_y, "others", "")
        for lane in self.others:
            for segment in lane.segments:
                x, end = self.span(segment)
                if segment.state == "running" and end > x:
                    self.bar(x, self.others_y - 7, end - x, 14, "#dfe3e8",
                             "%s runs" % lane.task)
                    self.text(x + 4, self.others_y + 4,
                              cut(lane.task.name, end - x), 9.5, "#57606a")

    def depths(self, lane, y):
        base, scale = y + OBJECT_HEIGHT / 2 - 10, DEPTH / max(lane.most, 1)
        points, last = [], 0
        for place, depth in lane.depths:
            if place > self.places[-1]:
                break
            x = self.x_of(place)
            points += [(x, base - last * scale), (x, base - depth * scale)]
            if depth not in (last, 0) and place >= self.places[0]:
                self.text(x + 6, base - DEPTH - 3, short(depth), 9,
                          COLOURS["send"])
            last = depth
        end = self.x_of(self.story.last if lane.gone is None else lane.gone)
        if not points:
            return
        points += [(end, base - last * scale), (end, base),
                   (points[0][0], base)]
        self.put('<polygon points="%s" fill="#c9daf6" stroke="#7fa4e0">'
                 '<title>%s</title></polygon>' % (
                     " ".join("%.1f,%.1f" % point for point in points),
                     escape("%s, at most %d %s" % (lane.object, lane.most,
                                                   lane.unit))))

    def owners(self, lane, y):
        for segment in lane.owners:
            x, end = self.span(segment)
            if end > x:
                self.bar(x, y - 8, end - x, 16, "#d9e4fb", segment.label,
                         'stroke="#9db7ea"')
                self.text(x + 5, y + 4, cut(segment.label, end - x), 10,
                          "#2b4a86")

    def channels(self):
        for lane in self.objects:
            y = self.y[lane.object]
            name, small = label_of(lane)
            self.label(y, name, small)
            end = lane.gone if lane.gone is not None else self.story.last
            x1, x2 = self.x_of(lane.made), self.x_of(end)
            base = y + OBJECT_HEIGHT / 2 - 10
            if lane.object.kind in OUTSIDE:
                self.bar(x1, y - 8, x2 - x1, 16, "#e8eaee",
                         "outside of the machine")
                continue
            if lane.most or not lane.owners:
                self.put('<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" '
                         'stroke="#9db7ea"/>' % (x1, x2, base, base))
                self.depths(lane, y)
            self.owners(lane, y)

    # ---- Arrows ----------------------------------------------------------

    def arrow(self, arrow):
        source, target = self.y_of(arrow.source), self.y_of(arrow.target)
        if source is None or target is None or arrow.place not in self.places:
            return
        x = self.x_of(arrow.place)
        down = 1 if target > source else -1
        colour = COLOURS[arrow.kind]
        is_switch = arrow.kind == "switch"
        dash = dashes(arrow.kind)
        end = target - down * BAR / 2
        tip = "" if is_switch else head(x, end, 0, down, arrow.kind)
        line = 'x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"' % (
            x, x, source + (0 if not is_switch else
                            BAR / 2 + 12 if down > 0 else -BAR / 2), end)
        self.put('<g><line %s stroke="#ffffff" stroke-width="3.6" '
                 'stroke-opacity="0.75"/><line %s stroke="%s" '
                 'stroke-width="1.8" %s/>%s<title>%s</title></g>' % (
                     line, line, colour, dash, tip, escape(arrow.label)))

    def flights(self):
        """From the column of a send to the column of its receive."""
        for target, sent, received in self.story.flights:
            y = self.y_of(target)
            if y is None or received < self.places[0] or \
                    sent > self.places[-1]:
                continue
            x1, x2, base = self.x_of(sent), self.x_of(received), y + 15
            self.put('<path d="M%.1f %.1f Q%.1f %.1f %.1f %.1f" fill="none" '
                     'stroke="%s" stroke-width="1.3" %s/>%s' % (
                         x1, base, (x1 + x2) / 2, base + 16, x2 - 2, base + 2,
                         COLOURS["send"], dashes("flight"),
                         head(x2 - 2, base + 2, (x2 - x1) / 2, -14,
                              "flight")))

    def journeys(self):
        """Frames from card to card: sent and received are events."""
        for sent, received in self.story.trace.journeys:
            y1, y2 = self.y_of(sent.object), self.y_of(received.object)
            places = [event.number - self.story.trace.events[0].number
                      for event in (sent, received)]
            if y1 is None or y2 is None or not (
                    set(places) & set(self.places)):
                continue
            label = "a frame of %d bytes from %s to %s, %.3f ms" % (
                sent.a, sent.object, received.object,
                (received.us - sent.us) / 1000)
            x1, x2 = (self.x_of(place) for place in places)
            self.put('<g><line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" '
                     'stroke="%s" stroke-width="2.2"/>%s<title>%s</title></g>'
                     % (x1, y1, x2, y2, COLOURS["send"],
                        head(x2, y2, x2 - x1, y2 - y1, "send"),
                        escape(label)))

    def dots(self):
        for index, column in enumerate(self.columns):
            if column.topic == "switch" or \
                    self.y_of(column.event.task) is None:
                continue                # shown by the bars
            self.put('<circle cx="%d" cy="%.1f" r="3.6" fill="%s" '
                     'stroke="#ffffff" stroke-width="1.2"/>' % (
                         LEFT + 24 + COLUMN * index,
                         self.y_of(column.event.task),
                         COLOURS[column.topic if column.topic != "blocked"
                                 else "deadlock"]))

    # ---- The edges -------------------------------------------------------

    def ends(self):
        """Right of the last column: the state there."""
        x = self.right + 8
        for lane in self.lanes:
            last = lane.segments[-1] if lane.segments else None
            words = "ended" if last is None or last.end is not None else \
                last.state
            if self.is_last and not self.in_circle(lane):
                self.text(x, self.y[lane.task] + 4, words, 10, "#57606a")
        if self.is_stuck:
            self.circle(x)

    def in_circle(self, lane):
        return self.is_stuck and lane in self.story.deadlock[1]

    def circle(self, x):
        lanes, holders = self.story.deadlock[1:]
        colour = COLOURS["deadlock"]
        for lane, holder in zip(lanes, holders):
            y1, y2 = self.y[lane.task] + 3, self.y[holder] - 3
            bulge = 26 + abs(y2 - y1) * 0.42
            self.put('<path d="M%d %.1f C%.1f %.1f %.1f %.1f %d %.1f" '
                     'fill="none" stroke="%s" stroke-width="2">'
                     '<title>%s</title></path>%s' % (
                         x, y1, x + bulge, y1, x + bulge, y2, x + 3, y2,
                         colour, escape("%s waits for %s" % (lane.task,
                                                             holder)),
                         head(x + 3, y2, -1, 0, "deadlock")))
        middle = sum(self.y[lane.task] for lane in lanes) / len(lanes)
        self.text(x + 102, middle, "deadlock:", 12, colour,
                  'font-weight="bold"')
        self.text(x + 102, middle + 15, "each waits", 10.5, colour)
        self.text(x + 102, middle + 29, "for the next", 10.5, colour)

    def legend(self):
        x, y = LEFT, self.bottom + 66
        self.text(LEFT - 12, self.bottom + 18, "goto", 11, "#57606a",
                  'text-anchor="end" font-weight="bold"')
        for state, words in LEGEND:
            self.put('<rect x="%d" y="%d" width="16" height="11" rx="2" '
                     'fill="%s"/>' % (x, y - 10, COLOURS[state]))
            self.text(x + 21, y, words, 10.5)
            x += 34 + int(len(words) * 6.4)
        x, y = LEFT, y + 22
        for kind, words in ARROWS:
            self.put('<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="%s" '
                     'stroke-width="2.4" %s/>' % (
                         x, x + 16, y - 4, y - 4,
                         colour_of(kind), dashes(kind)))
            self.text(x + 21, y, words, 10.5)
            x += 34 + int(len(words) * 6.4)

    def svg(self):
        self.grid()
        self.tasks()
        self.channels()
        self.flights()
        self.journeys()
        for arrow in self.story.arrows:
            self.arrow(arrow)
        self.dots()
        self.ends()
        self.legend()
        self.text(14, 24, self.title[0], 14, more='font-weight="bold"')
        self.text(14, 42, self.title[1], 10.5, "#57606a")
        width = max(self.width, LEFT + 760)
        return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" '
                'height="%d" viewBox="0 0 %d %d" %s>%s\n'
                '<rect width="100%%" height="100%%" rx="8" fill="#ffffff"/>\n'
                '%s\n</svg>\n' % (width, self.height, width, self.height,
                                  FONT, NIGHT, "\n".join(self.out)))
