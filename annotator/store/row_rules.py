"""What a member of a project on a server may read and write, as the server itself enforces it.

A member is a login that :mod:`annotator.store.members` let in. Row security keeps from it what
others marked in an article that it labels blind, until it has handed in: whatever program it
connects with, and whatever that program asks. :func:`annotator.review.sight.hidden_layers` is
the same rule for the screen; tests/store/test_members.py holds both against the same cases.

How it is built, and why so:

- Who asks is ``session_user``: no SET ROLE changes it. A login that is neither a member nor the
  owner sees no row of the tables that are covered. The owner of the tables is not restricted, so
  FORCE ROW LEVEL SECURITY is not set: somebody has to plan, and to make backups.
- What is closed is put together once a query (a subquery without a reference to the row), and
  looked up by ``shown…`` for each row. These claim to cost next to nothing, so that they stand
  before every condition of who asks: PostgreSQL lets cheap conditions that are leakproof go first,
  and EXPLAIN ANALYZE would then tell whether a guess at a hidden row was right.
- A layer counts as handed in only when that was committed: ``age(xmin) <= 0`` is true of what the
  present transaction wrote, and without it one could hand in, read, and roll back. Who has handed
  in blind cannot take it back or go on marking, for the same reason; a reviewer returns it.
- Functions that read past the policies have a fixed search path, and bodies that are read when
  they are made (SQL) or name their operators in full (PL/pgSQL).

Rights to write are those that the program needs. Whole roles (who reviews, who adjudicates) are not
told apart yet: a member may write whatever nobody else marked in their own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from annotator.model import LayerKind, LayerState

TAKEN_BACK: Final = "AN001"
"""SQLSTATE where somebody would take back what was handed in blind, or the plan of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What members may do with one table, and which of its rows they see."""

    why: str
    """Why it is covered, or needs no cover."""
    may: str
    """Privileges, as GRANT takes them."""
    see: str = ""
    """Condition on the rows that are seen; nothing for all of them."""
    insert: str = ""
    change: str = ""
    """Condition on the rows that may be changed or deleted; nothing for those that are seen."""
    becomes: str = ""
    """Condition on what a changed row becomes; nothing for :attr:`insert`."""


def _among(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


_ME: Final = "(SELECT annotator.member())"
_OWN: Final = f"author = {_ME}"
_CLOSED: Final = "(SELECT annotator.closed_articles())"
_OPEN_ARTICLE: Final = f"annotator.shown(article_id, {_CLOSED})"
_OPEN_LAYER: Final = (
    f"{_OPEN_ARTICLE} OR {_ME} IS NOT NULL"
    f" AND ({_OWN} OR kind NOT IN {_among((LayerKind.PERSON, LayerKind.GOLD))})"
)
_OPEN_COUNT: Final = "annotator.shown(layer_id, (SELECT annotator.hidden_layers()))"
_OPEN_EDIT: Final = "EXISTS (SELECT 1 FROM annotator.edits e WHERE e.revision = {}.revision)"
_MADE_NOW: Final = (
    "EXISTS (SELECT 1 FROM annotator.edits e WHERE e.revision = {}.revision"
    f" AND e.author = {_ME} AND pg_catalog.age(e.xmin) <= 0)"
)
_ONES_OWN_OR_NOBODYS: Final = (
    f"{_ME} IS NOT NULL AND (kind <> '{LayerKind.PERSON}' OR author = {_ME})"
)
_MAY_MARK: Final = (
    "EXISTS (SELECT 1 FROM annotator.layers l WHERE l.id = {}.layer_id"
    f" AND (l.kind <> '{LayerKind.PERSON}' OR l.author = {_ME}"
    f" AND NOT (l.state IN {_among(LayerState.HANDED_IN)} AND annotator.is_blind(l.extra))))"
)


def _marks(table: str, why: str) -> Rule:
    """Return the rule of a table whose rows belong to layers."""
    may_mark = _MAY_MARK.format(table)
    return Rule(
        why,
        "SELECT, INSERT, UPDATE, DELETE",
        see=f"annotator.shown_mark(article_id, layer_id, {_CLOSED})",
        insert=may_mark,
        change=may_mark,
    )


RULES: Final[Mapping[str, Rule]] = {
    "project": Rule("Tells how many edits there are.", "SELECT, UPDATE (revision)"),
    "texts": Rule("What everybody reads.", "SELECT, INSERT"),
    "articles": Rule("What everybody reads.", "SELECT, INSERT, UPDATE, DELETE"),
    "retired": Rule("Places of deleted articles in the list.", "SELECT, INSERT, DELETE"),
    "layers": Rule(
        "Note, state and who labels; from its id one would come to what it holds.",
        "SELECT, INSERT, UPDATE, DELETE",
        see=_OPEN_LAYER,
        insert=_ONES_OWN_OR_NOBODYS,
        change=f"({_OPEN_LAYER}) AND {_ONES_OWN_OR_NOBODYS}",
    ),
    "entities": Rule(
        "Actors and places belong to all articles; which of them a label stands for, and when "
        "(used is a revision), leads nowhere while labels and edits are hidden.",
        "SELECT, INSERT, UPDATE, DELETE",
    ),
    "spans": _marks("spans", "The labels."),
    "relations": _marks("relations", "The ties between them."),
    "verdicts": Rule(
        "Say what was marked, also about layers of nobody: hidden with the whole article.",
        "SELECT, INSERT, UPDATE, DELETE",
        see=f"{_OPEN_ARTICLE} OR {_OWN}",
        insert=_OWN,
        becomes=f"{_OPEN_ARTICLE} OR {_OWN}",
    ),
    "comments": Rule(
        "Say what was marked: hidden with the whole article, but for those on one's own labels.",
        "SELECT, INSERT, UPDATE, DELETE",
        see=f"{_OPEN_ARTICLE} OR {_OWN} OR EXISTS (SELECT 1 FROM annotator.layers l"
        f" WHERE l.id = comments.layer_id AND l.kind = '{LayerKind.PERSON}' AND l.author = {_ME})",
        insert=_OWN,
        becomes=f"{_OPEN_ARTICLE} OR {_OWN}",
    ),
    "scheme": Rule("What everybody labels with.", "SELECT, UPDATE"),
    "label_counts": Rule(
        "How often a layer has a label. Counts of a layer that is being deleted are written last, "
        "so that nobody is asked for it here.",
        "SELECT, INSERT, UPDATE, DELETE",
        see=_OPEN_COUNT,
        insert=_OPEN_COUNT,
    ),
    "edits": Rule(
        "Action, detail and place of an edit tell what was marked where: hidden are those of "
        "others that touch an article which is labelled blind, also where they touch more. "
        "One's own are seen, and so what one marked in a first round.",
        "SELECT, INSERT, UPDATE (size, detail, article_id)",
        see="annotator.shown_edit(revision, author)",
        insert=_OWN,
        # How large an edit became is noted at its end; later on nothing in the log is changed.
        change=f"{_OWN} AND pg_catalog.age(xmin) <= 0",
    ),
    "changes": Rule(
        "The labels once more, as they were and became: seen as the edit is.",
        "SELECT, INSERT",
        see=_OPEN_EDIT.format("changes"),
        insert=_MADE_NOW.format("changes"),
    ),
    "edit_articles": Rule(
        "With the revision an entity was used at, tells of whom somebody speaks: seen as the edit.",
        "SELECT, INSERT",
        see=_OPEN_EDIT.format("edit_articles"),
        insert=_MADE_NOW.format("edit_articles"),
    ),
    "cursors": Rule(
        "How far each has come in the log.", "SELECT, INSERT, UPDATE", see=_OWN, insert=_OWN
    ),
    "drafts": Rule(
        "Whole edits, not yet saved: everybody's own.",
        "SELECT, INSERT, DELETE",
        see=_OWN,
        insert=_OWN,
    ),
    "leases": Rule("Empty on a server; a backup copies every table.", "SELECT"),
    "alembic_version": Rule("The version of the tables.", "SELECT"),
}
"""Every table of a project. None is granted TRUNCATE, REFERENCES or TRIGGER: row security does not
cover them."""

_ASSIGNMENT: Final = """\
CREATE OR REPLACE FUNCTION annotator.assignment(extra text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace(extra, chr(26), ''), '\\u0000', '\\u0001')::jsonb -> 'annotator:assigned'"""
"""What a plan notes on a layer.

