"""The verb that lists what a reviewer has to decide, and decides in bulk."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from annotator.cli import output
from annotator.cli.opening import TAKE_OVER, count, open_project
from annotator.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from annotator.agreement.auditing import ErrorRate
    from annotator.annotated import Annotated
    from annotator.project import BatchRow, Project
    from annotator.review.cases import Case, Review
    from annotator.review.controls import ControlCount
    from annotator.review.merging import Item, Preview

_SAMPLE: Final = 10
"""Cases that are shown of what a merge decides."""


@click.command(short_help="List what is to be decided, or decide it in bulk.")
@click.argument("project")
@click.option(
    "--article", "article_ids", multiple=True, metavar="ID", help="Only this article; repeatable."
)
@click.option("--layers", metavar="NAME,…", help="Only these annotators; else all.")
@click.option("--labels", metavar="NAME,…", help="Only spans and relations with these labels.")
@click.option("--unfinished", is_flag=True, help="Also layers that somebody is still at.")
@click.option(
    "--order",
    type=click.Choice(("imported", "apart", "rare", "contested", "decided")),
    default="imported",
    show_default=True,
    help="Of the articles that are listed. apart: where readers differ most first.",
)
@click.option(
    "--merge",
    metavar="unanimous|majority|layer:NAME",
    help="Decide: what all say, what most say, or what one says.",
)
@click.option("--at-least", type=click.IntRange(1), help="With majority: so many, not just most.")
@click.option(
    "--audit",
    type=click.FloatRange(0, 100),
    default=5.0,
    show_default=True,
    help="Percent of what is decided that somebody is to check.",
)
@click.option("--seed", default=1, show_default=True, help="Of what is drawn for the audit.")
@click.option("--dry-run", is_flag=True, help="Only say what would be decided.")
@click.option("--batch", metavar="ID", help="Say what became of a batch: done, refused and why.")
@TAKE_OVER
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def review(
    project: str,
    article_ids: tuple[str, ...],
    layers: str | None,
    labels: str | None,
    unfinished: bool,
    order: str,
    merge: str | None,
    at_least: int | None,
    audit: float,
    seed: int,
    dry_run: bool,
    batch: str | None,
    as_json: bool,
) -> None:
    """List what a reviewer has to decide; with --merge, decide it in bulk.

    What is decided becomes part of the gold layer of each article, as one step that can be undone.
    What cannot be decided by the rule stays open, and is counted with the reason. Frozen gold and
    what somebody has decided already is left alone.
    """
    authors, names = _names(layers), _names(labels)
    if batch is not None and merge is not None:
        raise click.UsageError("--batch tells of a batch that is done, and --merge makes one.")
    with open_project(project, writing=merge is not None and not dry_run) as opened:
        if batch is not None:
            _tell_batch(opened, batch, as_json)
            return
        _refuse_unknown(opened, article_ids, authors, names, merge)
        wanted = _Wanted(article_ids, authors, names, unfinished, order)
        if merge is None:
            checks = _Checks(opened.reviewing.batches(), _controls(opened))
            _list(wanted.ordered(opened), checks, names, as_json)
            return
        rule = _Rule(merge, at_least, audit / 100, seed)
        preview = _previewed(opened, wanted, rule)
        saved = None
        if not dry_run and preview is not None and preview.changes:
            from annotator.review.renewing import Bulk

            bulk = Bulk(preview, preview.batch.signed.revision)
            saved = bulk.save(opened)
            preview = bulk.preview
    revision = None if saved is None else saved.revision
    if as_json:
        output.say_json(_merge_json(rule, preview, revision, dry_run))
    else:
        _say_merge(rule, preview, dry_run)


def _names(text: str | None) -> list[str]:
    return list(filter(None, map(str.strip, (text or "").split(","))))


class _Rule:
    """How a merge decides, as the command line says it."""

    def __init__(self, merge: str, at_least: int | None, share: float, seed: int) -> None:
        self.name, _, self.author = merge.partition(":")
        self.at_least = at_least
        self.share = share
        self.seed = seed


class _Wanted:
    """Which articles, layers and labels are looked at."""

    def __init__(
        self,
        article_ids: Sequence[str],
        authors: Sequence[str],
        labels: Sequence[str],
        unfinished: bool,
        order: str,
    ) -> None:
        self.article_ids = article_ids
        self.authors = authors
        self.labels = labels
        self.unfinished = unfinished
        self.order = order

    def reviews(self, project: Project) -> Iterator[Review]:
        """Yield the articles that have readers, under review, by their ids."""
        from annotator.review.cases import review

        scheme = project.scheme
        for item in project.each_annotated(self._ids(project)):
            layer_ids = self._layers(item)
            if layer_ids:
                yield review(item, scheme, layer_ids=layer_ids)

    def ordered(self, project: Project) -> list[Review]:
        """Return the articles that have readers in the order that is asked for."""
        from annotator.review.case import most_apart_first

        rank = {key: at for at, key in enumerate(self._ids(project))}
        found = sorted(self.reviews(project), key=lambda one: rank[one.article_id])
        if self.order == "apart":
            found.sort(key=lambda one: most_apart_first(one.disagreement))
        return found

    def _ids(self, project: Project) -> list[str]:
        from annotator.project import ReviewQuery

        query = ReviewQuery(state=None, unfinished=self.unfinished, sort=self.order)
        found = project.reviewing.article_ids(query)
        return [key for key in found if not self.article_ids or key in self.article_ids]

    def _layers(self, item: Annotated) -> list[str]:
        from annotator.review.cases import readers

        found = readers(item, unfinished=self.unfinished)
        return [key for key in found if not self.authors or item.layers[key].author in self.authors]


def _refuse_unknown(
    project: Project,
    article_ids: Sequence[str],
    authors: Sequence[str],
    labels: Sequence[str],
    merge: str | None,
) -> None:
    from annotator import exchange

    name, _, author = (merge or "").partition(":")
    if merge is not None and (name, bool(author)) not in (
        ("unanimous", False),
        ("majority", False),
        ("layer", True),
    ):
        raise click.UsageError(
            f"--merge takes unanimous, majority or layer:NAME, and not {merge!r}."
        )
    exchange.refuse_missing(project, article_ids)
    exchange.refuse_strangers(project, (*authors, *([author] if author else [])))
    scheme = project.scheme
    known = {label.name for label in scheme.labels} | {one.name for one in scheme.relations}
    strangers = [label for label in labels if label not in known]
    if strangers:
        raise UserError(
            f"The scheme has no label or relation {', '.join(strangers)}. "
            f"There are: {', '.join(sorted(known)) or 'none'}."
        )


# ------------------------------------------------------------------------------------- listing


def _list(reviews: Sequence[Review], checks: _Checks, labels: Sequence[str], as_json: bool) -> None:
    articles = []
    counts: Counter[str] = Counter()
    for one in reviews:
        every = [case for case in one.cases if not labels or case.label in labels]
        counts.update(case.standing.value for case in every)
        found = [case for case in one.open_cases if not labels or case.label in labels]
        articles.append((one, found))
    if as_json:
        output.say_json({**_list_json(articles, counts), **checks.json})
        return
    if not articles:
        output.say("There is nothing to review: no article is handed in yet.")
        return
    _say_list(articles, counts)
    checks.say()


class _Checks:
    """How well people and batches do: each batch and each sample has a rate, controls another."""

    def __init__(self, batches: Sequence[BatchRow], controls: Sequence[ControlCount]) -> None:
        self._batches = batches
        self._controls = controls

    @property
    def json(self) -> dict[str, Any]:
        """All rates with their counts and intervals."""
        return {
            "batches": [_batch_json(batch) for batch in self._batches],
            "controls": [_control_json(one) for one in self._controls],
        }

    def say(self) -> None:
        """Write all rates for people."""
        for batch in self._batches:
            _say_batch(batch)
        if self._controls:
            output.say()
            output.say("Articles whose gold is known, which count in no error rate:")
            for one in self._controls:
                _say_control(one)


def _controls(project: Project) -> list[ControlCount]:
    """Return how the controls of each person came out, and, of several, of all together."""
    from annotator.review.controls import control_counts, together

    articles = project.each_annotated(project.reviewing.control_articles())
    found = control_counts(articles, project.scheme)
    return [*found, together(found)] if len(found) > 1 else found


def _control_json(one: ControlCount) -> dict[str, Any]:
    from annotator.agreement.resampling import wilson

    interval = wilson(one.right, one.number)
    return {
        **asdict(one),
        "author": one.author or None,
        "as_gold": one.right / one.number if one.number else None,
        "interval": None if interval is None else list(interval),
    }


def _say_control(one: ControlCount) -> None:
    from annotator.agreement.resampling import wilson

    interval = wilson(one.right, one.number)
    said = "none handed in yet"
    if interval is not None:
        low, high = interval
        said = (
            f"{one.right} of {count(one.number, 'place or link', 'places and links')} as gold, "
            f"{100 * one.right / one.number:.1f} % ({100 * low:.1f} to {100 * high:.1f} %)"
        )
    output.say(f"  {one.author or 'All'}: {one.used} of {count(one.given, 'article')}, {said}.")


def _batch_json(batch: BatchRow) -> dict[str, Any]:
    rate = _rate(batch)
    interval = None if rate.interval is None else list(rate.interval)
    return {**asdict(batch), "error_rate": rate.value, "interval": interval}


def _rate(batch: BatchRow) -> ErrorRate:
    """Return the error rate of a batch, or of a sample that was drawn part by part."""
    from annotator.agreement.auditing import Stratum, error_rate, stratified_error_rate

    if batch.strata:
        return stratified_error_rate(Stratum(*one) for one in batch.strata)
    return error_rate(batch.right, batch.wrong)


def _say_batch(batch: BatchRow) -> None:
    rate = _rate(batch)
    said = "not all parts looked at yet" if rate.number else "none checked yet"
    if rate.value is not None and rate.interval is not None:
        low, high = rate.interval
        what = "decided otherwise" if batch.rule == "retest" else "wrong"
        said = f"{100 * rate.value:.1f} % {what} ({100 * low:.1f} to {100 * high:.1f} %)"
        said += " so far" if batch.due else ""
    output.say()
    output.say(
        f"Batch {batch.id} ({batch.rule}, {batch.author}): {count(batch.cases, 'case')}, "
        f"{batch.due} to be audited, {said}."
    )


def _tell_batch(project: Project, batch_id: str, as_json: bool) -> None:
    from annotator.review.result import result_of

    revision = project.reviewing.batch_revision(batch_id)
    found = None if revision is None else result_of(batch_id, project.changes_of(revision))
    if revision is None or found is None:
        raise UserError(
            f"{project.location} has no list of what became of a batch {batch_id}. "
            "Without --batch, the batches of the project are listed."
        )
    made = project.history(1, revision + 1)[0].edit
    if as_json:
        output.say_json(
            {
                "batch": batch_id,
                "rule": made.action,
                "author": made.author,
                "time": made.time,
                "revision": revision,
                "decided": found.done,
                "refused": found.refused,
                "reasons": dict(found.reasons),
                "items": [_item_json(item) for item in found.items],
            }
        )
        return
    output.say(
        f"Batch {batch_id} ({made.action}, {made.author}): "
        f"{found.done} done, {found.refused} refused."
    )
    for reason, number in found.reasons:
        output.say(f"Refused, {number}: {reason}")
    titles = project.titles({item.article_id for item in found.items})
    for item in found.items:
        said = f"refused: {item.reason}" if item.reason else "done"
        output.say(f"  {item.label}: {item.words} ({titles.get(item.article_id, 'gone')}), {said}")


def _list_json(
    articles: Sequence[tuple[Review, Sequence[Case]]], counts: Counter[str]
) -> dict[str, Any]:
    from annotator.review.cases import Standing

    return {
        "articles": len(articles),
        "counts": {standing.value: counts[standing.value] for standing in Standing},
        "disagreement": [
            {"article_id": one.article_id, "share": one.disagreement[0]} for one, _ in articles
        ],
        "cases": [
            _case_json(one.annotated.article.title, case)
            for one, found in articles
            for case in found
        ],
    }


def _case_json(title: str, case: Case) -> dict[str, Any]:
    from annotator.model import record_to_json
    from annotator.review.cases import group_of

    return {
        "key": case.key,
        "article_id": case.article_id,
        "title": title,
        "about": case.about.value,
        "group": group_of(case).value,
        "kind": case.kind.value,
        "conflicts": [
            {"kind": one.kind.value, "name": one.name, "soft": one.soft} for one in case.conflicts
        ],
        "label": case.label,
        "words": case.words,
        "start": case.place.start,
        "end": case.place.end,
        "choices": [
            {
                "annotators": list(choice.authors),
                "records": [record_to_json(record) for record in choice.variants[0].records],
            }
            for choice in case.choices
        ],
        "without": [one.author for one in case.variants if not one.records],
    }


def _say_list(articles: Sequence[tuple[Review, Sequence[Case]]], counts: Counter[str]) -> None:
    from annotator.review.cases import Standing, grouped_cases
    from annotator.review.wording import heading, why

    output.say(
        f"{count(len(articles), 'article')}: {counts[Standing.OPEN.value]} open, "
        f"{counts[Standing.DECIDED.value]} decided, {counts[Standing.AGREED.value]} agreed."
    )
    for one, found in articles:
        if not found:
            continue
        output.say()
        output.say(f"{one.annotated.article.title} ({one.article_id})")
        for group, cases in grouped_cases(found):
            output.say(f"  {heading(group)} ({len(cases)})")
            for case in cases:
                said = "" if len(one.layers) < 2 else f"  {why(case, {})}"
                output.say(f"    {case.label}: {case.words}{said}")


# ------------------------------------------------------------------------------------- merging


def _previewed(project: Project, wanted: _Wanted, rule: _Rule) -> Preview | None:
    from annotator.model import now
    from annotator.review import merging
    from annotator.review.verdicts import Signature

    signed = Signature(project.author, now(), project.revision)
    batch = merging.batch(rule.name, signed, share=rule.share, seed=rule.seed)
    made = []
    for one in wanted.reviews(project):
        if rule.name == "unanimous":
            made.append(merging.unanimous(one, batch, labels=wanted.labels))
        elif rule.name == "majority":
            made.append(merging.majority(one, batch, at_least=rule.at_least, labels=wanted.labels))
        else:
            layer = next((own.id for own in one.layers if own.author == rule.author), None)
            if layer is not None:
                made.append(merging.all_of(one, batch, layer, labels=wanted.labels))
    return merging.joined(made) if made else None


def _reasons(preview: Preview) -> Counter[str]:
    return Counter(item.reason for item in preview.refused)


def _merge_json(
    rule: _Rule, preview: Preview | None, revision: int | None, dry_run: bool
) -> dict[str, Any]:
    done = () if preview is None else preview.done
    refused = () if preview is None else preview.refused
    return {
        "rule": rule.name,
        "batch": None if preview is None else preview.batch.id,
        "seed": rule.seed,
        "dry_run": dry_run,
        "revision": revision,
        "decided": len(done),
        "audited": 0 if preview is None else preview.audited,
        "refused": len(refused),
        "reasons": {} if preview is None else dict(sorted(_reasons(preview).items())),
        "items": [_item_json(item) for item in (*done, *refused)],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "article_id": item.article_id,
        "label": item.label,
        "words": item.words,
        "start": item.place.start,
        "end": item.place.end,
        "decided": not item.reason,
        "reason": item.reason,
        "audited": item.audited,
    }


def _say_merge(rule: _Rule, preview: Preview | None, dry_run: bool) -> None:
    if preview is None:
        output.say("There is nothing to decide: no article is handed in by those asked for.")
        return
    done = "would be decided" if dry_run else "decided"
    output.say(f"{count(len(preview.done), 'case')} {done} ({rule.name}).")
    for item in preview.sample(_SAMPLE):
        output.say(f"  {item.label}: {item.words}")
    if len(preview.done) > _SAMPLE:
        output.say(f"  and {len(preview.done) - _SAMPLE} more")
    if preview.audited:
        output.say(f"{count(preview.audited, 'case')} of them to be audited.")
    for reason, number in _reasons(preview).most_common():
        output.say(f"Left open, {number}: {reason}")
    if preview.done and not dry_run:
        output.say(f"Batch {preview.batch.id}. Undo takes all of it back in one step.")


VERBS: Final = (review,)
