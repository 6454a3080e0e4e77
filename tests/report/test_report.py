#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_report.py RESC SOURCE CASES: what `resc report` writes is what browsers can read, holds the
numbers of `inspect --json` and `bench --json`, shows hostile text and runs none of it."""
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

resc, source, cases = map(os.path.abspath, sys.argv[1:4])
passed = failed = 0
MODELS = ["fashion", "hostile", "single", "plain", "deep152"]
VOID = {"meta", "br", "img"}
OPTIONAL_END = {"p", "li", "tr", "td", "th", "thead", "tbody", "dt", "dd", "html"}
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def check(ok, what):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("failed:", what)


def run(*args, env=None, cwd=None):
    return subprocess.run([resc, *args], capture_output=True, text=True, cwd=cwd,
                          env={**os.environ, **(env or {})})


class Page(html.parser.HTMLParser):
    """Rows of tables as [(data-v, text)], the texts of elements, and what must not be there."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.scripts, self.tables, self.names = [], [], [], {}, []
        self.section = None
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"not closed: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "srcset", "action", "xlink:href"):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name == "href" and not value.startswith("#"):
                self.faults.append(f"a link away: {value!r}")
        attrs = dict(attrs)
        if tag == "section":
            self.section = attrs["id"]
        if tag == "tr":
            self.tables.setdefault(self.section, []).append([])
        if tag in ("td", "th"):
            self.tables[self.section][-1].append([attrs.get("data-v"), ""])
        if tag == "script":
            self.scripts.append("")
        if tag not in VOID and tag not in OPTIONAL_END:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in OPTIONAL_END:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> out of place, line {self.getpos()[0]}")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        rows = self.tables.get(self.section)
        if rows and rows[-1]:
            rows[-1][-1][1] += data

    def numbers(self, section, column):
        """Column by the text of its head, of the last table of a section."""
        rows = self.tables[section]
        heads = [i for i, row in enumerate(rows) if any(c[1].strip() == column for c in row)]
        at = [c[1].strip() for c in rows[heads[-1]]].index(column)
        return [float(row[at][0]) if row[at][0] else None for row in rows[heads[-1] + 1:]]


def page_of(path):
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    check(not page.faults, f"{path.name}: {page.faults[:5]}")
    rest = text.replace(SVG_NAMESPACE, "")
    check(not re.search(r"https?://|@import|url\(", rest), f"{path.name}: looks elsewhere")
    check(len(page.scripts) == 2, f"{path.name}: {len(page.scripts)} scripts")
    check(not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text),
          f"{path.name}: control characters")
    return page


def test_pages(folder, models):
    for name in MODELS:
        out = folder / f"{name}.html"
        done = run("report", models[name], "-o", str(out), "--quick")
        check(done.returncode == 0, f"{name}: {done.stderr}")
        page = page_of(out)
        document = json.loads(page.scripts[0])
        inspected = json.loads(run("inspect", models[name], "--json").stdout)
        for key in inspected.keys() - {"command", "model", "messages"}:
            check(document.get(key) == inspected[key], f"{name}: {key} is {document.get(key)}")
        check(document["model"] == f"{name}.onnx", f"{name}: {document['model']}")
        check(sum(page.numbers("steps", "MACs")) == inspected["macs"], f"{name}: MACs of steps")
        check(len(page.numbers("steps", "#")) == inspected["steps"], f"{name}: steps")
        rewrites = page.numbers("rewrites", "#") if inspected["rewrites"] else []
        check(len(rewrites) == len(inspected["rewrites"]), f"{name}: rewrites")
        blocks = page.numbers("blocks", "#") if inspected["residual_blocks"] else []
        check(len(blocks) >= inspected["residual_blocks"], f"{name}: residual blocks")
    size = (folder / "deep152.html").stat().st_size
    check(size < 3_000_000, f"deep152.html has {size} bytes")


def test_same_bytes(folder, models):
    first, second = folder / "fashion.html", folder / "again.html"
    run("report", os.path.relpath(models["fashion"], folder), "--quick", "-o", "again.html",
        cwd=folder, env={"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo"})
    check(first.read_bytes() == second.read_bytes(), "--quick: other bytes from another folder")


def test_bench(folder, models):
    out = folder / "bench.html"
    done = run("report", models["fashion"], "-o", str(out), "--bench", "--runs=3")
    check(done.returncode == 0, f"--bench: {done.stderr}")
    page = page_of(out)
    layers = json.loads(page.scripts[0])["layers"]
    for column, key in [("MACs", "macs"), ("ms", "min_ms"), ("share", "share_percent"),
                        ("GFLOP/s", "gflops"), ("% of peak", "percent_of_peak")]:
        shown = page.numbers("steps", column)
        check(len(shown) == len(layers) and
              all(abs(a - b[key]) <= 1e-6 * abs(b[key]) for a, b in zip(shown, layers)),
              f"--bench: {column} is not {key}")
    errors = page.numbers("error", "error/bound")
    check(len(errors) == len(layers) and max(errors) <= 1, f"--bench: errors {errors}")


