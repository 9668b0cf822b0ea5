"""The article list and the searches."""

from dataclasses import replace

import pytest

from annotator.model import Fragment, Layer, LayerKind
from annotator.project import ArticleQuery, Project
from tests.store.making import add, article, comment, entity, layer, relation, span

HARBOUR = "The harbour opens. Zoë Müller said “the harbour is safe”."
BUDGET = "A budget of 5 % was passed; 東京都知事は記者会見で述べた。"
STRASSE = "Straße und Strasse: naïve NEAR café's end_of_line 100%"


@pytest.fixture
def filled(project: Project) -> Project:
    project.perform(
        add(
            article("b", HARBOUR, title="Harbour opens", source="Wire", published="2016-12-23"),
            article("a", BUDGET, title="ÄRGER um 5 %", source="Post_it"),
            article("c", STRASSE, title="apples", published="2015-01-01"),
            action="import",
        )
    )
    project.perform(
        add(
            layer("l1", "b", state="submitted", unsure=True),
            layer("l2", "c"),
            layer("l3", "a", author="bob"),
            Layer(id="l4", article_id="b", author="machine", kind=LayerKind.SUGGESTER),
            span("s1", (0, 3), text=HARBOUR, article_id="b", unsure=True),
            span("s2", (4, 11), text=HARBOUR, article_id="b", label="Claim"),
            span("s3", (0, 3), text=HARBOUR, article_id="b", layer_id="l4"),
            span("s4", (0, 1), text=BUDGET, article_id="a", layer_id="l3", label="Claim"),
        )
    )
    return project


def ids(project: Project, **query: object) -> list[str]:
    found = project.article_ids(ArticleQuery(**query))  # type: ignore[arg-type]
    assert project.count(ArticleQuery(**query)) == len(found)  # type: ignore[arg-type]
    assert [s.id for s in project.summaries(ArticleQuery(**query))] == found  # type: ignore[arg-type]
    return found


def test_articles_come_in_the_order_of_their_import(filled: Project) -> None:
    assert ids(filled) == ["b", "a", "c"]
    assert ids(filled, descending=True) == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("title", False, ["c", "b", "a"]),
        ("title", True, ["a", "b", "c"]),
        ("published", False, ["c", "b", "a"]),
        ("published", True, ["b", "c", "a"]),
        ("state", False, ["a", "c", "b"]),
        ("unsure", False, ["b", "a", "c"]),
        ("unsure", True, ["c", "a", "b"]),
    ],
)
def test_articles_are_sorted(
    filled: Project, sort: str, descending: bool, expected: list[str]
) -> None:
    assert ids(filled, sort=sort, descending=descending) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("harb", ["b"]),
        ("WIRE open", ["b"]),
        ("ärger", ["a"]),
        ("5 %", ["a"]),
        ("%", ["a"]),
        ("post_it", ["a"]),
        ("post-it", []),
        ("_", ["a"]),
        ("2016", ["b"]),
        ("' OR 1=1 --", []),
        ("  ", ["b", "a", "c"]),
        ("\\", []),
    ],
)
@pytest.mark.hostile(15)
def test_the_filter_takes_what_is_typed_literally(
    filled: Project, text: str, expected: list[str]
) -> None:
    assert ids(filled, text=text) == expected


def test_filters_by_state_label_and_author(filled: Project) -> None:
    assert ids(filled, state="submitted") == ["b"]
    assert ids(filled, state="not started") == ["a"]
    assert ids(filled, state="in progress") == ["c"]
    assert ids(filled, state="in progress", author="bob") == ["a"]
    assert ids(filled, state="to do") == ["a", "c"]
    assert ids(filled, state="to do", author="bob") == ["a"]
    assert ids(filled, author="bob") == ["a"]
    assert ids(filled, label="Claim") == ["b", "a"]
    assert ids(filled, label="Claim", author="bob") == ["a"]
    assert ids(filled, label="Speaker", author="bob") == []
    assert ids(filled, label="Claim", text="harbour") == ["b"]


def test_a_row_of_the_list_says_what_stands_in_the_article(filled: Project) -> None:
    marked = relation("r", "attributed_to", "s2", "s1", article_id="b")
    remark = replace(comment("c1", "s1"), article_id="b")
    filled.perform(add(marked, remark))
    row = filled.summaries()[0]
    assert (row.id, row.title, row.state) == ("b", "Harbour opens", "submitted")
    assert (row.labels, row.suggestions, row.unsure, row.comments) == (2, 1, 2, 1)
    assert (row.published, row.source) == ("2016-12-23", "Wire")


def test_pages_follow_each_other(project: Project) -> None:
    made = [article(f"a{n:03}", f"Text {n}") for n in range(250)]
    project.perform(add(*made, action="import"))
    paged = [s.id for at in (0, 100, 200) for s in project.summaries(offset=at, limit=100)]
    assert paged == [one.id for one in made]
    assert project.summaries(offset=250) == []