What JSON of ours has and jsonb does not know: escaped surrogates (``columns.py``), and NUL.
"""

_IS_BLIND: Final = """\
CREATE OR REPLACE FUNCTION annotator.is_blind(extra text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(annotator.assignment(extra) -> 'blind' = 'true'::jsonb, false)"""
"""Whether a plan says that a layer is made blind."""

_DEFINED: Final = "SECURITY DEFINER PARALLEL RESTRICTED SET search_path = pg_catalog, pg_temp"

_MEMBER: Final = f"""\
CREATE OR REPLACE FUNCTION annotator.member() RETURNS text
LANGUAGE sql STABLE {_DEFINED}
RETURN (SELECT m.author FROM annotator.members m WHERE m.login = session_user::text)"""
"""In whose name a login works; null where it is no member's."""

_OWN_BLIND: Final = f"l.kind = '{LayerKind.PERSON}' AND annotator.is_blind(l.extra)"
_NOT_YET: Final = f"l.state NOT IN {_among(LayerState.REVIEWED)}"
_UNFINISHED: Final = f"{_OWN_BLIND} AND ({_NOT_YET} OR age(l.xmin) <= 0)"
_OTHERS: Final = _among((LayerKind.PERSON, LayerKind.GOLD))

INDEXES: Final = (
    "CREATE INDEX IF NOT EXISTS edit_articles_by_revision ON annotator.edit_articles (revision)",
    "CREATE INDEX IF NOT EXISTS layers_blind ON annotator.layers (author, article_id, id)"
    f" WHERE {_OWN_BLIND} AND {_NOT_YET}".replace("l.", ""),
)

_CLOSED_ARTICLES: Final = f"""\
CREATE OR REPLACE FUNCTION annotator.closed_articles() RETURNS jsonb
LANGUAGE plpgsql STABLE {_DEFINED}
AS $$
DECLARE
  me text := annotator.member();
  closed jsonb;
BEGIN
  IF me IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(jsonb_object_agg(l.article_id, l.id), '{{}}') INTO closed
  FROM annotator.layers l WHERE l.author = me AND {_OWN_BLIND} AND {_NOT_YET};
  -- A transaction that has written nothing need not be asked what it has written.
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
    SELECT closed || coalesce(jsonb_object_agg(l.article_id, l.id), '{{}}') INTO closed
    FROM annotator.layers l
    WHERE l.author = me AND NOT ({_NOT_YET}) AND age(l.xmin) <= 0 AND {_OWN_BLIND};
  END IF;
  RETURN closed;
END $$"""
"""The articles that a member is still to label blind, and the own layer of each; null where it is
no member's."""

_HIDDEN_LAYERS: Final = f"""\
CREATE OR REPLACE FUNCTION annotator.hidden_layers() RETURNS jsonb
LANGUAGE plpgsql STABLE {_DEFINED}
AS $$
DECLARE
  me text := annotator.member();
BEGIN
  RETURN CASE WHEN me IS NULL THEN NULL ELSE coalesce((
    SELECT jsonb_object_agg(l.id, true)
    FROM jsonb_object_keys(annotator.closed_articles()) AS closed (article_id)
    JOIN annotator.layers l ON l.article_id = closed.article_id COLLATE "C"
    WHERE l.author <> me AND l.kind IN {_OTHERS}
  ), '{{}}') END;
END $$"""
"""The layers of others in them, as keys; null where it is no member's."""

_SHOWN: Final = """\
CREATE OR REPLACE FUNCTION annotator.shown(key text, hidden jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 0.0001
AS 'BEGIN RETURN NOT (hidden OPERATOR(pg_catalog.?) key); END'"""

_SHOWN_MARK: Final = """\
CREATE OR REPLACE FUNCTION annotator.shown_mark(article text, layer text, closed jsonb)
RETURNS boolean LANGUAGE plpgsql STABLE STRICT PARALLEL RESTRICTED COST 0.0001
AS $$
BEGIN
  RETURN CASE WHEN NOT (closed OPERATOR(pg_catalog.?) article) THEN true
    WHEN (closed OPERATOR(pg_catalog.->>) article) OPERATOR(pg_catalog.=) layer THEN true
    ELSE annotator.is_open_layer(layer) END;
END $$"""
"""Only what others marked in an article that is labelled blind is looked up row by row."""

_IS_OPEN_LAYER: Final = f"""\
CREATE OR REPLACE FUNCTION annotator.is_open_layer(layer text) RETURNS boolean
LANGUAGE plpgsql STABLE {_DEFINED}
AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM annotator.layers l WHERE l.id = layer
    AND (l.kind NOT IN {_OTHERS} OR l.author = annotator.member()));
END $$"""
"""Whether a layer is one's own, or nobody's: then it is open in every article."""

_SHOWN_EDIT: Final = f"""\
CREATE OR REPLACE FUNCTION annotator.shown_edit(made integer, made_by text) RETURNS boolean
LANGUAGE plpgsql STABLE {_DEFINED}
AS $$
DECLARE
  me text;
BEGIN
  SELECT m.author INTO me FROM annotator.members m WHERE m.login = session_user::text;
  RETURN CASE WHEN me IS NULL THEN false WHEN made_by = me THEN true ELSE NOT EXISTS (
    SELECT 1 FROM annotator.edit_articles a
    JOIN annotator.layers l ON l.article_id = a.article_id AND l.author = me
    WHERE a.revision = made AND {_UNFINISHED}
  ) END;
END $$"""
"""Its cost is a true one: what is looked for comes first, and no plan tells how often it ran."""

_KEEP_BLIND: Final = f"""\
CREATE OR REPLACE FUNCTION annotator.keep_blind() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF OLD.kind <> '{LayerKind.PERSON}' OR OLD.extra = '{{}}' OR NOT annotator.is_blind(OLD.extra)
    OR OLD.author IS DISTINCT FROM annotator.member()
  THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.article_id, NEW.author, NEW.kind)
        = (OLD.id, OLD.article_id, OLD.author, OLD.kind)
      AND annotator.assignment(NEW.extra) = annotator.assignment(OLD.extra)
      AND (NEW.state = OLD.state
        OR NEW.state = '{LayerState.SUBMITTED}'
          AND OLD.state IN {_among((*LayerState.UNFINISHED, LayerState.RETURNED))}
        OR NEW.state IN {_among(LayerState.UNFINISHED)}
          AND OLD.state IN {_among(LayerState.UNFINISHED)})
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'what is labelled blind cannot be taken back' USING ERRCODE = '{TAKEN_BACK}';
END $$"""
"""A policy cannot compare a row with what it was; a trigger can."""

FUNCTIONS: Final = (
    _ASSIGNMENT,
    _IS_BLIND,
    _MEMBER,
    _CLOSED_ARTICLES,
    _HIDDEN_LAYERS,
    _IS_OPEN_LAYER,
    _SHOWN,
    _SHOWN_MARK,
    _SHOWN_EDIT,
    _KEEP_BLIND,
)

MEMBERS: Final = """\
CREATE TABLE IF NOT EXISTS annotator.members (
  login text COLLATE "C" PRIMARY KEY,
  author text COLLATE "C" NOT NULL UNIQUE
)"""
"""Who a login is. Made with the first member, and no part of a project file."""


def statements() -> Iterator[str]:
    """Yield what sets the rules up; again and again without harm."""
    yield MEMBERS
    yield from FUNCTIONS
    yield from INDEXES
    yield "DROP TRIGGER IF EXISTS keep_blind ON annotator.layers"
    yield (
        "CREATE TRIGGER keep_blind BEFORE UPDATE OR DELETE ON annotator.layers"
        " FOR EACH ROW EXECUTE FUNCTION annotator.keep_blind()"
    )
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA annotator FROM PUBLIC"
    for table, rule in RULES.items():
        if rule.see:
            yield f"ALTER TABLE annotator.{table} ENABLE ROW LEVEL SECURITY"
            yield from _policies(table, rule)


def _policies(table: str, rule: Rule) -> Iterator[str]:
    change = rule.change or rule.see
    for command, condition in (
        ("SELECT", f"USING ({rule.see})"),
        ("INSERT", f"WITH CHECK ({rule.insert})"),
        ("UPDATE", f"USING ({change}) WITH CHECK ({rule.becomes or rule.insert})"),
        ("DELETE", f"USING ({change})"),
    ):
        name = f"members_{command.lower()}"
        yield f"DROP POLICY IF EXISTS {name} ON annotator.{table}"
        yield f"CREATE POLICY {name} ON annotator.{table} FOR {command} {condition}"


def grants(login: str) -> Iterator[str]:
    """Yield what lets *login*, quoted as SQL wants it, work; nothing more than that."""
    yield from revocations(login)
    yield f"GRANT USAGE ON SCHEMA annotator TO {login}"
    for table, rule in RULES.items():
        yield f"GRANT {rule.may} ON annotator.{table} TO {login}"


def revocations(login: str) -> Iterator[str]:
    """Yield what takes everything from *login* again."""
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA annotator FROM {login}"
    yield f"REVOKE ALL ON SCHEMA annotator FROM {login}"
