"""chart.py - the figures of a run as a picture and as a table of the README.

Only `make bench-linux` writes the picture and the table; a later run of `make
bench` compares the table with its own figures.
"""
import math
import re

from drawing import NIGHT

PICTURE = "docs/performance.svg"
README = "README.md"
BEGIN = "<!-- written by make bench-linux -->"
END = "<!-- the end of it -->"

LEFT, WIDTH, ROW, BAR, TOP = 250, 470, 30, 11, 44
OURS, THEIRS, INK = "#2b6cb0", "#c9a227", "#222222"


def has_bars(result):
    """Rows of costs, not rows of growth, frames and shares of an
    instruction."""
    return result.value is not None and result.value >= 10 and \
        not result.row.is_growth and result.row.program not in (
            "frames", "boot", "long")


def text(x, y, words, extra=""):
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return '<text x="%d" y="%d" fill="%s"%s>%s</text>' % (
        x, y, INK, extra, words)


def bar(y, value, scale, colour, show):
    width = max(2, round(math.log10(value) * scale))
    return [
        '<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>' % (
            LEFT, y, width, BAR, colour),
        text(LEFT + width + 5, y + BAR - 1, show(value), ' font-size="11"')]


def draw(results, show, release):
    """The picture; a bar is as long as the logarithm of the value."""
    results = [result for result in results if has_bars(result)]
    most = max(max(result.value, result.linux or 0) for result in results)
    scale = WIDTH / math.log10(most)
    height = TOP + ROW * len(results) + 10
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="%d" '
        'font-family="sans-serif" font-size="13">%s' % (height, NIGHT),
        '<rect width="800" height="%d" fill="#ffffff"/>' % height,
        text(10, 18, "Instructions for one operation, logarithmic",
             ' font-weight="bold"'),
        '<rect x="%d" y="26" width="11" height="11" fill="%s"/>' % (
            LEFT, OURS), text(LEFT + 16, 36, "Parley")]
    if release:
        lines += ['<rect x="%d" y="26" width="11" height="11" fill="%s"/>' % (
            LEFT + 80, THEIRS), text(LEFT + 96, 36, "Linux " + release)]
    for number, result in enumerate(results):
        y = TOP + number * ROW
        lines.append(text(LEFT - 8, y + 16, result.row.words,
                          ' text-anchor="end"'))
        lines += bar(y + 3, result.value, scale, OURS, show)
        if result.linux:
            lines += bar(y + 3 + BAR, result.linux, scale, THEIRS, show)
    return "\n".join(lines + ["</svg>", ""])


def table(results, show, release):
    """The table of the README."""
    lines = ["| instructions | Parley | worst usual | debug | Linux | budget "
             "| moonshot |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for result in results:
        if result.value is None:
            continue
        lines.append("| %s | %s | %s | %s | %s | %s | %s |" % (
            result.row.words, show(result.value),
            show(result.figures["worst"]), show(result.figures["debug"]),
            show(result.linux), show(result.row.budget),
            show(result.row.moonshot)))
    if release:
        lines += ["", "Linux is %s of Debian." % release]
    return "\n".join(lines)


def read_section():
    with open(README) as file:
        readme = file.read()
    found = re.search(re.escape(BEGIN) + "\n(.*?)" + re.escape(END), readme,
                      re.DOTALL)
    return readme, found


def write(results, show, release):
    with open(PICTURE, "w") as file:
        file.write(draw(results, show, release))
    readme, found = read_section()
    if not found:
        print("%s has no place for the table: %s" % (README, BEGIN))
        return
    with open(README, "w") as file:
        file.write(readme[:found.start(1)] + table(results, show, release) +
                   "\n" + readme[found.end(1):])


def compare(results, show):
    """Say when the README tells of an older kernel."""
    found = read_section()[1]
    if not found:
        return
    told = dict(re.findall(r"^\| (.*?) \| (\S+) \|", found.group(1),
                           re.MULTILINE))
    old = [result.row.name for result in results
           if result.value is not None and
           told.get(result.row.words) != show(result.value)]
    if old:
        print("README.md tells older figures of: %s; make bench-linux "
              "writes them" % " ".join(old))