def test_progress_counts_articles_by_state(filled: Project) -> None:
    progress = filled.progress()
    assert progress.total == 3
    assert progress.by_state == {"submitted": 1, "in progress": 1, "not started": 1}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("harbour", {"b": "harbour"}),
        ("HARB", {"b": "harb"}),
        ("safe harbour", {"b": "safe"}),
        ('"harbour is safe"', {"b": "harbour is safe"}),
        ('"safe harbour"', {}),
        ("harbour budget", {}),
        ("müll", {"b": "Müll"}),
        ("記者会見", {"a": "記者会見"}),
        ("東京", {"a": "東京"}),
        ("stra", {"c": "Stra"}),
        ("NEAR", {"c": "NEAR"}),
        ("NEAR/2", {}),
        ("harb*", {"b": "harb"}),
        ('harbour"', {"b": "harbour"}),
        ('" OR 1=1 --', {}),
        ("100%", {"c": "100"}),
        ("%", {"a": "%", "c": "%"}),
        ("end_of", {"c": "end_of"}),
        ("f_l", {"c": "f_l"}),
        ("", {}),
        ("\x00", {}),
        ("(:*&|!<->'\\", {}),
    ],
)
@pytest.mark.hostile(15)
def test_full_text_search_finds_words_and_takes_the_rest_literally(
    filled: Project, query: str, expected: dict[str, str]
) -> None:
    hits = filled.search(query)
    texts = {"a": BUDGET, "b": HARBOUR, "c": STRASSE}
    found = {h.article_id: texts[h.article_id][slice(*h.fragment)] for h in hits}
    assert {k: v.casefold() for k, v in found.items()} == {
        k: v.casefold() for k, v in expected.items()
    }
    for hit in hits:
        assert hit.snippet[slice(*hit.snippet_hit)] == found[hit.article_id]


def test_a_hit_in_the_title_is_a_hit(filled: Project) -> None:
    assert [hit.article_id for hit in filled.search("apples")] == ["c"]


def test_search_finds_words_beyond_what_a_server_indexes(project: Project) -> None:
    text = "word " * 50_000 + "haystackneedle and more"
    project.perform(add(article("long", text), action="import"))
    (hit,) = project.search("haystackneedle")
    assert text[slice(*hit.fragment)] == "haystackneedle"


def test_all_places_of_a_string_are_found_exactly(filled: Project) -> None:
    assert filled.find_text("harbour") == {
        "b": [Fragment(4, 11), Fragment(HARBOUR.rindex("harbour"), HARBOUR.rindex("harbour") + 7)]
    }
    assert filled.find_text("Harbour") == {}
    for needle, where in (("the harbour is", "b"), ("京", "a"), ("%", "a"), ("naïve NE", "c")):
        (place,) = filled.find_text(needle)[where]
        text = {"a": BUDGET, "b": HARBOUR, "c": STRASSE}[where]
        assert place == Fragment(text.index(needle), text.index(needle) + len(needle))
    assert set(filled.find_text("%")) == {"a", "c"}
    assert filled.find_text("") == {}


def test_entities_are_counted_and_the_last_used_come_first(begun: Project) -> None:
    begun.perform(add(*(entity(f"e{n}", f"Name {n}") for n in range(3)), entity("p", kind="place")))
    for number, used in enumerate(("e2", "e0", "e2", "p")):
        begun.perform(add(span(f"s{number}", (number, number + 1), entity_id=used)))
    assert [e.id for e in begun.recent_entities()] == ["p", "e2", "e0"]
    assert [e.id for e in begun.recent_entities("actor", limit=1)] == ["e2"]
    assert begun.entity_counts() == {"e0": 1, "e2": 2, "p": 1}
    assert [s.id for s in begun.entity_spans("e2")] == ["s0", "s2"]


def test_spans_and_relations_are_found_by_label(filled: Project) -> None:
    filled.perform(add(relation("r", "attributed_to", "s2", "s1", article_id="b")))
    assert [s.id for s in filled.spans_with_label("Claim")] == ["s2", "s4"]
    assert [r.id for r in filled.relations_with_label("attributed_to")] == ["r"]


def test_figures_of_the_project_add_up(filled: Project) -> None:
    stats = filled.stats()
    assert (stats.articles, stats.layers, stats.spans, stats.edits) == (3, 4, 4, 2)
    assert stats.characters == len(HARBOUR) + len(BUDGET) + len(STRASSE)
    assert [(c.author, c.label, c.spans) for c in stats.labels] == [
        ("ada", "Claim", 1),
        ("ada", "Speaker", 1),
        ("bob", "Claim", 1),
        ("machine", "Speaker", 1),
    ]
    assert stats.authors == ("ada", "bob", "machine")
