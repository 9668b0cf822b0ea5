"""Work by mail: a work order goes out, a result comes back; nothing comes twice or is guessed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import editing, exchange, schemes
from annotator.cli import main
from annotator.errors import UserError
from annotator.formats import archives, bundle
from annotator.model import Change, Relation, edit, new_id, text_hash
from annotator.project import Project
from tests.exchange.mail import TEXTS, Copy, labels, main_project, mark


@pytest.fixture
def project(store_url: str) -> Iterator[Project]:
    with main_project(store_url) as made:
        yield made


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Project]:
    with main_project(tmp_path / "main.annotator") as made:
        yield made


def sent(project: Project, folder: Path, person: str, name: str = "") -> Copy:
    """Send a work order, and return the person who opened it."""
    return Copy.of(project, folder, person, name or person)


# ------------------------------------------------------------------------------- there and back


def test_work_goes_out_and_comes_back(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        assert ada.project.article_ids() == ["ferry", "quay"]
        assert ada.project.author == "ada"
        assert ada.project.scheme == project.scheme
        first, second = ada.mark("quay", "Marta"), ada.mark("quay", "the quay is safe", "Claim")
        ada.relate("quay", second, first)
        ada.submit("quay")
        result = ada.result()
    taken = exchange.take(project, result)
    assert (taken.conflicts, taken.counts, taken.saved) == ([], {}, True)
    assert dict(taken.made) == {"layer": 1, "span": 2, "relation": 1}
    assert labels(project, "quay") == [
        ("ada", "Speaker", "Marta"),
        ("ada", "Claim", "the quay is safe"),
        ("bo", "Location", "Bergen"),
    ]
    (layer,) = [one for one in project.annotated("quay").layers.values() if one.author == "ada"]
    assert layer.state == "submitted"
    assert project.check() == []
    project.undo()
    assert labels(project, "quay") == [("bo", "Location", "Bergen")]


def test_a_work_order_holds_nobody_elses_labels(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        assert labels(ada.project, "quay") == []
        with zipfile.ZipFile(ada.order) as file:
            lines = file.read(bundle.RECORDS).splitlines()
        assert [json.loads(line)["type"] for line in lines] == ["article", "article"]
    with sent(project, tmp_path, "bo") as bo:
        assert labels(bo.project, "quay") == [("bo", "Location", "Bergen")]
        (span,) = bo.project.annotated("quay").spans.values()
        assert span == next(iter(project.annotated("quay").spans.values()))


def test_the_same_work_order_is_written_with_the_same_bytes(
    project: Project, tmp_path: Path
) -> None:
    for name in ("one.zip", "two.zip"):
        exchange.make_order(project, tmp_path / name, "ada", ["quay"])
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert list(bundle.opened(tmp_path / "one.zip").manifest.articles) == ["quay"]


def test_undo_does_not_take_the_work_order_itself_back(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        assert ada.project.undo() is None


def test_entities_that_were_made_there_come_along(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta", entity="Marta Ilves")
        taken = exchange.take(project, ada.result())
    assert taken.made["entity"] == 1
    assert "Marta Ilves" in {one.name for one in project.entities().values()}
    assert project.check() == []


def test_only_the_persons_own_work_is_in_a_result(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        ada.project.author = "eve"
        mark(ada.project, "eve", "quay", "Bergen", "Location")
        article = ada.project.annotated("quay").article
        ada.project.perform(editing.set_metadata(article, title="Mine"))
        bundled = exchange.make_result(ada.project, tmp_path / "result.zip")
        assert bundled.left_out == {"layer": 1, "span": 1, "article": 1}
    taken = exchange.take(project, tmp_path / "result.zip")
    assert dict(taken.made) == {"layer": 1, "span": 1}
    assert {layer.author for layer in project.annotated("quay").layers.values()} == {"ada", "bo"}


def test_an_article_removed_from_the_copy_is_not_removed_here(
    project: Project, tmp_path: Path
) -> None:
    with sent(project, tmp_path, "bo") as bo:
        bo.project.perform(editing.delete_article(bo.project.annotated("quay")))
        bo.mark("ferry", "Oslo", "Location")
        bundled = exchange.make_result(bo.project, tmp_path / "result.zip")
        assert bundled.removed == ("Quay",)
    exchange.take(project, tmp_path / "result.zip")
    assert labels(project, "quay") == [("bo", "Location", "Bergen")]
    assert labels(project, "ferry") == [("bo", "Location", "Oslo")]


def test_a_text_that_was_corrected_in_the_copy_makes_no_result(
    project: Project, tmp_path: Path
) -> None:
    with sent(project, tmp_path, "ada") as ada:
        now = editing.correct_text(ada.project.annotated("quay"), "Other words.")
        ada.project.perform(now.edit)
        with pytest.raises(UserError, match="undo the correction"):
            ada.result()
        ada.project.undo()
        ada.mark("quay", "Marta")
        assert exchange.take(project, ada.result()).made["span"] == 1


def test_a_project_of_ones_own_has_no_result(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not opened from a work order"):
        exchange.make_result(project, tmp_path / "result.zip")
    with pytest.raises(UserError, match="name of the person"):
        exchange.make_order(project, tmp_path / "order.zip", " ")
    with pytest.raises(UserError, match="nowhere"):
        exchange.make_order(project, tmp_path / "order.zip", "ada", ["nowhere"])
    assert not (tmp_path / "order.zip").exists()


# --------------------------------------------------------------------- twice, late, out of order


def test_the_same_result_again_changes_nothing(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        result = ada.result()
    exchange.take(project, result)
    revision, before = project.revision, labels(project, "quay")
    again = exchange.take(project, result)
    assert (again.changes, again.conflicts, again.saved) == (0, [], False)
    assert (project.revision, labels(project, "quay")) == (revision, before)


def test_an_older_result_after_a_newer_one_changes_nothing(
    project: Project, tmp_path: Path
) -> None:
    with sent(project, tmp_path, "ada") as ada:
        span = ada.mark("quay", "Marta")
        gone = ada.mark("quay", "Tuesday", "Claim")
        older = ada.result("older.zip")
        ada.change(span, note="of the harbour")
        ada.remove(gone)
        ada.submit("quay")
        newer = ada.result("newer.zip")
    exchange.take(project, newer)
    before, revision = project.annotated("quay"), project.revision
    taken = exchange.take(project, older)
    assert (taken.changes, taken.conflicts, taken.saved) == (0, [], False)
    assert (project.annotated("quay"), project.revision) == (before, revision)


def test_a_newer_result_after_an_older_one_brings_the_rest(
    project: Project, tmp_path: Path
) -> None:
    with sent(project, tmp_path, "ada") as ada:
        span = ada.mark("quay", "Marta")
        older = ada.result("older.zip")
        ada.change(span, note="of the harbour")
        ada.remark("quay", "A good one.")
        newer = ada.result("newer.zip")
    exchange.take(project, older)
    taken = exchange.take(project, newer)
    assert (dict(taken.made), dict(taken.changed)) == ({"comment": 1}, {"span": 1})
    assert (taken.conflicts, taken.counts) == ([], {})
    (own,) = [one for one in project.annotated("quay").spans.values() if one.label == "Speaker"]
    assert own.note == "of the harbour"


def test_a_result_that_was_undone_here_can_be_taken_in_again(
    project: Project, tmp_path: Path
) -> None:
    with sent(project, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        result = ada.result()
    exchange.take(project, result)
    after = labels(project, "quay")
    project.undo()
    assert exchange.take(project, result).saved
    assert labels(project, "quay") == after


def test_two_copies_of_one_work_order_come_into_one_layer(project: Project, tmp_path: Path) -> None:
    with (
        sent(project, tmp_path, "ada", "desk") as desk,
        sent(project, tmp_path, "ada", "way") as way,
    ):
        desk.mark("quay", "Marta")
        way.mark("quay", "Tuesday", "Claim")
        results = [desk.result(), way.result()]
    assert [exchange.take(project, result).conflicts for result in results] == [[], []]
    own = [one for one in project.annotated("quay").layers.values() if one.author == "ada"]
    assert len(own) == 1
    assert len(project.annotated("quay").spans_of(own[0].id)) == 2


def test_work_begun_here_meanwhile_is_the_same_layer(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        mark(project, "ada", "quay", "Tuesday", "Claim")
        taken = exchange.take(project, ada.result())
    assert taken.conflicts == []
    assert labels(project, "quay")[:2] == [("ada", "Claim", "Tuesday"), ("ada", "Speaker", "Marta")]
    assert [(there.spans, here.spans) for there, here in taken.counts.values()] == [(1, 2)]


Step = tuple[str, int, int]

_MISUSE = {"illegal-relation", "too-many-relations", "orphan-entity"}
"""What people who press keys at random do to the scheme."""

steps = st.lists(
    st.tuples(
        st.sampled_from(["mark", "note", "remove", "undo", "redo", "relate", "submit", "entity"]),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    max_size=8,
)


def work(copy: Copy, doing: list[Step]) -> None:
    """Do *doing* in a copy, as far as it is possible there."""
    for what, one, other in doing:
        key = sorted(TEXTS)[one % 2]
        words = TEXTS[key].split()
        item = copy.project.annotated(key)
        layer = item.layer_of(copy.person)
        spans = [] if layer is None else item.spans_of(layer.id)
        if what == "mark":
            copy.mark(key, words[other % len(words)], "Claim" if one % 3 else "Speaker")
        elif what == "entity":
            copy.mark(key, words[other % len(words)], entity=f"Somebody {copy.person} {one}")
        elif what == "undo":
            copy.project.undo()
        elif what == "redo":
            copy.project.redo()
        elif layer is not None and what == "submit" and layer.state != "submitted":
            copy.submit(key)
        elif spans:
            span = spans[other % len(spans)]
            if what == "note":
                copy.change(span, note=f"{span.note}{one}")
            elif what == "remove" and not item.ties(span.id):
                copy.remove(span)
            elif what == "relate" and span is not spans[0]:
                copy.relate(key, spans[0], span)


def state(project: Project) -> list[Any]:
    """Return everything that is marked, as data."""
    found: list[Any] = []
    for item in project.each_annotated():
        found += [item.layers, item.spans, item.relations, item.comments]
    return [*found, project.entities()]


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ada_does=steps, bo_does=steps, more=steps, order=st.permutations(range(4)))
def test_results_come_to_the_same_in_any_order_and_however_often(
    tmp_path_factory: pytest.TempPathFactory,
    ada_does: list[Step],
    bo_does: list[Step],
    more: list[Step],
    order: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("mail")
    with main_project(folder / "one.annotator") as one:
        with Copy.of(one, folder, "ada", "ada") as ada, Copy.of(one, folder, "bo", "bo") as bo:
            work(ada, ada_does)
            work(bo, bo_does)
            results = [ada.result("a1.zip"), bo.result("b1.zip")]
            work(ada, more)
            work(bo, more)
            results += [ada.result("a2.zip"), bo.result("b2.zip")]
        one.backup(folder / "two.annotator")
        for result in results:
            assert exchange.take(one, result).conflicts == []
        again = [exchange.take(one, result).saved for result in results]
        assert again == [False] * 4
        with Project.open(folder / "two.annotator", author="lead") as two:
            for number in order:
                assert exchange.take(two, results[number]).conflicts == []
            assert state(two) == state(one)
            assert {one.code for one in two.check()} <= _MISUSE


# ------------------------------------------------------------------------------------- conflicts


def test_what_was_changed_here_meanwhile_is_listed_and_stays(
    project: Project, tmp_path: Path
) -> None:
    (here,) = project.annotated("quay").spans.values()
    with sent(project, tmp_path, "bo") as bo:
        bo.change(here, note="there")
        bo.mark("quay", "Marta")
        project.perform(edit("note", [Change(here, replace(here, note="here"))]))
        taken = exchange.take(project, bo.result())
    assert [(one.article, one.what, one.reason) for one in taken.conflicts] == [
        ("Quay", "Location “Bergen”", "It was changed here meanwhile.")
    ]
    assert project.annotated("quay").spans[here.id].note == "here"
    assert labels(project, "quay") == [("bo", "Speaker", "Marta"), ("bo", "Location", "Bergen")]


def test_what_hangs_on_something_that_is_gone_here_is_listed_too(
    project: Project, tmp_path: Path
) -> None:
    (here,) = project.annotated("quay").spans.values()
    with sent(project, tmp_path, "bo") as bo:
        claim = bo.mark("quay", "the quay is safe", "Claim")
        bo.relate("quay", claim, here)
        bo.change(here, note="there")
        project.perform(edit("delete", [Change(here, None)]))
        taken = exchange.take(project, bo.result())
    assert [one.reason for one in taken.conflicts] == [
        "It was removed here.",
        "The label at one of its ends is not here.",
    ]
    assert labels(project, "quay") == [("bo", "Claim", "the quay is safe")]
    assert project.check() == []


def test_a_label_that_was_linked_here_meanwhile_is_not_removed(
    project: Project, tmp_path: Path
) -> None:
    (here,) = project.annotated("quay").spans.values()
    with sent(project, tmp_path, "bo") as bo:
        bo.remove(here)
        claim = mark(project, "bo", "quay", "the quay is safe", "Claim")
        tie = Relation(
            id="t", article_id="quay", layer_id=here.layer_id, label="attributed_to",
            source=claim.id, target=here.id,
        )  # fmt: skip
        project.perform(edit("relate", [Change(None, tie)]))
        taken = exchange.take(project, bo.result())
    assert [one.reason for one in taken.conflicts] == ["It is linked here meanwhile."]
    assert here.id in project.annotated("quay").spans


def test_labels_of_articles_and_schemes_that_are_not_here_are_listed(
    project: Project, tmp_path: Path
) -> None:
    with sent(project, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta", "Rumour")
        ada.mark("ferry", "Oslo", "Location")
        project.perform(editing.delete_article(project.annotated("ferry")))
        taken = exchange.take(project, ada.result())
    assert {one.reason for one in taken.conflicts} == {
        "The article is not in this project any more.",
        "The scheme here has no label Rumour.",
    }


def test_labels_come_to_a_text_that_was_corrected_here_meanwhile(
    project: Project, tmp_path: Path
) -> None:
    with sent(project, tmp_path, "bo") as bo:
        (span,) = bo.project.annotated("quay").spans.values()
        bo.change(span, note="there")
        bo.mark("quay", "Marta Ilves")
        bo.mark("quay", "Tuesday", "Claim")
        result = bo.result()
    for text in (
        TEXTS["quay"].replace("Tuesday", "Tuesdays"),
        TEXTS["quay"].replace("On Tuesday ", "").replace("Ilves", "Ilvess"),
    ):
        project.perform(editing.correct_text(project.annotated("quay"), text).edit)
    taken = exchange.take(project, result)
    assert [one.reason for one in taken.conflicts] == ["Its words are gone in the corrected text."]
    assert labels(project, "quay") == [
        ("bo", "Speaker", "Marta Ilvess"),
        ("bo", "Location", "Bergen"),
    ]
    assert exchange.take(project, result).saved is False
    assert project.check() == []


def test_a_dry_run_says_the_same_and_changes_nothing(project: Project, tmp_path: Path) -> None:
    with sent(project, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        result = ada.result()
    revision = project.revision
    dry = exchange.take(project, result, dry_run=True)
    assert (project.revision, dry.saved) == (revision, False)
    wet = exchange.take(project, result)
    assert replace(dry, saved=True) == wet


# -------------------------------------------------------------------------------------- refused


def packed(source: Path, target: Path, **changed: Callable[[Any], Any]) -> Path:
    """Write a bundle as somebody who knows the format would forge it: with hashes that are right.

    *changed* are functions of the manifest and of the list of events.
    """
    found = bundle.opened(source)
    with zipfile.ZipFile(source) as file:
        manifest = json.loads(file.read(bundle.MANIFEST))
    events = [json.loads(line) for line in found.members[bundle.EVENTS].splitlines()]
    if "events" in changed:
        changed["events"](events)
    data = b"".join(json.dumps(event).encode() + b"\n" for event in events)
    manifest["members"][bundle.EVENTS] = hashlib.sha256(data).hexdigest()
    if "manifest" in changed:
        changed["manifest"](manifest)
    with target.open("wb") as out:
        parts = [(bundle.MANIFEST, [json.dumps(manifest).encode()]), (bundle.EVENTS, [data])]
        archives.write(out, parts)
    return target


@pytest.fixture
def forged(sqlite: Project, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Return a function that forges a result, and says how it was refused."""
    with sent(sqlite, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta", entity="Marta Ilves")
        ada.remark("quay", "So?")
        result = ada.result()

    def refuse(**changed: Callable[[Any], Any]) -> str:
        path = packed(result, tmp_path / "forged.zip", **changed)
        before, revision = state(sqlite), sqlite.revision
        with pytest.raises(UserError) as refused:
            exchange.take(sqlite, path)
        assert (state(sqlite), sqlite.revision) == (before, revision)
        return str(refused.value)

    yield refuse
    assert exchange.take(sqlite, packed(result, tmp_path / "honest.zip")).saved


def _set(*path: Any, value: Any) -> Callable[[Any], None]:
    def change(root: Any) -> None:
        for step in path[:-1]:
            root = root[step]
        root[path[-1]] = value

    return change


def test_a_result_of_another_project_is_refused(forged: Callable[..., str]) -> None:
    assert "another project" in forged(manifest=_set("project", value=new_id()))


def test_a_result_of_a_state_that_is_not_here_is_refused(forged: Callable[..., str]) -> None:
    assert "older copy" in forged(manifest=_set("base", value=99))


def test_another_author_than_the_manifest_names_is_refused(forged: Callable[..., str]) -> None:
    assert "is in it" in forged(events=_set(0, "author", value="bo"))
    assert "is in it" in forged(manifest=_set("person", value="bo"))


def test_a_layer_of_somebody_else_is_refused(forged: Callable[..., str]) -> None:
    layer = (0, "changes", 0, "after")
    assert "somebody else" in forged(events=_set(*layer, "author", value="bo"))
    assert "somebody else" in forged(events=_set(*layer, "kind", value="gold"))
    assert "no state" in forged(events=_set(*layer, "state", value="perfect"))
    assert "remarks of bo" in forged(events=_set(1, "changes", 0, "after", "author", value="bo"))


def test_a_span_in_somebody_elses_layer_is_left_out(sqlite: Project, tmp_path: Path) -> None:
    (theirs,) = sqlite.annotated("quay").layers.values()
    with sent(sqlite, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        result = ada.result()

    def into_theirs(events: Any) -> None:
        for change in events[0]["changes"]:
            if change["type"] == "span":
                change["after"]["layer_id"] = theirs.id

    path = packed(result, tmp_path / "forged.zip", events=into_theirs)
    with pytest.raises(UserError, match="refused"):
        exchange.take(sqlite, path)
    assert labels(sqlite, "quay") == [("bo", "Location", "Bergen")]


def test_articles_and_schemes_are_not_changed_by_a_result(forged: Callable[..., str]) -> None:
    def article(events: Any) -> None:
        record: dict[str, Any] = {
            "id": "quay",
            "title": "Quay",
            "text": "x",
            "sha256": text_hash("x"),
        }
        record |= {"language": None, "source": None, "url": None, "published": None}
        record |= {"zones": [], "metadata": {}, "extra": {}}
        events[0]["changes"].append({"type": "article", "before": None, "after": record})

    assert "not the person’s own (article)" in forged(events=article)


def test_a_changed_text_is_refused(forged: Callable[..., str]) -> None:
    assert "another text" in forged(manifest=_set("articles", "quay", value="0" * 64))


def test_what_is_no_record_is_refused(forged: Callable[..., str]) -> None:
    span = (0, "changes", 2, "after")
    for field, value in (
        ("fragments", [["0", 5]]),
        ("fragments", [[0.5, 5]]),
        ("text", "Marta"),
        ("unsure", "yes"),
        ("color", "red"),
        ("attributes", []),
    ):
        assert "events.jsonl, line 1" in forged(events=_set(*span, field, value=value))
    assert "events.jsonl, line 1" in forged(events=_set(0, "changes", 0, "type", value="user"))
    assert "events.jsonl, line 1" in forged(events=_set(0, "changes", value=None))
    assert "events.jsonl, line 1" in forged(events=_set(0, "id", value=7))


def test_labels_that_are_not_where_they_say_are_listed(sqlite: Project, tmp_path: Path) -> None:
    with sent(sqlite, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        result = ada.result()

    def move(events: Any) -> None:
        for change in events[0]["changes"]:
            if change["type"] == "span":
                change["after"]["fragments"] = [[-3, 900]]

    path = packed(result, tmp_path / "forged.zip", events=move)
    (conflict,) = exchange.take(sqlite, path).conflicts
    assert "is not a stretch of the text" in conflict.reason
    assert labels(sqlite, "quay") == [("bo", "Location", "Bergen")]


def test_edits_that_contradict_each_other_are_refused(forged: Callable[..., str]) -> None:
    assert "contradict" in forged(
        events=lambda events: events.append(events[0] | {"id": "again"}),
        manifest=_set("edits", value=3),
    )
    assert "edits that it names" in forged(manifest=_set("edits", value=9))


def test_layers_that_do_not_come_to_what_is_stated_are_refused(forged: Callable[..., str]) -> None:
    told = forged(manifest=_set("after", "quay", "sha256", value="0" * 64))
    assert "Ask for a new result" in told
    assert "does not say" in forged(manifest=_set("after", value={}))


def test_a_bundle_that_was_cut_or_changed_on_the_way_is_refused(
    sqlite: Project, tmp_path: Path
) -> None:
    with sent(sqlite, tmp_path, "ada") as ada:
        ada.mark("quay", "Marta")
        result, order = ada.result(), ada.order
    for source in (result, order):
        whole = source.read_bytes()
        broken = tmp_path / "broken.zip"
        for size in range(0, len(whole), max(len(whole) // 40, 1)):
            broken.write_bytes(whole[:size])
            with pytest.raises(UserError):
                exchange.take(sqlite, broken)
            with pytest.raises(UserError):
                exchange.open_order(broken, tmp_path / "no.annotator")
    assert not (tmp_path / "no.annotator").exists()
    with zipfile.ZipFile(result) as file:
        manifest, events = file.read(bundle.MANIFEST), file.read(bundle.EVENTS)
    with broken.open("wb") as out:
        cut = [(bundle.MANIFEST, [manifest]), (bundle.EVENTS, [events[:-40]])]
        archives.write(out, cut)
    with pytest.raises(UserError, match="SHA-256 differs"):
        exchange.take(sqlite, broken)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([("../../evil.txt", b"x")], "outside the archive"),
        ([("more.txt", b"x")], "should not be there"),
        ([("ANNOTATOR-bundle.json", b"{}")], "twice"),
        ([("inner.zip", b"x")], "archive inside"),
    ],
)
def test_archives_with_strange_members_are_refused(
    sqlite: Project, tmp_path: Path, members: list[tuple[str, bytes]], reason: str
) -> None:
    with sent(sqlite, tmp_path, "ada") as ada:
        result = ada.result()
    with zipfile.ZipFile(result, "a") as file:
        for name, data in members:
            file.writestr(name, data)
    with pytest.raises(UserError, match=reason):
        exchange.take(sqlite, result)


def test_a_bomb_and_a_newer_version_are_refused(sqlite: Project, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with bomb.open("wb") as out:
        archives.write(out, [(bundle.MANIFEST, [b"{}"]), (bundle.EVENTS, [b" " * 9_000_000])])
    with pytest.raises(UserError, match="would become"):
        exchange.take(sqlite, bomb)
    with bomb.open("wb") as out:
        archives.write(out, [(bundle.MANIFEST, [b'{"annotator_bundle": 2}'])])
    with pytest.raises(UserError, match="newer Annotator"):
        exchange.take(sqlite, bomb)
    with bomb.open("wb") as out:
        archives.write(out, [("other.txt", [b"x"])])
    with pytest.raises(UserError, match="no bundle"):
        exchange.take(sqlite, bomb)


def test_a_work_order_whose_text_was_changed_is_not_opened(sqlite: Project, tmp_path: Path) -> None:
    exchange.make_order(sqlite, tmp_path / "order.zip", "ada")
    with zipfile.ZipFile(tmp_path / "order.zip") as file:
        members = {name: file.read(name) for name in file.namelist()}
    records = members[bundle.RECORDS].replace(b"quay is safe", b"quay is shut")
    manifest = json.loads(members[bundle.MANIFEST])
    manifest["members"][bundle.RECORDS] = hashlib.sha256(records).hexdigest()
    members |= {bundle.RECORDS: records, bundle.MANIFEST: json.dumps(manifest).encode()}
    with (tmp_path / "order.zip").open("wb") as out:
        archives.write(out, [(name, [data]) for name, data in members.items()])
    with pytest.raises(UserError, match="the text of 'Quay' is another one"):
        exchange.open_order(tmp_path / "order.zip", tmp_path / "no.annotator")
    assert not (tmp_path / "no.annotator").exists()


# -------------------------------------------------------------------------- by the command line


def test_the_whole_way_by_the_command_line(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main_project(store_url).close()
    order, result, copy = (tmp_path / name for name in ("o.zip", "r.zip", "copy.annotator"))
    assert main(["bundle", "make", store_url, str(order), "--for", "ada", "--article", "quay"]) == 0
    assert main(["bundle", "open", str(order), str(copy)]) == 0
    with Project.open(copy, author="ada") as project:
        mark(project, "ada", "quay", "Marta")
    assert main(["bundle", "return", str(copy), str(result)]) == 0
    capsys.readouterr()
    assert main(["bundle", "take", store_url, str(result), "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "New: layer (1)",
        "New: span (1)",
        "Nothing was changed: this was a dry run.",
    ]
    assert main(["import", store_url, str(result), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["saved"], told["made"]) == (True, {"layer": 1, "span": 1})
    assert main(["bundle", "take", store_url, str(result)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 records known already.",
        "There was nothing to take in.",
    ]
    assert main(["bundle", "open", str(result), str(tmp_path / "no.annotator")]) == 3
    assert main(["bundle", "take", store_url, str(order)]) == 3
    assert "is a work order" in capsys.readouterr().err


def test_a_work_order_can_be_imported_like_any_file(project: Project, tmp_path: Path) -> None:
    exchange.make_order(project, tmp_path / "order.zip", "bo")
    with Project.create(tmp_path / "own.annotator", schemes.load("blank"), author="x") as own:
        report = exchange.bring_in(own, [tmp_path / "order.zip"])
        assert (sorted(report.articles), report.failed) == (["ferry", "quay"], [])
        assert labels(own, "quay") == [("bo", "Location", "Bergen")]