def test_without_compiler(folder, models):
    out = folder / "no-cc.html"
    done = run("report", models["fashion"], "-o", str(out), env={"CC": "no-such-compiler"})
    check(done.returncode == 0, f"without a compiler: {done.stderr}")
    check("Not measured: " in out.read_text(encoding="utf-8"), "without a compiler: not said")
    done = run("report", models["fashion"], "-o", str(folder / "never.html"), "--quick", "--bench",
               env={"CC": "no-such-compiler"})
    check(done.returncode == 1 and "C compiler" in done.stderr, "--bench without a compiler")
    check(not (folder / "never.html").exists(), "--bench without a compiler wrote a file")


def test_figures(folder, models):
    names = re.findall(r"^  ([a-z-]+): ", run("report", "--help").stdout.split("Pictures:")[1],
                       re.MULTILINE)
    check(len(names) == 10, f"--help names {names}")
    for model in MODELS:
        for name in names:
            out = folder / f"{model}-{name}.svg"
            done = run("report", models[model], "--quick", f"--figure={name}", "-o", str(out))
            check(done.returncode == (0 if out.exists() else 1), f"{model} {name}: {done.stderr}")
    drawn = sorted(folder.glob("*.svg"))
    check(len(drawn) >= 4 + 4 * len(MODELS), f"{len(drawn)} pictures")
    for path in drawn:
        text = path.read_text(encoding="utf-8")
        root = ElementTree.fromstring(text)
        check(root.tag == f"{{{SVG_NAMESPACE}}}svg", f"{path.name}: {root.tag}")
        check("NaN" not in text.replace("NaN\n", "") and "nan" not in re.sub(">[^<]*<", "><", text),
              f"{path.name}: not a number")
        tags = {e.tag.split("}")[1] for e in root.iter()}
        check(tags <= {"svg", "style", "rect", "path", "text", "tspan", "circle", "title"},
              f"{path.name}: {tags}")
        check(not any(a.startswith("on") or "href" in a for e in root.iter() for a in e.attrib),
              f"{path.name}: attributes")
    done = run("report", models["fashion"], "--figure=nothing")
    check(done.returncode == 2 and "--help" in done.stderr, "--figure=nothing")


def test_whole_or_not_at_all(folder, models):
    keep = folder / "keep.html"
    keep.write_text("old")
    before = sorted(p.name for p in folder.iterdir())
    (folder / "bad.onnx").write_text("no model")
    for args in (["bad.onnx", "-o", "keep.html"], ["fashion.onnx", "-o", "none/x.html", "--quick"],
                 ["fashion.onnx", "-o", "/dev/full", "--quick"],
                 ["fashion.onnx", "-o", "keep.html", "--data=none"],
                 ["single.onnx", "-o", "keep.html", "--quick", "--figure=roofline"]):
        done = run("report", *args, cwd=folder)
        check(done.returncode == 1 and done.stderr, f"{args}: {done.returncode} {done.stderr}")
        check(keep.read_text() == "old", f"{args}: keep.html is written over")
    (folder / "bad.onnx").unlink()
    check(sorted(p.name for p in folder.iterdir()) == before, "files were left")


def test_hostile(folder):
    name = "<svg onload=alert(6)>"
    done = run("report", f"{name}.onnx", "--quick", cwd=folder)
    check(done.returncode == 0, f"{name}: {done.stderr}")
    page_of(folder / f"{name}.html")
    text = (folder / "hostile.html").read_text(encoding="utf-8")
    for name_shown in ("&lt;script&gt;alert(1)&lt;/script&gt;", "&#39;&amp;lt;&amp;#60;b&amp;gt;",
                       r"\x01\x1b[31m\x7f\xff\xfe", r"\xe2\x80\xaetxt.exe"):
        check(name_shown in text, f"hostile: {name_shown} is not shown")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        print("skipped: no chromium here to open the reports in")
        return
    for file in ("hostile.html", f"{name}.html"):
        shutil.copy(folder / file, folder / "open.html")
        done = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
             f"--user-data-dir={folder / 'browser'}", (folder / "open.html").as_uri()],
            capture_output=True, text=True, timeout=120)
        page = Page(done.stdout)
        check(len(page.scripts) == 2 and "img" not in page.names,
              f"{file} in chromium: {len(page.scripts)} scripts")
        check(not [f for f in page.faults if "on" in f], f"{file} in chromium: {page.faults[:3]}")
        check('class="sorts steps sorting"' in done.stdout, f"{file}: our own script did not run")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([cases, name], check=True)
        shutil.copy(pathlib.Path(source) / "examples/fashion/fashion.onnx", folder)
        models = {m: str(folder / f"{m}.onnx") for m in MODELS}
        test_pages(folder, models)
        test_same_bytes(folder, models)
        test_bench(folder, models)
        test_without_compiler(folder, models)
        test_figures(folder, models)
        test_whole_or_not_at_all(folder, models)
        test_hostile(folder)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
