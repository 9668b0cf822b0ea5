"""Who labels blind on a server reads nothing of what others marked, whatever they connect with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from annotator import cli
from annotator.annotated import Annotated
from annotator.errors import NotAllowed, UserError
from annotator.model import Change, Edit, Layer, LayerKind, LayerState, Verdict, edit
from annotator.project import Project
from annotator.review.sight import ASSIGNED, hidden_layers
from annotator.store import row_rules, schema
from tests.logins import logins, stranger
from tests.store.making import SCHEME, add, article, change, comment, entity, layer, relation, span

BLIND = {ASSIGNED: {"blind": True, "seed": 1}}
HIDDEN = ("layers", "spans", "relations", "verdicts", "comments", "label_counts", "edits",
          "changes", "edit_articles", "cursors", "drafts")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Team:
    """A project of one owner, and the addresses of those who work in it."""

    owner: str
    ada: str
    bea: str
    logins: dict[str, str]

    def asked(self, who: str, query: str, *more: Any) -> list[tuple[Any, ...]]:
        """Return what a program that is not ours gets to read."""
        with closing(stranger(who)) as connection:
            return connection.execute(query.encode(), more or None).fetchall()


def blind(id_: str, author: str, article_id: str = "a1", **more: Any) -> Layer:
    more.setdefault("state", LayerState.NOT_STARTED)
    return layer(id_, article_id, author=author, extra=BLIND, **more)


@pytest.fixture
def team(postgres_url: str) -> Iterator[Team]:
    """Yield a project in which ada and bea are to label a1 blind; a2 is open to both."""
    with logins(postgres_url, "owner", "ada", "bea") as at:
        names = {who: url.partition("://")[2].partition("@")[0] for who, url in at.items()}
        with Project.create(at["owner"], SCHEME, author="lead") as made:
            made.perform(add(article("a1"), article("a2"), action="import"))
            given = (blind("l1", "ada"), blind("l2", "bea"), layer("open2", "a2", author="bea"))
            made.perform(add(*given))
            made.add_member(names["ada"], "ada")
            made.add_member(names["bea"], "bea")
        with Project.open(at["bea"], author="whoever") as own:
            marks = (
                span("s1", layer_id="l2", entity_id="e1", note="secret"),
                span("s2", (20, 30), layer_id="l2", label="Claim"),
                span("open", layer_id="open2", article_id="a2"),
            )
            own.perform(add(entity(), *marks))
            own.perform(add(relation("r1", "attributed_to", "s2", "s1", layer_id="l2")))
            own.perform(add(replace(comment("c1", "s1"), layer_id="l2", author="bea")))
            own.perform(add(_verdict("v1", "bea")))
            own.save_draft(add(span("s9", layer_id="l2")), "disk full")
        yield Team(at["owner"], at["ada"], at["bea"], names)


def _verdict(id_: str, author: str) -> Verdict:
    return Verdict(
        id=id_, article_id="a1", layer_id="l2", record_id="s1", revision=3, decision="accepted",
        author=author, time="2026-01-01T00:00:00.000+00:00",
    )  # fmt: skip


def submit(project: Project, layer_id: str, state: str = LayerState.SUBMITTED) -> None:
    before = project.annotated("a1").layers[layer_id]
    project.perform(change(before, replace(before, state=state), "submit"))


def test_every_table_has_a_rule_that_says_why() -> None:
    assert set(row_rules.RULES) == set(schema.metadata.tables)
    assert all(rule.why for rule in row_rules.RULES.values())
    assert {name for name, rule in row_rules.RULES.items() if rule.see} == set(HIDDEN)


LOOKS = (
    "SELECT count(*) FROM annotator.spans WHERE article_id = 'a1'",
    "SELECT count(*) FROM annotator.spans WHERE note = 'secret'",
    "SELECT count(*) FROM annotator.layers WHERE id = 'l2'",
    "SELECT count(*) FROM annotator.relations",
    "SELECT count(*) FROM annotator.verdicts",
    "SELECT count(*) FROM annotator.comments",
    "SELECT count(*) FROM annotator.label_counts WHERE layer_id = 'l2'",
    "SELECT count(*) FROM annotator.changes WHERE body LIKE '%secret%'",
    "SELECT count(*) FROM annotator.edits WHERE author = 'bea'",
    "SELECT count(*) FROM annotator.edit_articles JOIN annotator.entities ON used = revision",
    "SELECT count(*) FROM annotator.cursors WHERE author = 'bea'",
    "SELECT count(*) FROM annotator.drafts",
)


@pytest.mark.hostile(27)
def test_nothing_of_others_is_read_before_handing_in_and_all_of_it_after(team: Team) -> None:
    assert [team.asked(team.ada, look)[0][0] for look in LOOKS] == [0] * len(LOOKS)
    assert team.asked(team.ada, "SELECT id FROM annotator.spans") == [("open",)]
    assert all(team.asked(team.owner, look)[0][0] for look in LOOKS)
    with Project.open(team.ada, author="ada") as own:
        submit(own, "l1")
        assert {"s1", "s2"} <= set(own.annotated("a1").spans)
        assert {"c1", "v1"} <= {*own.annotated("a1").comments, *own.annotated("a1").verdicts}
    after = [team.asked(team.ada, look)[0][0] for look in LOOKS]
    # Drafts and the top of the undo stack stay everybody's own.
    assert [bool(number) for number in after] == [True] * 10 + [False] * 2


ATTEMPTS = (
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SET row_security = off; SELECT * FROM annotator.spans",
    "TRUNCATE annotator.spans",
    "ALTER TABLE annotator.spans DISABLE ROW LEVEL SECURITY",
    "DROP POLICY members_select ON annotator.spans",
    "CREATE TABLE annotator.mine (id text REFERENCES annotator.spans)",
    "CREATE FUNCTION annotator.member() RETURNS text LANGUAGE sql AS 'SELECT ''bea'''",
    "CREATE TRIGGER t AFTER INSERT ON annotator.spans EXECUTE FUNCTION annotator.keep_blind()",
    "SELECT * FROM annotator.members",
    "UPDATE annotator.members SET author = 'bea'",
    "DELETE FROM annotator.edits",
    "UPDATE annotator.changes SET body = ''",
    "UPDATE annotator.edits SET author = 'ada'",
    "UPDATE annotator.layers SET extra = '{}'",
    "UPDATE annotator.layers SET kind = 'import'",
    "UPDATE annotator.layers SET author = 'bea' WHERE id = 'l1'",
    "UPDATE annotator.layers SET article_id = 'a2' WHERE id = 'l1'",
    "UPDATE annotator.layers SET state = 'returned' WHERE id = 'l1'",
    "UPDATE annotator.layers SET state = 'anything' WHERE id = 'l1'",
    "DELETE FROM annotator.layers WHERE id = 'l1'",
    "INSERT INTO annotator.layers VALUES ('x', 'a1', 'bea', 'person', '', '', 0, '{}')",
    "INSERT INTO annotator.label_counts VALUES ('l2', 'Speaker', 1, 0)",
    "INSERT INTO annotator.drafts VALUES ('x', 'bea', '', '', '')",
    "COPY annotator.spans FROM PROGRAM 'true'",
)


@pytest.mark.hostile(27)
def test_what_would_open_it_is_refused(team: Team) -> None:
    with closing(stranger(team.ada)) as connection:
        for attempt in ATTEMPTS:
            with pytest.raises(psycopg.Error):
                connection.execute(attempt.encode())
            connection.rollback()
            seen = connection.execute("SELECT id FROM annotator.spans").fetchall()
            assert seen == [("open",)], attempt


def test_copy_views_functions_and_temporary_tables_show_no_more(team: Team) -> None:
    with closing(stranger(team.ada)) as connection:
        with connection.cursor().copy("COPY annotator.spans TO STDOUT") as rows:
            assert b"secret" not in b"".join(bytes(part) for part in rows)
        connection.execute("CREATE TEMP VIEW mine AS SELECT * FROM annotator.spans")
        connection.execute(
            "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
            " AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END'"
        )
        connection.execute("CREATE TEMP TABLE members AS SELECT 'bea' AS author, ''::text AS login")
        connection.execute("CREATE TEMP TABLE layers AS SELECT * FROM annotator.layers")
        connection.execute("SET search_path = pg_temp, annotator, pg_catalog")
        heard: list[str] = []
        connection.add_notice_handler(lambda told: heard.append(told.message_primary or ""))
        for query in (
            "SELECT note FROM mine",
            "SELECT note FROM annotator.spans WHERE pg_temp.tell(note)",
            "SELECT note FROM annotator.spans WHERE 1 / (length(note) - 6) > 1",
            "WITH it AS (UPDATE annotator.spans SET unsure = 1 RETURNING note) TABLE it",
            "WITH it AS (DELETE FROM annotator.spans RETURNING note) TABLE it",
        ):
            assert "secret" not in str(connection.execute(query.encode()).fetchall())
        assert "secret" not in str(heard)


def test_a_hand_in_that_is_rolled_back_shows_nothing(team: Team) -> None:
    """Else one could look without a trace."""
    with closing(stranger(team.ada)) as connection:
        for begin in ("SELECT 1", "SAVEPOINT one"):
            connection.execute(begin.encode())
            connection.execute("UPDATE annotator.layers SET state = 'submitted' WHERE id = 'l1'")
            seen = connection.execute("SELECT id FROM annotator.spans").fetchall()
            assert seen == [("open",)]
            assert connection.execute(
                "SELECT count(*) FROM annotator.edits WHERE author = 'bea'"
            ).fetchone() == (0,)
        connection.rollback()


def test_what_was_handed_in_blind_is_not_taken_back_nor_changed(team: Team) -> None:
    with Project.open(team.ada, author="ada") as own:
        own.perform(add(span("own", layer_id="l1")))
        submit(own, "l1")
        with pytest.raises(NotAllowed, match=r"not taken back\. A reviewer can return it"):
            own.undo()
        with pytest.raises(NotAllowed, match="not taken back"):
            submit(own, "l1", LayerState.IN_PROGRESS)
        with pytest.raises(NotAllowed, match="do not have the right"):
            own.perform(add(span("late", layer_id="l1")))
        mine = own.annotated("a1").spans["own"]
        for after in (replace(mine, label="Claim"), None):
            with pytest.raises(NotAllowed, match="You do not have the right to change this"):
                own.perform(change(mine, after))
        with Project.open(team.owner, author="lead") as lead:
            submit(lead, "l1", LayerState.RETURNED)
        own.perform(change(mine, replace(mine, label="Claim")))
        submit(own, "l1")


@pytest.mark.fault(44)
def test_a_row_that_the_server_leaves_out_is_no_stale_edit(team: Team) -> None:
    with Project.open(team.ada, author="ada") as own:
        others = own.annotated("a2").spans["open"]
        for after in (replace(others, label="Claim"), None):
            with pytest.raises(NotAllowed, match="somebody else's"):
                own.perform(change(others, after))
        assert own.annotated("a2").spans["open"] == others


def test_explain_does_not_tell_whether_a_guess_was_right(team: Team) -> None:
    """Conditions of who asks stand behind what hides the row, though they are cheap."""

    def plan(label: str) -> str:
        query = (
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF)"
            " SELECT 1 FROM annotator.spans WHERE article_id = ANY ('{a1}')"
            f" AND label = ANY ('{{{label}}}') AND start = 20"
        )
        rows = team.asked(team.ada, query)
        return "\n".join(str(row[0]) for row in rows).replace(label, "LABEL")

    right, wrong = plan("Claim"), plan("Speak")
    assert "Filter: (annotator.shown_mark(article_id" in right
    assert right == wrong


KINDS = (LayerKind.PERSON, LayerKind.GOLD, LayerKind.IMPORT, LayerKind.SUGGESTER)
STATES = (*LayerState.ALL, "another")
NOTES: tuple[dict[str, Any], ...] = (
    {},
    {ASSIGNED: {"blind": False}},
    {ASSIGNED: {"seed": 1}},
    {ASSIGNED: "blind"},
    {ASSIGNED: ["blind"]},
    {ASSIGNED: {"blind": 0.0}},
    {ASSIGNED: {"blind": ""}},
    {ASSIGNED: {"blind": []}},
    {ASSIGNED: {"blind": None}},
    {ASSIGNED: {"blind": 1}},
    {ASSIGNED: {"blind": "no"}},
    {ASSIGNED: {"blind": [0]}},
    {ASSIGNED: {"blind": True}, "x\x00\ud800\\u0000": '\x1a\x00 "\\'},
)


def test_the_server_hides_the_very_layers_that_the_window_hides(team: Team) -> None:
    own_kinds = (LayerKind.PERSON, LayerKind.GOLD)
    cases = [
        (kind, state, extra)
        for kind, state, extra in product(own_kinds, STATES, NOTES)
        if state in STATES[:3] or extra is NOTES[-1]
    ]
    found: list[Annotated] = []
    with Project.open(team.owner, author="lead") as lead:
        changes: list[Change] = []
        for at, (kind, state, extra) in enumerate(cases):
            name = f"case{at}"
            home = Annotated(article(name))
            own = layer(f"{name}-own", name, author="ada", kind=kind, state=state, extra=extra)
            layers = [own]
            layers += [layer(f"{name}-{one}", name, author="cleo", kind=one) for one in KINDS]
            if at % 2:
                layers.append(layer(f"{name}-0", name, author="ada", state=LayerState.SUBMITTED))
            home.layers.update((one.id, one) for one in layers)
            found.append(home)
            changes += [Change(None, home.article), *(Change(None, one) for one in layers)]
        lead.perform(edit("import", changes))
    rows = team.asked(team.ada, "SELECT id FROM annotator.layers WHERE id LIKE 'case%'")
    seen = {row[0] for row in rows}
    every = {key for home in found for key in home.layers}
    hidden = {key for home in found for key in hidden_layers(home, "ada")}
    assert hidden
    assert hidden != every
    assert every - seen == hidden
    told = team.asked(team.ada, "SELECT annotator.hidden_layers()")[0][0]
    assert set(told) == hidden | {"l2"}


def test_a_member_labels_in_the_name_noted_for_the_login(team: Team) -> None:
    with Project.open(team.ada, author="bea") as own:
        assert own.author == "ada"
        own.perform(add(layer("mine", "a2", author="ada"), span("s5", article_id="a2",
                                                               layer_id="mine")))  # fmt: skip
        assert own.history(limit=1)[0].edit.author == "ada"
        for forged in (
            add(layer("theirs", "a2", author="bea")),
            add(span("s6", article_id="a2", layer_id="open2")),
            replace(add(span("s7", article_id="a2", layer_id="mine")), author="bea"),
        ):
            with pytest.raises(NotAllowed, match="do not have the right"):
                own.perform(forged)
        assert own.undo() is not None
        assert own.redo() is not None


def test_what_is_hidden_is_no_damage_and_counts_go_without_it(team: Team) -> None:
    with Project.open(team.ada, author="ada") as own:
        own.perform(add(span("s5", layer_id="l1")))
        assert [item.severity for item in own.check()] == ["info"]
        assert own.stats().spans == 2
        assert [row.label for row in own.stats().labels] == ["Speaker", "Speaker"]
        assert own.edits_since(0)[-1].edit.author == "ada"
    with Project.open(team.owner, author="lead") as lead:
        assert lead.check() == []


@pytest.mark.fault(44)
def test_who_is_let_out_while_at_work_hears_it_and_not_of_a_stale_edit(team: Team) -> None:
    with Project.open(team.ada, author="ada") as own:
        own.perform(add(span("s5", layer_id="l1")))
        mine = own.annotated("a1").spans["s5"]
        with Project.open(team.owner, author="lead") as lead:
            lead.remove_member(team.logins["ada"])
        for made in (add(span("s6", layer_id="l1")), change(mine, None)):
            with pytest.raises(NotAllowed, match="Ask the owner of the project"):
                own.perform(made)
    with Project.open(team.owner, author="lead") as lead:
        assert set(lead.annotated("a1").spans) == {"s1", "s2", "s5"}


def test_the_verbs_work_for_a_member_and_tell_nothing_of_what_is_hidden(
    team: Team, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(team.ada, author="ada") as own:
        own.perform(add(span("s5", (0, 3), layer_id="l1", note="mine")))
    target = tmp_path / "out.jsonl"
    for verb in (
        ["stats", team.ada],
        ["check", team.ada],
        ["labels", team.ada, "--json"],
        ["review", team.ada, "--json"],
        ["agreement", team.ada, "--json"],
        ["export", team.ada, str(target)],
    ):
        assert cli.main(verb) == cli.DONE, (verb, capsys.readouterr())
    told = capsys.readouterr().out + target.read_text("utf-8")
    assert "mine" in told
    assert "secret" not in told
    assert '"l2"' not in told


def test_who_is_no_member_is_kept_out_and_who_was_is_let_out(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = team.logins["bea"]
    assert cli.main(["members", team.owner, "--remove", gone, "--dry-run"]) == cli.DONE
    assert team.asked(team.bea, "SELECT count(*) FROM annotator.spans") == [(3,)]
    assert cli.main(["members", team.owner, "--remove", gone]) == cli.DONE
    assert "Labels stay." in capsys.readouterr().out
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        team.asked(team.bea, "SELECT count(*) FROM annotator.spans")
    with pytest.raises(UserError, match=r"you may not see them\. Ask the owner"):
        Project.open(team.bea, author="bea")
    with closing(stranger(team.owner)) as owner, owner:
        role = sql.Identifier(gone)
        owner.execute(sql.SQL("GRANT USAGE ON SCHEMA annotator TO {}").format(role))
        owner.execute(sql.SQL("GRANT SELECT ON annotator.spans TO {}").format(role))
    assert team.asked(team.bea, "SELECT count(*) FROM annotator.spans") == [(0,)]


def test_the_owner_lists_members_and_hears_why_somebody_cannot_be_one(
    team: Team, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, bea = team.logins["ada"], team.logins["bea"]
    assert cli.main(["members", team.owner, "--json"]) == cli.DONE
    told = json.loads(capsys.readouterr().out)
    assert [(one["login"], one["author"], one["blind"]) for one in told] == [
        (ada, "ada", 1), (bea, "bea", 1)
    ]  # fmt: skip
    assert cli.main(["members", team.owner, "--add", ada, "--name", "Ada V", "--dry-run"]) == 0
    assert "Would be let in" in capsys.readouterr().out
    with Project.open(team.ada, author="") as own:
        assert own.author == "ada"
    for arguments, why in (
        ([team.owner, "--add", "nobody_there"], "createuser --pwprompt nobody_there"),
        ([team.owner, "--add", ada, "--name", "bea"], "works as bea already"),
        ([team.owner, "--add", "postgres"], "superuser"),
        ([team.owner, "--add", team.logins["owner"]], "it owns the project"),
        ([team.owner, "--remove", "nobody_there"], "is no member"),
        ([team.ada, "--add", ada], "seen to by its owner"),
    ):
        assert cli.main(["members", *arguments]) == cli.REFUSED
        assert why in capsys.readouterr().err
    with closing(stranger(postgres_url)) as server, server:
        server.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(sql.Identifier(bea)))
    assert cli.main(["members", team.owner]) == cli.DONE
    assert f"Nothing is hidden from {bea}" in capsys.readouterr().err


def test_a_file_has_no_members_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.annotator"
    Project.create(path, SCHEME, author="ada").close()
    assert cli.main(["members", str(path)]) == cli.REFUSED
    assert "a file has no members" in capsys.readouterr().err


def test_a_large_edit_and_a_backup_of_a_member(team: Team, tmp_path: Path) -> None:
    with Project.open(team.ada, author="ada") as own:
        with own.large_edit(Edit(id="big", action="import", changes=())) as made:
            made.add([Change(None, span("b1", layer_id="l1"))], {})
            made.add([Change(None, span("b2", (20, 30), layer_id="l1"))], {})
        copy = own.backup(tmp_path / "copy.annotator")
    with Project.open(copy, author="ada", read_only=True) as kept:
        assert set(kept.annotated("a1").spans) == {"b1", "b2"}
    with closing(stranger(team.ada)) as connection:
        done = connection.execute("UPDATE annotator.edits SET detail = 'other'")
        assert done.rowcount == 0
