"""A project on a server goes on after the connection was cut, and repeats nothing."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from annotator.errors import ConflictError, StorageError
from annotator.project import Project
from tests.store.making import SCHEME, add, article, change, layer, span


@pytest.fixture
def shared(postgres_url: str) -> Iterator[Project]:
    with Project.create(postgres_url, SCHEME, author="ada") as made:
        made.perform(add(article(), layer(), action="import"))
        yield made


def cut_all_connections(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_was_cut_is_made_again(shared: Project, postgres_url: str) -> None:
    cut_all_connections(postgres_url)
    shared.perform(add(span("s1")))
    cut_all_connections(postgres_url)
    assert set(shared.annotated("a1").spans) == {"s1"}


def test_an_edit_cut_off_in_the_middle_is_done_once(shared: Project, postgres_url: str) -> None:
    assert shared._store.writer is not None
    cut = iter([True])

    @event.listens_for(shared._store.writer, "before_cursor_execute")
    def meddle(*told: object) -> None:
        if "INSERT INTO spans" in str(told[2]) and next(cut, False):
            cut_all_connections(postgres_url)

    shared.perform(add(span("s1")))
    assert set(shared.annotated("a1").spans) == {"s1"}
    assert shared.revision == 2


def test_an_edit_whose_answer_was_lost_is_done_once(shared: Project, postgres_url: str) -> None:
    """The commit reaches the server; what it answers does not reach us."""
    assert shared._store.writer is not None
    writer = shared._store.writer
    cut = iter([True])
    real = writer.dialect.do_commit

    def lose_the_answer(connection: Any) -> None:
        real(connection)
        if next(cut, False):
            cut_all_connections(postgres_url)
            connection.cursor().execute("SELECT 1")

    writer.dialect.do_commit = lose_the_answer  # type: ignore[assignment, method-assign]
    mark = add(span("s1"))
    saved = shared.perform(mark)
    assert saved.revision == shared.revision == 2
    assert set(shared.annotated("a1").spans) == {"s1"}
    assert len(shared.history()) == 2


def test_two_people_write_at_once_and_neither_overwrites_the_other(
    shared: Project, postgres_url: str
) -> None:
    import threading

    shared.perform(add(span("s")))
    refused: list[str] = []

    def work(author: str) -> None:
        with Project.open(postgres_url, author=author) as own:
            for number in range(15):
                own.perform(add(span(f"{author}{number}", (number, number + 1))))
                present = own.annotated("a1").spans["s"]
                try:
                    own.perform(change(present, span("s", note=f"{author}{number}")))
                except ConflictError:
                    refused.append(author)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("bob", "cleo", "dan")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shared.annotated("a1").spans) == 46
    assert shared.revision == 2 + 45 + (45 - len(refused))
    assert [saved.revision for saved in shared.edits_since(0)] == [*range(1, shared.revision + 1)]
    assert shared.check() == []


def test_a_server_that_is_gone_is_told_in_plain_words() -> None:
    with pytest.raises(StorageError, match=r"cannot be used: .*\.$"):
        Project.open("postgresql://nobody@127.0.0.1:9/nothing", author="ada")


def test_who_may_not_write_is_told_so(shared: Project, postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("DROP ROLE IF EXISTS reading_only")
        other.execute("CREATE ROLE reading_only LOGIN")
        other.execute("GRANT USAGE ON SCHEMA annotator TO reading_only")
        other.execute("GRANT SELECT ON ALL TABLES IN SCHEMA annotator TO reading_only")
    try:
        url = postgres_url.replace("postgres@", "reading_only@")
        with Project.open(url, author="ada") as project:
            assert project.count() == 1
            with pytest.raises(StorageError, match="do not have the right"):
                project.perform(add(span()))
    finally:
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("DROP OWNED BY reading_only")
            other.execute("DROP ROLE reading_only")
