"""Speed of the store against sqlite3 with nothing of ours in it."""

from __future__ import annotations

import itertools
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from annotator.annotated import Annotated
from annotator.model import (
    Article,
    Change,
    Edit,
    Fragment,
    Layer,
    LayerState,
    Span,
    edit,
    new_id,
    text_hash,
)
from annotator.project import ArticleQuery, Project
from annotator.review import settling
from annotator.review.cases import review
from annotator.review.verdicts import Signature
from annotator.scheme import Label, Scheme
from tests.bench.ratios import compared, seconds

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]

Record = Callable[..., None]

SCHEME = Scheme(id="bench", title="Bench", labels=(Label(name="Speaker"), Label(name="Claim")))
WORDS = (
    *("harbour", "council", "said", "budget", "vote", "river", "bridge", "mayor"),
    *("report", "growth", "claim", "storm"),
)


def article(number: int, words: int = 60) -> Article:
    chosen = random.Random(number).choices(WORDS, k=words)
    text = f"Report {number} {' '.join(chosen)} w{number % 977}x."
    return Article(
        id=f"article-{number:06}",
        title=f"{chosen[0].title()} {chosen[1]} {number}",
        text=text,
        sha256=text_hash(text),
        source=chosen[2],
        published=f"20{number % 20 + 10}-01-{number % 28 + 1:02}",
    )


def layer(of: Article, author: str = "ada", state: str = "in progress") -> Layer:
    return Layer(id=f"layer-{of.id}-{author}", article_id=of.id, author=author, state=state)


def span(of: Article, at: int, label: str = "Speaker") -> Span:
    place = Fragment(at, at + 6)
    return Span(
        id=new_id(),
        article_id=of.id,
        layer_id=layer(of).id,
        label=label,
        fragments=(place,),
        text=(of.text[at : at + 6],),
        attributes={"mention_form": "named", "checked": True},
    )


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute(
        "CREATE TABLE spans (id TEXT PRIMARY KEY, article_id TEXT, layer_id TEXT, label TEXT,"
        " fragments TEXT, text TEXT, attributes TEXT, entity_id TEXT, unsure INTEGER, note TEXT,"
        " extra TEXT)"
    )
    connection.execute("CREATE INDEX by_layer ON spans (layer_id)")
    yield connection
    connection.close()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "bench.annotator", SCHEME, author="ada")
    yield made
    made.close()


def row(of: Span) -> tuple[object, ...]:
    values = astuple(replace(of, fragments=(), text=(), attributes={}, extra={}))
    return tuple("[[1200,1206]]" if isinstance(v, tuple | dict) else v for v in values)


INSERT = "INSERT INTO spans VALUES (?,?,?,?,?,?,?,?,?,?,?)"


def insert(connection: sqlite3.Connection, spans: list[Span]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, map(row, spans))
    connection.execute("COMMIT")


def marks(spans: list[Span]) -> Edit:
    return edit("mark", [Change(None, item) for item in spans], article_id=spans[0].article_id)


def test_marking_one_span_and_undoing_it(
    project: Project, bare: sqlite3.Connection, record: Record
) -> None:
    home = article(1, 400)
    project.perform(edit("import", [Change(None, home), Change(None, layer(home))]))
    places = itertools.cycle(range(0, 1000, 7))
    ratio, note = compared(
        lambda: project.perform(marks([span(home, next(places))])),
        lambda: insert(bare, [span(home, 3)]),
        rounds=150,
        clock=time.perf_counter,
    )
    record("mark a span: commit / one INSERT", ratio, 4, note)
    ratio, note = compared(
        project.undo, lambda: insert(bare, [span(home, 3)]), rounds=140, clock=time.perf_counter
    )
    record("undo a mark: commit / one INSERT", ratio, 4, note)


def test_relabelling_one_span(project: Project, bare: sqlite3.Connection, record: Record) -> None:
    home = article(1, 400)
    marked = span(home, 7)
    project.perform(
        edit("import", [Change(None, home), Change(None, layer(home)), Change(None, marked)])
    )
    labels = itertools.pairwise(itertools.cycle(("Speaker", "Claim")))

    def relabel() -> None:
        before, after = next(labels)
        change = Change(replace(marked, label=before), replace(marked, label=after))
        project.perform(edit("relabel", [change], article_id=home.id))

    ratio, note = compared(
        relabel, lambda: insert(bare, [span(home, 3)]), rounds=100, clock=time.perf_counter
    )
    record("relabel one: commit / one INSERT", ratio, 4, note)


