"""Addresses of servers from strangers: what they may say, and what a server has to prove."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.cli import main
from annotator.errors import UserError
from annotator.project import Project, upgrade
from annotator.store import addresses
from annotator.store.addresses import Address, read
from tests.store.making import SCHEME

ANSWER_NO = b"N"


class Server:
    """Notes what is sent to it, and offers no TLS."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                while piece := connection.recv(4096):
                    self.got.append(piece)
                    connection.sendall(ANSWER_NO)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.mark.hostile(28)
@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("sslmode=disable", "sslmode"),
        ("options=-csession_preload_libraries%3Devil", "options"),
        ("service=evil", "service"),
        ("servicefile=/tmp/evil.conf", "servicefile"),
        ("passfile=/etc/passwd", "passfile"),
        ("sslkey=/home/ada/.ssh/id_ed25519", "sslkey"),
        ("hostaddr=192.0.2.1", "hostaddr"),
        ("dbname=evil", "dbname"),
        ("host=localhost&sslmode=disable&application_name=x", "application_name, sslmode"),
        ("host=evil.example", "more than one host"),
        ("port=1&port=2", "more than one port"),
        ("port=5432%20sslmode%3Ddisable", "not the number of a port"),
    ],
)
def test_an_address_that_says_more_than_it_may_is_refused_and_nobody_is_called(
    server: Server, capsys: pytest.CaptureFixture[str], more: str, named: str
) -> None:
    url = f"postgresql://ada:secret@127.0.0.1/news?{more}"
    if "port" not in more:
        url = url.replace("/news", f":{server.port}/news")
    for use in (
        lambda: Project.open(url, author="ada"),
        lambda: Project.open(url, author="ada", read_only=True),
        lambda: Project.create(url, SCHEME),
        lambda: upgrade(url),
    ):
        with pytest.raises(UserError, match=named) as refused:
            use()
        assert "secret" not in str(refused.value)
    assert main(["stats", url]) == 3
    assert named in capsys.readouterr().err
    assert server.got == []


@pytest.mark.hostile(28)
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:secret@one.example,two.example/news",
        "postgresql:///news?host=/tmp,evil.example",
        "postgresql:///news?host=/tmp&host=evil.example",
        "postgresql://ada:secret@host:port/news",
        "postgresql:ada:secret",
    ],
)
def test_an_address_that_names_no_server_or_several_is_refused(url: str) -> None:
    for use in (lambda: Project.open(url, author="ada"), lambda: upgrade(url)):
        with pytest.raises(UserError, match="looks like postgresql://person@host/name") as refused:
            use()
        assert "secret" not in str(refused.value)


@pytest.mark.hostile(28)
@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("postgresql:///news", True),
        ("postgresql:///news?host=/run/postgresql&port=5433", True),
        ("postgresql://ada@localhost/news", True),
        ("postgresql://ada@127.0.0.7:5433/news", True),
        ("postgresql://ada@[::1]/news", True),
        ("postgresql://ada@127.0.0.1.evil.example/news", False),
        ("postgresql://ada@localhost.example/news", False),
        ("postgresql://ada@10.0.0.1/news", False),
        ("postgresql:///news?host=db.example", False),
    ],
)
def test_a_server_on_another_machine_has_to_prove_who_it_is(url: str, local: bool) -> None:
    found = read(url)
    assert found.is_local == local
    assert found.settings.get("sslmode") == (None if local else "verify-full")


@pytest.mark.hostile(28)
def test_variables_that_lead_to_another_machine_do_not_spare_the_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGHOST", "db.example")
    assert read("postgresql:///news").settings["sslmode"] == "verify-full"
    assert read("postgresql://localhost/news").is_local


def test_the_certificate_that_the_person_was_given_is_used_before_those_of_the_system() -> None:
    url = "postgresql://ada@db.example/news"
    assert read(url).settings["sslrootcert"] == "system"
    own = Path.home() / ".postgresql" / "root.crt"
    own.parent.mkdir()
    own.write_text("a certificate")
    assert "sslrootcert" not in read(url).settings


@pytest.mark.hostile(28)
def test_a_server_without_proof_is_told_no_name_and_the_person_why(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Address, "is_local", property(lambda _: False))
    url = f"postgresql://ada:secret@127.0.0.1:{server.port}/news"
    with pytest.raises(UserError, match="the server does not prove who it is") as refused:
        Project.open(url, author="ada")
    assert "secret" not in str(refused.value)
    assert "root.crt" in str(refused.value)
    # Eight bytes ask for TLS; who asks, for what, and how is not said.
    assert server.got
    assert {len(piece) for piece in server.got} == {8}


def test_host_and_port_in_the_address_are_where_it_leads(postgres_url: str) -> None:
    assert addresses.read(postgres_url).is_local
    with Project.create(postgres_url, SCHEME, author="ada") as project:
        assert project.count() == 0
