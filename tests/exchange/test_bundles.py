"""Work by mail: a work order goes out, a result comes back, and nothing is taken twice or guessed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.exchange.mail import Copy, labels, main_project, mark

from annotator import editing, exchange
from annotator.errors import UserError
from annotator.formats import bundle
from annotator.project import Project


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
            assert b"bo" not in file.read(bundle.RECORDS).replace(b"boat", b"")
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
    before = project.annotated("quay")
    taken = exchange.take(project, older)
    assert (taken.changes, taken.conflicts) == (1, [])
    assert dict(taken.made) == {"span": 1}