def test_deciding_on_one_span(project: Project, bare: sqlite3.Connection, record: Record) -> None:
    home = article(1, 400)
    item = Annotated(home)
    changes: list[Change] = [Change(None, home)]
    for author in ("noor", "jonas"):
        own = layer(home, author, LayerState.SUBMITTED)
        marked = [
            replace(span(home, 9 * at + (author == "noor") * (at % 3)), layer_id=own.id)
            for at in range(150)
        ]
        item.layers[own.id] = own
        item.spans |= {one.id: one for one in marked}
        changes += [Change(None, own), *(Change(None, one) for one in marked)]
    project.perform(edit("import", changes))
    signed = Signature("rita", "2026-11-22T10:00:00.000+00:00", 1)
    begun, scheme = review(item, SCHEME), SCHEME
    decisions: dict[str, list[Edit]] = {"accept one": [], "reject one": []}
    for at, case in enumerate(begun.open_cases[:120]):
        now = review(item, scheme, previous=begun)
        if at % 2:
            made = settling.reject(now, now.case(case.key) or case, "Not a claim", signed)
        else:
            made = settling.take(now, now.case(case.key) or case, 1, signed)
        item.apply(made)
        decisions["reject one" if at % 2 else "accept one"].append(made)
    steps = [iter(made) for made in decisions.values()]
    turns: dict[str, list[float]] = {name: [] for name in decisions}
    plain: list[float] = []
    for _ in range(min(map(len, decisions.values()))):
        for name, step in zip(decisions, steps, strict=True):
            made = next(step)
            turns[name].append(seconds(lambda made=made: project.perform(made)))  # type: ignore[misc]
            plain.append(seconds(lambda: insert(bare, [span(home, 3)])))
    theirs = statistics.median(plain)
    for name, times in turns.items():
        mine = statistics.median(times)
        note = f"{mine * 1000:.2f} ms / {theirs * 1000:.2f} ms"
        record(f"{name}: commit / one INSERT", mine / theirs, 4, note)


def test_propagating_to_a_thousand_places(
    project: Project, bare: sqlite3.Connection, record: Record
) -> None:
    home = article(1, 400)
    project.perform(edit("import", [Change(None, home), Change(None, layer(home))]))

    def spans() -> list[Span]:
        return [span(home, at) for at in range(1000)]

    prepared = iter([marks(spans()) for _ in range(12)])
    rows = iter([[row(item) for item in spans()] for _ in range(40)])

    def bare_rows() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany(INSERT, next(rows))
        bare.execute("COMMIT")

    ratio, note = compared(
        lambda: project.perform(next(prepared)), bare_rows, rounds=10, clock=time.perf_counter
    )
    record("propagate to 1,000 places / 1,000 rows", ratio, 4, note)
    ratio, note = compared(project.undo, bare_rows, rounds=8, clock=time.perf_counter)
    record("undo of 1,000 places / 1,000 rows", ratio, 4, note)


ARTICLES = 100_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = Project.create(
        tmp_path_factory.mktemp("large") / "large.annotator", SCHEME, author="ada"
    )
    for begin in range(0, ARTICLES, 5000):
        changes: list[Change] = []
        for number in range(begin, begin + 5000):
            home = article(number)
            changes.append(Change(None, home))
            if number % 3 == 0:
                state = "submitted" if number % 2 else "in progress"
                changes.append(Change(None, layer(home, state=state)))
                changes.append(Change(None, span(home, 0, "Claim" if number % 9 else "Speaker")))
        made.perform(edit("import", changes))
    yield made
    made.close()


