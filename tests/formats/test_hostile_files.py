"""Hostile files at the command line: what a person is told, and what the project has afterwards.

The numbers are those of the list of hostile inputs that the project keeps; what happens inside of
one format is tested beside that format, and what every format does in ``test_hostile_inputs.py``.
"""

from __future__ import annotations

import json
import pickle
import stat
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from pathlib import Path

import pytest

from annotator import exchange, formats
from annotator.cli import main
from annotator.model import text_hash
from annotator.project import Project
from tests.formats import pdf_files
from tests.formats.hostile import labelled, refused, texts
from tests.formats.round_trip import WRITING
from tests.formats.test_archives import zipped
from tests.formats.test_xml_text import BILLION, QUADRATIC


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a server, and the paths that it was asked for."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}", asked
        serving.shutdown()
        thread.join()


# ---------------------------------------------------------------------- 4, 5, 6: pages and pictures


@pytest.mark.hostile(4)
def test_of_a_page_only_the_words_come_in_and_nothing_is_asked_for(
    project: Path, server: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = server
    page = tmp_path / "page.html"
    page.write_text(
        f"""<!doctype html><html><head><title>Ferry</title><script src="{url}/a.js"></script>
        <meta http-equiv="refresh" content="0;url={url}/away"><base href="{url}/">
        <link rel="stylesheet" href="{url}/a.css"><style>@import "{url}/b.css";
        @font-face {{ font-family: x; src: url({url}/x.woff) }}</style></head>
        <body onload="fetch('{url}/load')"><iframe src="{url}/frame">frame</iframe>
        <p onclick="go()">The ferry sails late, the mayor said on Monday.</p>
        <img src="{url}/a.png" onerror="go()"><object data="{url}/o">object</object>
        <script>document.write("written")</script></body></html>"""
    )
    assert main(["import", str(project), str(page)]) == 0
    (text,) = texts(project)
    assert "The ferry sails late, the mayor said on Monday." in text
    for word in ("frame", "object", "written", "font-face", "fetch", "go()", url):
        assert word not in text
    assert asked == []


_IMPORTING = """
import resource, sys
from annotator.cli import main
code = main(["import", *sys.argv[1:]])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.hostile(5)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell the memory so.")
@pytest.mark.parametrize(
    ("paragraph", "times", "reason"),
    [
        ("<p>The ferry sails late, the mayor said.</p>\n", 4_450_000, "such files can have 64 MB"),
        ("<p>The ferry sails late, the mayor said.</p>\n", 1_400_000, "more than 50,000 elements"),
        ("The ferry sails late, the mayor said. ", 1_600_000, "more than 20,000,000 characters"),
    ],
    ids=["200 MB", "elements", "text"],
)
def test_a_giant_page_is_refused_with_its_limit_and_without_filling_the_memory(
    paragraph: str, times: int, reason: str, project: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    with page.open("w") as file:
        file.write("<!doctype html><html><body>")
        for _ in range(100):
            file.write(paragraph * (times // 100))
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTING, str(project), str(page)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    code, megabytes = map(int, done.stdout.split()[-2:])
    assert code == 1
    assert reason in done.stderr
    assert megabytes < 1000
    assert texts(project) == []


@pytest.mark.hostile(5)
@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table", "ul"])
def test_a_tower_of_tags_is_refused_with_its_limit(
    tag: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<html><body>{f'<{tag}>' * 100_000}The ferry sails.{f'</{tag}>' * 100_000}")
    assert "more than 250 elements one inside the other" in refused(project, page, capsys)


@pytest.mark.hostile(5)
def test_an_import_of_large_pages_is_cancelled_before_the_next_one(
    project: Path, tmp_path: Path
) -> None:
    words = "The ferry sails late, the mayor said. "
    for number in range(3):
        (tmp_path / f"{number}.html").write_text(f"<html><body>{f'<p>{words}' * 5_000}")
    seen: list[str] = []

    def cancel(step: exchange.Step) -> None:
        seen.append(step.what)
        if step.done == 1:
            raise exchange.Cancelled("Enough.")

    with Project.open(project, author="ada") as opened, pytest.raises(exchange.Cancelled):
        exchange.bring_in(opened, sorted(tmp_path.glob("*.html")), progress=cancel)
    assert set(seen) == {"0.html", "1.html"}
    assert texts(project) == []


DRAWING = """<?xml version="1.0"?><!-- a --><!DOCTYPE svg [<!ENTITY x SYSTEM "{secret}">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 onload="alert(1)"><script xlink:href="{url}/a.js">alert(1)</script>
<image xlink:href="{url}/a.png"/><text>&x; quay</text></svg>"""


@pytest.mark.hostile(6)
def test_a_drawing_is_refused_and_one_inside_a_page_is_passed_over(
    project: Path, server: tuple[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, asked = server
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell")
    drawing = DRAWING.format(secret=secret.as_uri(), url=url)
    (tmp_path / "a.svg").write_text(drawing)
    assert "picture (SVG)" in refused(project, tmp_path / "a.svg", capsys)
    inner = drawing[drawing.index("<svg") :]
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><html><body><p>The ferry sails late.</p>{inner}</body></html>")
    assert main(["import", str(project), str(page)]) == 0
    assert texts(project) == ["The ferry sails late."]
    assert asked == []


# ----------------------------------------------------------------------- 7, 8: XML and its entities


def xml_files(declaration: str, inside: str) -> dict[str, str]:
    """Return a document in each format of XML, with a document type and a reference to it."""
    tei = 'xmlns="http://www.tei-c.org/ns/1.0"'
    body = f"<text><body><p>The quay {inside}</p></body></text>"
    news = "http://iptc.org/std/nar/2006-10-01/"
    return {
        "a.tei.xml": f"{declaration.format('TEI')}<TEI {tei}><teiHeader/>{body}</TEI>",
        "a.xmi": (
            f'{declaration.format("xmi:XMI")}<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" '
            'xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>'
            f'<cas:Sofa xmi:id="1" sofaString="The quay {inside}"/></xmi:XMI>'
        ),
        "a.newsml.xml": (
            f'{declaration.format("newsItem")}<newsItem xmlns="{news}"><contentSet><inlineXML>'
            f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>The quay {inside}</p></body>"
            "</html></inlineXML></contentSet></newsItem>"
        ),
        "a.rss": (
            f"{declaration.format('rss')}<rss version='2.0'><channel><item><title>A</title>"
            f"<description>The quay {inside}</description></item></channel></rss>"
        ),
    }


def split_bomb(bomb: str) -> tuple[str, str]:
    """Return the document type of a bomb, for any root, and what sets it off."""
    declaration, _, rest = bomb.partition("<a>")
    return declaration.replace("<!DOCTYPE a ", "<!DOCTYPE {} "), rest.removesuffix("</a>")


@pytest.mark.hostile(7)
@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", xml_files("", ""))
@pytest.mark.parametrize("bomb", [BILLION, QUADRATIC], ids=["billion laughs", "quadratic"])
def test_entities_that_multiply_are_refused_in_every_format_of_xml(
    name: str, bomb: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(xml_files(*split_bomb(bomb))[name])
    said = refused(project, path, capsys)
    assert "entities" in said or "amplification" in said


@pytest.mark.hostile(8)
@pytest.mark.parametrize("name", xml_files("", ""))
@pytest.mark.parametrize("scheme", ["file", "http"])
@pytest.mark.parametrize("kind", ["entity", "parameter", "document type"])
def test_nothing_outside_of_a_document_is_read_or_asked_for(
    name: str, scheme: str, kind: str, project: Path, server: tuple[str, list[str]], tmp_path: Path
) -> None:
    url, asked = server
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY x "do not tell">')
    where = secret.as_uri() if scheme == "file" else f"{url}/x.dtd"
    declaration, inside = {
        "entity": (f'<!DOCTYPE {{}} [<!ENTITY x SYSTEM "{where}">]>', "&x;"),
        "parameter": (f'<!DOCTYPE {{}} [<!ENTITY % p SYSTEM "{where}"> %p;]>', "&x;"),
        "document type": (f'<!DOCTYPE {{}} SYSTEM "{where}">', ""),
    }[kind]
    path = tmp_path / name
    path.write_text(xml_files(declaration, inside)[name])
    main(["import", str(project), str(path)])
    assert not [text for text in texts(project) if "tell" in text]
    assert asked == []


# ----------------------------------------------------------------------------- 10, 11, 29: archives


@pytest.mark.hostile(10)
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("suffix", [".zip", ".qdpx", ".docx", ".xlsx", ".annotator-bundle"])
@pytest.mark.parametrize(
    "names",
    [["../../.bashrc"], ["/tmp/evil"], ["C:/evil"], ["a.txt", "a.txt"], ["a", "A"], ["CON"]],
    ids=str,
)
def test_an_archive_that_reaches_out_leaves_nothing_outside_of_it(
    names: list[str], suffix: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "inner" / f"evil{suffix}"
    path.parent.mkdir()
    zipped(path, *_OPENED.get(suffix, ()), *((name, b"x") for name in names))
    before = sorted(tmp_path.rglob("*"))
    refused(project, path, capsys)
    assert sorted(tmp_path.rglob("*")) == before


_OPENED = {
    ".qdpx": (("project.qde", b"<Project/>"),),
    ".docx": (("word/document.xml", b"<w/>"),),
    ".xlsx": (("xl/workbook.xml", b"<w/>"),),
}
"""Members by which a file is taken for what it says it is."""


@pytest.mark.hostile(10)
def test_a_link_in_an_archive_and_the_file_behind_it_lead_nowhere(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = zipped(
        tmp_path / "evil.qdpx", ("project.qde", b"<Project/>"), ("sources", str(tmp_path).encode()),
        mode=stat.S_IFLNK | 0o777,
    )  # fmt: skip
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("sources/evil.txt", b"x")
    assert "link" in refused(project, path, capsys)
    assert not (tmp_path / "evil.txt").exists()


@pytest.mark.hostile(11)
@pytest.mark.parametrize("suffix", _OPENED)
def test_an_archive_that_unpacks_to_gigabytes_or_to_archives_is_refused(
    suffix: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, (name, data, reason) in enumerate(
        [
            ("zeros.xml", bytes(60 * 1024**2), "would become 60 MB"),
            ("a.zip", b"PK", "archive inside"),
        ]
    ):
        path = zipped(tmp_path / f"{number}{suffix}", *_OPENED[suffix], (name, data))
        assert path.stat().st_size < 100_000
        assert reason in refused(project, path, capsys)


@pytest.mark.hostile(29)
def test_a_pdf_of_a_few_kilobytes_that_would_fill_the_memory_is_given_up(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    once = zlib.compress(bytes(200_000_000), 9)
    path = tmp_path / "bomb.pdf"
    path.write_bytes(pdf_files.pdf([zlib.compress(once, 9)]).replace(
        b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]"
    ))  # fmt: skip
    assert path.stat().st_size < 20_000
    said = refused(project, path, capsys)
    assert "too large" in said or "cannot be read" in said or "pictures" in said


@pytest.mark.hostile(29)
def test_a_picture_that_would_fill_the_memory_is_never_unpacked(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bomb.png"
    header = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    data = b"\x89PNG\r\n\x1a\n"
    for kind, part in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(10**7))), (b"IEND", b"")):
        data += (
            len(part).to_bytes(4, "big") + kind + part + zlib.crc32(kind + part).to_bytes(4, "big")
        )
    path.write_bytes(data)
    assert "a PNG picture" in refused(project, path, capsys)


# ------------------------------------------------------------------ 21, 23: objects and odd letters


class _Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('sprung')",))


@pytest.mark.hostile(21)
@pytest.mark.parametrize(
    ("suffix", "protocol"),
    [
        *product([".pkl", ".pt", ".npy", ".npz"], range(pickle.HIGHEST_PROTOCOL + 1)),
        # The older protocols are letters only; without a suffix nothing tells them from a text.
        *product([".dat"], range(2, pickle.HIGHEST_PROTOCOL + 1)),
    ],
)
def test_files_of_python_objects_are_refused_and_never_loaded(
    suffix: str, protocol: int, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    objects = pickle.dumps(_Trap(), protocol)
    path = tmp_path / f"model{suffix}"
    if suffix in (".pt", ".npz"):
        zipped(path, ("archive/data.pkl", objects))
    elif suffix == ".npy":
        path.write_bytes(b"\x93NUMPY\x01\0\x46\0{'descr': '|O', 'shape': (1,)}\n" + objects)
    else:
        path.write_bytes(objects)
    assert "not a text" in refused(project, path, capsys)


ODD = {
    "nul": "The quay \0 is closed.",
    "marks": f"The e{chr(0x301) * 1_000_000} quay is closed.",
    "turned": "The \u202eyauq\u202c is \u2066closed\u2069.",
    "not seen": "The\u200b qu\u00aday\ufeff is\u2060 closed.",
}


@pytest.mark.hostile(23)
@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_characters_are_stored_exactly_and_their_labels_stay_in_place(
    text: str, project: Path, tmp_path: Path
) -> None:
    start = text.index("closed")
    path = tmp_path / "a.jsonl"
    formats.writer("jsonl").write([labelled(text, start, "closed")], path, WRITING)
    out = tmp_path / "out.jsonl"
    assert main(["import", str(project), str(path)]) == 0
    assert main(["export", str(project), str(out)]) == 0
    (line,) = map(json.loads, out.read_bytes().splitlines())
    assert line["text"] == text
    assert line["sha256"] == text_hash(text)
    (span,) = line["layers"][0]["spans"]
    assert span["fragments"] == [[start, start + 6]]


@pytest.mark.hostile(23)
@pytest.mark.parametrize(
    "data", [b"The quay \xed\xa0\xbd is closed.", b"The \xff quay.", b"a\xc0\x80"]
)
def test_bytes_that_are_no_characters_are_asked_about_and_never_replaced(
    data: bytes, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert "Choose its encoding" in refused(project, path, capsys)


@pytest.mark.hostile(23)
@pytest.mark.parametrize("name", ["csv", "tei", "w3c", "qdpx"])
def test_names_of_files_inside_of_texts_turn_no_line(
    name: str, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "harbour\u202etxt.exe"
    contents = {
        "csv": ("a.csv", f"id,text\n{evil},\n{evil},The quay is closed.\n{evil},It is.\n"),
        "tei": ("a.xml", f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="{evil}"><text/></TEI>'),
        "w3c": (
            "a.jsonld",
            json.dumps({
                "@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "id": "a",
                "target": {"source": evil, "selector": {"type": "TextPositionSelector"}},
            }),
        ),
        "qdpx": ("a.qdpx", ""),
    }  # fmt: skip
    file, text = contents[name]
    path = tmp_path / file
    path.write_text(text, encoding="utf-8")
    if name == "qdpx":
        zipped(path, ("project.qde", b"<Project/>"), (f"../{evil}", b"x"))
    main(["import", str(project), str(path)])
    said = capsys.readouterr()
    assert said.err
    assert "\u202e" not in said.err + said.out
