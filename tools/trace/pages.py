"""pages.py - a picture of any length: pages of columns, and an index.

A page has a lane for each task of the command and for each object used on this
page, in the order of their first events; an extra lane is for all remaining
tasks, mostly idle.
"""
import html
import os

import columns
import picture

PER_PAGE = 100

INDEX = """<!DOCTYPE html>
<meta charset="utf-8">
<title>%s</title>
<style>
:root { color-scheme: light dark; }
body { font: 14px 'DejaVu Sans', Verdana, sans-serif; margin: 1.5em;
	background: light-dark(#eef0f3, #0d1117);
	color: light-dark(#24292f, #e6edf3); }
section { overflow-x: auto; margin-bottom: 1.5em; }
code { background: light-dark(#fff, #161b22); padding: 0.1em 0.3em; }
</style>
<h1><code>%s</code></h1>
<p>%s</p>
%s
"""


class Album:
    def __init__(self, story, command, chooser):
        self.story, self.command = story, command
        self.columns = list(chooser.columns())
        self.chooser = chooser
        self.ours = [lane for lane in story.lanes.values()
                     if chooser.is_ours(lane.task)]

    def lanes(self, part):
        """Lanes of the command's tasks, and of further tasks that act here."""
        first, last = part[0].place, part[-1].place
        acting = {id(task) for column in part
                  for task in (column.event.task, column.event.other)}
        ours = [lane for lane in self.ours if id(lane.task) in acting or
                any(segment.start <= last and
                    (segment.end is None or segment.end >= first)
                    for segment in lane.segments)]
        others = [lane for lane in self.story.lanes.values()
                  if lane not in self.ours and id(lane.task) in acting and
                  lane.task.name != "cleaner"]
        return ours, others

    def objects(self, part):
        """Lanes of the objects that are used or held here."""
        places = {column.place for column in part}
        used = {id(end) for arrow in self.story.arrows
                if arrow.place in places
                for end in (arrow.source, arrow.target)}
        last = max(places, default=0)
        return [lane for lane in self.story.objects.values()
                if id(lane.object) in used or
                any(owner.start <= last and
                    (owner.end is None or owner.end >= min(places))
                    for owner in lane.owners)]

    def title(self, number, count, part):
        page = "" if count == 1 else "page %d of %d, " % (number, count)
        return "$ " + self.command, (
            "%sevents %d to %d; a column is an event, and the number below "
            "is what goto takes" % (page, part[0].event.number,
                                    part[-1].event.number))

    def pages(self, per_page=PER_PAGE):
        parts = [self.columns[at:at + per_page]
                 for at in range(0, len(self.columns), per_page)]
        for number, part in enumerate(parts, 1):
            yield picture.Page(self.story, part, *self.lanes(part),
                               self.objects(part),
                               self.title(number, len(parts), part),
                               number == len(parts)).svg()

    def write(self, folder):
        """trace.svg, or page-1.svg and so on; and index.html."""
        texts = list(self.pages())
        names = ["trace.svg"] if len(texts) == 1 else \
            ["page-%d.svg" % (i + 1) for i in range(len(texts))]
        for name, text in zip(names, texts):
            with open(os.path.join(folder, name), "w",
                      encoding="utf-8") as file:
                file.write(text)
        self.write_index(folder, texts)
        return names

    def write_one(self, path):
        """The first page alone, however long."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(next(self.pages(len(self.columns))))

    def write_index(self, folder, texts):
        command = html.escape(self.command)
        words = ("%d of %d events are columns here. The number under a column "
                 "is what <code>goto</code> takes in the debugger. Point at "
                 "anything to be told what it is." % (
                     len(self.columns), len(self.story.trace.events)))
        body = "\n".join("<section>\n%s</section>" % text for text in texts)
        with open(os.path.join(folder, "index.html"), "w",
                  encoding="utf-8") as file:
            file.write(INDEX % (command, command, words, body))