LISTS = {
    "all ids": (ArticleQuery(), "SELECT id FROM articles ORDER BY number"),
    "filter by words": (
        ArticleQuery(text="harb 77"),
        """SELECT id FROM articles WHERE search_key LIKE '%harb%' AND search_key LIKE '%77%'
        ORDER BY number""",
    ),
    "filter by status": (
        ArticleQuery(state="submitted"),
        """SELECT id FROM articles WHERE id IN (SELECT article_id FROM layers
        WHERE author = 'ada' AND kind = 'person' AND state = 'submitted') ORDER BY number""",
    ),
    "filter by label": (
        ArticleQuery(label="Speaker"),
        """SELECT id FROM articles WHERE id IN (SELECT article_id FROM layers
        JOIN label_counts ON layer_id = layers.id WHERE label = 'Speaker' AND spans > 0)
        ORDER BY number""",
    ),
    "sort by title": (
        ArticleQuery(sort="title"),
        "SELECT id FROM articles ORDER BY title_key, number",
    ),
    "sort by state": (
        ArticleQuery(sort="state"),
        """SELECT id FROM articles ORDER BY CASE coalesce((SELECT state FROM layers
        WHERE article_id = articles.id AND author = 'ada' AND kind = 'person'
        ORDER BY id LIMIT 1), 'not started') WHEN 'not started' THEN 0 WHEN 'in progress' THEN 1
        WHEN 'submitted' THEN 2 ELSE 6 END, number""",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_listing_100000_articles(large: Project, name: str, record: Record) -> None:
    query, sql = LISTS[name]
    bare = sqlite3.connect(large.location)
    assert large.article_ids(query) == [id_ for (id_,) in bare.execute(sql)]
    ratio, note = compared(
        lambda: large.article_ids(query), lambda: bare.execute(sql).fetchall(), rounds=11
    )
    bare.close()
    record(f"article list, 100,000: {name}", ratio, 1.5, note)


def test_a_page_of_100000_articles(large: Project, record: Record) -> None:
    sql = (
        "SELECT p.id, p.title, p.published, p.source, l.state, l.unsure,"
        " (SELECT sum(spans) FROM label_counts WHERE layer_id = l.id),"
        " (SELECT sum(unsure) FROM label_counts WHERE layer_id = l.id),"
        " (SELECT count(*) FROM comments WHERE article_id = p.id AND resolved = 0)"
        " FROM (SELECT * FROM articles ORDER BY number LIMIT 100 OFFSET ?) AS p"
        " LEFT JOIN layers AS l ON l.article_id = p.id AND l.author = 'ada' AND l.kind = 'person'"
    )
    bare = sqlite3.connect(large.location)
    ratio, note = compared(
        lambda: large.summaries(offset=50_000, limit=100),
        lambda: bare.execute(sql, (50_000,)).fetchall(),
        rounds=30,
    )
    bare.close()
    record("article list, 100,000: one page of rows", ratio, None, note)


def test_searching_the_text_of_100000_articles(large: Project, record: Record) -> None:
    # A hit is an article with its title and the words around the place: so for both.
    sql = (
        "SELECT a.id, a.title, f.around FROM"
        " (SELECT rowid, snippet(fulltext, 1, '[', ']', '…', 24) AS around FROM fulltext"
        " WHERE fulltext MATCH ? ORDER BY rank LIMIT 50) AS f"
        " JOIN articles AS a ON a.number = f.rowid"
    )
    bare = sqlite3.connect(large.location)
    for query, expression in (
        ("harbour bridge", '"harbour" "bridge"*'),
        ('"budget vote river"', '"budget vote river"'),
        ("w123x", '"w123x"*'),
    ):
        ratio, note = compared(
            lambda q=query: large.search(q, 50),  # type: ignore[misc]
            lambda e=expression: bare.execute(sql, (e,)).fetchall(),  # type: ignore[misc]
            rounds=9,
        )
        record(f"full-text search, 100,000: {query}", ratio, 1.5, note)
    bare.close()


def test_importing_10000_articles_with_50_spans_each(
    project: Project, bare: sqlite3.Connection, record: Record
) -> None:
    homes = [article(number, 400) for number in range(10_000)]
    marked = [[span(home, at * 7) for at in range(50)] for home in homes]
    bare.execute(
        "CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, text TEXT, sha256 TEXT UNIQUE)"
    )

    def ours() -> None:
        with project.large_edit(edit("import", ())) as made:
            for begin in range(0, 10_000, 100):
                changes: list[Change] = []
                for home, spans in zip(homes[begin : begin + 100], marked[begin:], strict=False):
                    changes += [Change(None, home), Change(None, layer(home))]
                    changes += [Change(None, item) for item in spans]
                made.add(changes, {})

    articles = [(home.id, home.title, home.text, home.sha256) for home in homes]
    rows = [row(item) for spans in marked for item in spans]

    def plain() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany("INSERT INTO articles VALUES (?,?,?,?)", articles)
        bare.executemany(INSERT, rows)
        bare.execute("COMMIT")

    begin = time.perf_counter()
    plain()
    middle = time.perf_counter()
    ours()
    end = time.perf_counter()
    note = f"{end - middle:.1f} s / {middle - begin:.1f} s"
    record("import 10,000 articles x 50 spans / executemany", (end - middle) / (middle - begin), 4,
           note)  # fmt: skip
