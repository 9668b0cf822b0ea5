"""Files come into a project once, whatever ids they use, and leave it as they came."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import exchange, schemes
from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.exchange import Plan, Report, Selection
from annotator.formats import Writing, jsonl
from annotator.model import Comment, Entity, text_hash
from annotator.project import Project
from tests.formats.articles import any_article, small
from tests.formats.round_trip import WRITING

Change = Callable[[Annotated], Annotated]


@pytest.fixture
def project(store_url: str) -> Iterator[Project]:
    with Project.create(store_url, schemes.load("news-default"), author="ada") as made:
        yield made


def write(folder: Path, *items: Annotated, name: str = "in.jsonl") -> Path:
    jsonl.write(items, folder / name, WRITING)
    return folder / name


def taken_out(project: Project, folder: Path, **selected: Any) -> bytes:
    plan = Plan(selection=Selection(**selected))
    exchange.take_out(project, folder / "out.jsonl", plan)
    return (folder / "out.jsonl").read_bytes()


def records(project: Project) -> int:
    figures = project.stats()
    return figures.articles + figures.layers + figures.spans + figures.relations + figures.entities


def test_what_is_imported_is_exported_with_the_same_bytes(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path, small())
    report = exchange.bring_in(project, [path])
    assert report == Report(articles=["ferry-1"], layers=1, spans=3, relations=1, entities=2)
    assert taken_out(project, tmp_path) == path.read_bytes()


@contextmanager
def fresh(path: Path) -> Iterator[Project]:
    with Project.create(path, schemes.load("blank"), author="ada") as made:
        yield made
    path.unlink()


def assert_counted_as_looked_at(project: Project) -> None:
    """Check that a survey by the database says what one says that looks at every article."""
    looked_at = Plan(selection=Selection(articles=tuple(project.article_ids())))
    one, other = (exchange.survey(project, plan) for plan in (Plan(), looked_at))
    assert one.tally == other.tally
    assert one.article_ids == other.article_ids
    assert (one.concord is None) == (other.concord is None)
    if one.concord is not None and other.concord is not None:
        assert one.concord.articles == other.concord.articles
        assert one.concord.exact == other.concord.exact


@settings(max_examples=40)
@given(items=st.lists(any_article(), max_size=3, unique_by=lambda item: item.article.id))
def test_any_articles_survive_a_project_and_stay_single(
    items: list[Annotated], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    items.sort(key=lambda item: item.article.id)
    jsonl.write(items, folder / "in.jsonl", Writing(scheme=schemes.load("blank")))
    with fresh(folder / "p.annotator") as project:
        for _ in range(2):
            report = exchange.bring_in(project, [folder / "in.jsonl"])
            assert report.complete, report
            back, came = taken_out(project, folder), (folder / "in.jsonl").read_bytes()
            # The scheme has learnt the labels meanwhile, and is another version.
            assert back.replace(project.scheme.reference.encode(), b"blank/1") == came
        assert_counted_as_looked_at(project)
        assert project.steps_to_undo == (1 if items else 0)


def test_the_same_file_again_adds_nothing(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path, small())
    exchange.bring_in(project, [path])
    before = project.revision
    assert exchange.bring_in(project, [path]) == Report(known=1, present=["ferry-1"])
    assert project.revision == before


def test_an_import_is_one_step_of_undo(project: Project, tmp_path: Path) -> None:
    exchange.bring_in(project, [write(tmp_path, small())])
    project.undo()
    assert records(project) == 0


def other_text(item: Annotated) -> Annotated:
    """Return an article with the same ids throughout, but another text and other things."""
    text = "Quite another story, with no quay and no Oslo."
    article = replace(item.article, text=text, sha256=text_hash(text), zones=(), title="Other")
    result = Annotated(article, layers=item.layers)
    result.entities = {"p1": Entity(id="p1", kind="place", name="Reykjavík")}
    span = replace(item.spans["s3"], fragments=item.spans["s3"].fragments, unsure=False)
    start = text.index("Oslo")
    result.spans["s3"] = replace(
        span, fragments=((type(span.fragments[0]))(start, start + 4),), text=("Oslo",)
    )
    layer = next(iter(item.layers))
    result.comments["c1"] = Comment(
        id="c1", article_id=article.id, layer_id=layer, record_id="s3", text="Why?", author="eve"
    )
    return result


def test_ids_that_mean_something_else_here_give_way_and_are_remembered(
    project: Project, tmp_path: Path
) -> None:
    mine, theirs = write(tmp_path, small(), name="a.jsonl"), tmp_path / "b.jsonl"
    jsonl.write([other_text(small())], theirs, WRITING)
    exchange.bring_in(project, [mine])
    report = exchange.bring_in(project, [theirs])
    assert report == Report(articles=["ferry-1 (2)"], layers=1, spans=1, entities=1)
    assert exchange.bring_in(project, [theirs]) == Report(known=1, present=["ferry-1 (2)"])
    assert taken_out(project, tmp_path, articles=("ferry-1 (2)",)) == theirs.read_bytes()
    assert taken_out(project, tmp_path, articles=("ferry-1",)) == mine.read_bytes()
    comment = next(iter(project.annotated("ferry-1 (2)").comments.values()))
    assert comment.record_id in project.annotated("ferry-1 (2)").spans


def test_equal_span_ids_in_two_layers_survive_the_project(project: Project, tmp_path: Path) -> None:
    line = json.loads(write(tmp_path, small()).read_bytes())
    line["layers"].append(json.loads(json.dumps(line["layers"][0])) | {"author": "bob", "id": "l2"})
    path = tmp_path / "two.jsonl"
    path.write_bytes(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    assert exchange.bring_in(project, [path]).spans == 6
    assert taken_out(project, tmp_path) == path.read_bytes()
    assert exchange.bring_in(project, [path]) == Report(known=1, present=["ferry-1"])


def test_labels_find_the_article_that_has_their_text_under_another_id(
    project: Project, tmp_path: Path
) -> None:
    text = tmp_path / "ferry.txt"
    text.write_text(small().article.text, encoding="utf-8")
    (article_id,) = exchange.bring_in(project, [text]).articles
    report = exchange.bring_in(
        project, [write(tmp_path, small())], exchange.Options(overwrite=True)
    )
    assert (report.articles, report.known, report.spans) == ([], 1, 3)
    assert len(project.annotated(article_id).spans) == 3


def test_two_articles_with_one_text_stay_two_beside_a_third(
    project: Project, tmp_path: Path
) -> None:
    text = tmp_path / "ferry.txt"
    text.write_text(small().article.text, encoding="utf-8")
    exchange.bring_in(project, [text])
    twins = [Annotated(replace(small().article, id=id_)) for id_ in ("a", "b")]
    path = write(tmp_path, *twins)
    report = exchange.bring_in(project, [path], exchange.Options(overwrite=True))
    assert (len(report.articles), report.known) == (1, 1)
    again = exchange.bring_in(project, [path], exchange.Options(overwrite=True))
    assert (again.known, len(set(again.present)), again.articles) == (2, 2, [])


def without_speaker(item: Annotated) -> Annotated:
    result = item.copy()
    result.spans.pop("s2")
    result.relations.clear()
    result.spans["s3"] = replace(result.spans["s3"], note="changed since")
    return result


def renamed_entity(item: Annotated) -> Annotated:
    result = item.copy()
    result.entities["p1"] = replace(result.entities["p1"], aliases=("Oslo by",))
    return result


def retitled(item: Annotated) -> Annotated:
    return replace(item, article=replace(item.article, title="Ferry very late", zones=()))


@pytest.mark.parametrize("change", [without_speaker, renamed_entity, retitled])
def test_what_differs_is_reported_and_left_unless_it_is_to_be_overwritten(
    change: Change, project: Project, tmp_path: Path
) -> None:
    old, new = write(tmp_path, small()), write(tmp_path, change(small()), name="new.jsonl")
    exchange.bring_in(project, [old])
    report = exchange.bring_in(project, [new])
    assert len(report.differing) == 1
    assert not report.complete
    assert taken_out(project, tmp_path) == old.read_bytes()
    assert exchange.bring_in(project, [new], exchange.Options(overwrite=True)).complete
    assert taken_out(project, tmp_path) == new.read_bytes()
    project.undo()
    assert taken_out(project, tmp_path) == old.read_bytes()


def test_a_bad_line_is_named_and_the_good_ones_come_in(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path, small())
    path.write_bytes(b'{"annotator": 1}\n' + path.read_bytes())
    report = exchange.bring_in(project, [path])
    assert report.articles == ["ferry-1"]
    assert any(f"{path}, line 1, text: Field required." in reason for reason in report.failed)


def test_folders_bring_articles_and_labels_and_say_what_they_leave(
    project: Project, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    (folder / "deeper").mkdir(parents=True)
    write(folder / "deeper", small())
    (folder / "a.txt").write_text("A story\n\nNothing happened in Narva today.\n", "utf-8")
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.png").write_bytes(b"\x89PNG")
    report = exchange.bring_in(project, [folder])
    assert len(report.articles) == 2
    assert len(report.failed) == 2
    assert {"b.txt", "c.png"} == {name for name in ("b.txt", "c.png") if name in str(report.failed)}


def test_only_the_layers_of_the_authors_asked_for_leave(project: Project, tmp_path: Path) -> None:
    item = small()
    item.layers["l2"] = replace(item.layers["l1"], id="l2", author="bob")
    exchange.bring_in(project, [write(tmp_path, item)])
    line = json.loads(taken_out(project, tmp_path, authors=("bob",)))
    assert [layer["author"] for layer in line["layers"]] == ["bob"]
    assert line["entities"] == []


def test_an_author_who_is_not_there_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Nobody called 'eve'"):
        taken_out(project, tmp_path, authors=("eve",))
    assert list(tmp_path.glob("out*")) == []


def test_an_entity_that_nothing_refers_to_survives_too(project: Project, tmp_path: Path) -> None:
    article = small()
    article.entities["K9"] = Entity(id="K9", kind="place", name="Nowhere yet")
    path = write(tmp_path, article)
    exchange.bring_in(project, [path])
    assert "K9" in {entity.id for entity in project.idle_entities()}
    assert taken_out(project, tmp_path) == path.read_bytes()


def test_the_layers_of_some_bring_only_their_entities(project: Project, tmp_path: Path) -> None:
    article = small()
    article.entities["K9"] = Entity(id="K9", kind="place", name="Nowhere yet")
    exchange.bring_in(project, [write(tmp_path, article)])
    author = next(iter(article.layers.values())).author
    line = json.loads(taken_out(project, tmp_path, authors=(author,)))
    assert "K9" not in {entity["id"] for entity in line["entities"]}


def shifted(item: Annotated, number: int) -> Annotated:
    """Return an article with ids of its own and the same text."""
    result = Annotated(replace(item.article, id=f"{item.article.id}-{number}"))
    layer = replace(item.layers["l1"], id=f"l{number}", article_id=result.article.id)
    result.layers[layer.id] = layer
    result.entities = dict(item.entities)
    for span in item.spans.values():
        id_ = f"{span.id}-{number}"
        result.spans[id_] = replace(span, id=id_, article_id=result.article.id, layer_id=layer.id)
    return result


MANY = 1_500
"""Small articles that are taken over in several pieces."""


def many(texts_differ: bool = True) -> Iterator[Annotated]:
    for number in range(MANY):
        item = shifted(small(), number)
        if texts_differ:
            text = f"{item.article.text}\n{number}"
            item.article = replace(item.article, text=text, sha256=text_hash(text))
        yield item


def test_articles_of_one_file_stay_apart_however_far_they_stand_from_each_other(
    project: Project, tmp_path: Path
) -> None:
    path = write(tmp_path, *many(texts_differ=False))
    report = exchange.bring_in(project, [path])
    assert (len(report.articles), report.layers, report.spans) == (MANY, MANY, 3 * MANY)
    assert exchange.bring_in(project, [path]).known == MANY
    assert project.stats().spans == 3 * MANY


def test_a_dry_run_of_several_pieces_says_what_the_import_then_does(
    project: Project, tmp_path: Path
) -> None:
    items = list(many())
    first = write(tmp_path, *items, name="a.jsonl")
    bob = [replace(item.layers[f"l{n}"], id=f"b{n}", author="bob") for n, item in enumerate(items)]
    for item, layer in zip(items, bob, strict=True):
        item.layers = {layer.id: layer}
        item.spans.clear()
    second = write(tmp_path, *items, name="b.jsonl")
    said = exchange.bring_in(project, [first, second], dry_run=True)
    assert (project.revision, project.count()) == (0, 0)
    assert exchange.bring_in(project, [first, second]) == said
    assert (said.known, said.layers) == (MANY, 2 * MANY)
    assert project.revision == 1
    project.undo()
    assert records(project) == 0


def test_an_entity_that_two_files_describe_anew_becomes_as_the_last_has_it(
    project: Project, tmp_path: Path
) -> None:
    exchange.bring_in(project, [write(tmp_path, small())])
    paths = []
    for name in ("b", "c"):
        item = small()
        item.entities["p1"] = replace(item.entities["p1"], note=name)
        paths.append(write(tmp_path, item, name=f"{name}.jsonl"))
    assert exchange.bring_in(project, paths, exchange.Options(overwrite=True)).complete
    assert project.entities()["p1"].note == "c"
