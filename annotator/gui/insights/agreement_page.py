"""How well people agree: a panel, never one number, and every number leads to its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from annotator.agreement.findings import EXACT, OVERLAP
from annotator.agreement.gamma import SAMPLES
from annotator.agreement.measures import About
from annotator.agreement.resampling import DRAWS, FEWEST
from annotator.gui.controls import beside
from annotator.gui.insights import agreement_tables as tables
from annotator.gui.insights import measure_tables as more
from annotator.gui.insights.charts import Lines
from annotator.gui.insights.comparison import Comparison, choice
from annotator.gui.insights.pages import Block, Page, empty
from annotator.gui.insights.reading import MINIMA
from annotator.gui.insights.sheet import Sheet
from annotator.gui.insights.words import day_in_words, day_of, exact
from annotator.gui.insights.work_line import WorkLine
from annotator.gui.parts import dress
from annotator.gui.theme import Theme
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.insights.reading import Agreement, Reading
    from annotator.gui.workspace import Workspace


def few_in_words(articles: int) -> str:
    """Say that there are too few articles for intervals."""
    if articles >= FEWEST:
        return ""
    counted = tr_n(articles, "{n} article was labelled twice.", "{n} articles were labelled twice.")
    return f"{counted} {tr('Intervals are shown from {n}.', n=FEWEST)}"


class AgreementPage(Page):
    """Screen 7: agreement on labels, attributes, links and entities."""

    def __init__(self, workspace: Workspace, reading: Reading, theme: Theme) -> None:
        super().__init__(workspace, reading, theme, "agreement")
        self.setAccessibleName(tr("Agreement"))
        self.work = WorkLine(theme, "agreement")
        self.work.wanted.connect(self._compute)
        self.work.cancelled.connect(self._cancel)
        self.nothing = empty(tables.nothing_to_compare())
        self.nothing.setObjectName("words.nothing_to_compare")
        self._body = QWidget()
        self._blocks: list[Block] = []
        self.left_out = self.sheet("table.left_out", tr("Articles that were left out"))
        self.left_out.hide()
        self._build_labels()
        self._build_outcomes()
        self._build_attributes()
        self._build_rest()
        self._build_time()
        self.comparison = Comparison(reading)
        self._blocks.append(self.comparison)
        self.column.addWidget(self.comparison)
        self._build_gamma()
        self.column.insertWidget(0, self.work)
        self.column.insertWidget(1, self.left_out)
        self.column.insertWidget(2, self.nothing)
        self.column.addStretch(1)
        reading.agreed_anew.connect(self.refresh_if_shown)
        reading.gamma_anew.connect(self._show_gamma)
        reading.progressed.connect(self._on_progress)
        reading.failed.connect(self._on_failed)
        self.refresh()

    # -- building ----------------------------------------------------------------------------

    def _block(self, title: str, *parts: QWidget) -> Block:
        made = Block(title)
        for part in parts:
            made.put(part)
        self._blocks.append(made)
        return made

    def _build_labels(self) -> None:
        self.matrix = self.sheet("table.matrix", tr("Annotators beside each other"), height=36)
        self.whose = choice("choice.matrix", tr("Who stands beside each other"))
        self.whose.offer([("people", tr("People")), ("gold", tr("People and gold"))])
        self.whose.activated.connect(self._show_matrix)
        self._beside_row = beside(self.whose)
        self.matrix_block = self._block(tr("Annotators"), self._beside_row, self.matrix)
        self.matrix_block.second.setText(tr("F1 of each pair"))
        self.matrix_block.say(
            tr("Lower left: exact borders. Upper right: overlap counts. A cell opens its cases.")
        )
        self.labels = self.sheet("table.by_label", tr("Agreement by label and link"))
        self.label_block = self._block(tr("By label and link"), self.labels)
        self.column.addWidget(self.matrix_block)
        self.column.addWidget(self.label_block)

    def _build_outcomes(self) -> None:
        self.pair = choice("choice.pair", tr("Which annotators"))
        self.pair.activated.connect(self._show_outcomes)
        self.outcomes = self.sheet("table.outcomes", tr("What became of the labels"))
        self.outcome_block = self._block(
            tr("What became of the labels"), beside(self.pair), self.outcomes
        )
        self.column.addWidget(self.outcome_block)

    def _build_attributes(self) -> None:
        self.attributes = self.sheet("table.attributes", tr("Agreement on attributes"))
        self.minimum = choice("choice.minimum", tr("Which alpha is asked for"))
        self.minimum.offer(
            [(str(one), tr("Alpha of {minimum} or more", minimum=exact(one))) for one in MINIMA]
        )
        self.minimum.activated.connect(self._show_attributes)
        self.attribute_block = self._block(tr("Attributes"), beside(self.minimum), self.attributes)
        self.attribute_block.second.setText(
            tr("Krippendorff’s alpha of labels that lie over each other")
        )
        self.attribute = choice("choice.attribute", tr("Which attribute"))
        self.attribute.activated.connect(self._show_confusion)
        self.confusion = self.sheet("table.confusion", tr("Values beside each other"), height=32)
        self.confusion_block = self._block(
            tr("Values beside each other"), beside(self.attribute), self.confusion
        )
        self.confusion_block.say(
            tr("How often two people gave two values to the same label. A cell opens its cases.")
        )
        self.column.addWidget(self.attribute_block)
        self.column.addWidget(self.confusion_block)

    def _build_rest(self) -> None:
        self.relations = self.sheet("table.relations", tr("Agreement on links"))
        self.relation_block = self._block(tr("Links"), self.relations)
        self.relation_block.say(
            tr("Ends count where they overlap. Given the labels: both people have marked the ends.")
        )
        self.entities = self.sheet("table.entities", tr("Agreement on people and places"))
        self.identity = self.sheet("table.identity", tr("Who has one label, and who is split"))
        self.entity_block = self._block(tr("People and places"), self.entities, self.identity)
        self.entity_block.second.setText(tr("whether the same labels stand for the same"))
        self.column.addWidget(self.relation_block)
        self.column.addWidget(self.entity_block)

    def _build_time(self) -> None:
        self.lines = Lines(self.theme, "chart.development")
        self.periods = self.sheet("table.development", tr("Agreement by week"))
        self.time_block = self._block(tr("Over time"), self.lines, self.periods)
        self.time_block.second.setText(tr("by the week in which articles were handed in"))
        self.column.addWidget(self.time_block)

    def _build_gamma(self) -> None:
        self.gamma_work = WorkLine(self.theme, "gamma")
        self.gamma_work.wanted.connect(self._compute_gamma)
        self.gamma_work.cancelled.connect(self._cancel_gamma)
        self.gamma = self.sheet("table.gamma", tr("Gamma"))
        self.gamma_block = self._block(tr("Gamma"), self.gamma_work, self.gamma)
        self.gamma_block.second.setText(tr("where and what, corrected for chance"))
        self.gamma_block.say(
            tr(
                "Chance is estimated from {n} random articles each, always drawn alike. Intervals "
                "draw articles, each with the chance that was estimated for it.",
                n=SAMPLES,
            )
        )
        self.column.addWidget(self.gamma_block)

    # -- computing ---------------------------------------------------------------------------

    def _compute(self) -> None:
        self.reading.compute()
        self.work.work()

    def _cancel(self) -> None:
        self.reading.cancel("agreement")
        self.refresh()
        self._say_state(cancelled=True)

    def _compute_gamma(self) -> None:
        self.reading.compute_gamma()
        self.gamma_work.work()

    def _cancel_gamma(self) -> None:
        self.reading.cancel("gamma")
        self.gamma_work.rest(tr("The computation was cancelled."), tr("Compute gamma"))

    def _on_progress(self, name: str, done: int, total: int) -> None:
        line = {"agreement": self.work, "gamma": self.gamma_work}.get(name)
        if line is not None and line.works:
            line.advance(done, total)

    def _on_failed(self, reason: str) -> None:
        self.refresh()
        self.work.words.setText(reason)

    def begin(self) -> None:
        """Compute, unless there is something already or on its way."""
        if self.reading.agreement is None and not self.reading.is_busy("agreement"):
            self._compute()

    # -- showing -----------------------------------------------------------------------------

    def refresh(self) -> None:
        found = self.reading.agreement
        busy = self.reading.is_busy("agreement") and found is None
        if busy:
            self.work.work()
        else:
            self._say_state()
        some = found is not None and bool(found.panel.articles)
        for block in self._blocks:
            block.setVisible(some)
        golden = found is not None and bool(found.beside_gold)
        self.nothing.setVisible(found is not None and not some and not golden)
        self.left_out.hide()
        if found is None:
            return
        self._fill(self.left_out, more.left_out(found.panel))
        self.left_out.setVisible(bool(self.left_out.sheet.rows))
        self._show_matrix()
        if some:
            self._show_all(found)
        dress(self, self.theme)

    def _show_matrix(self) -> None:
        found = self.reading.agreement
        if found is None:
            return
        golden = bool(found.beside_gold)
        only_gold = golden and not found.panel.articles
        self._beside_row.setVisible(golden and not only_gold)
        self.matrix_block.setVisible(golden or bool(found.panel.articles))
        with_gold = only_gold or (golden and self.whose.key == "gold")
        self._fill(self.matrix, tables.matrix(found, gold=with_gold))

    def _say_state(self, *, cancelled: bool = False) -> None:
        found = self.reading.agreement
        if cancelled:
            self.work.rest(tr("The computation was cancelled."), tr("Compute"))
        elif found is None:
            self.work.rest(tr("Nothing was computed yet."), tr("Compute"))
        elif self.reading.is_stale:
            self.work.rest(
                tr("Stale: something has changed since this was computed."), tr("Compute again")
            )
        else:
            panel = found.panel
            words = tr_n(
                panel.articles,
                "{n} article was read by two or more of: {names}.",
                "{n} articles were read by two or more of: {names}.",
                names=", ".join(panel.annotators),
            )
            if not panel.annotators:
                words = ""
            if panel.unfinished:
                words += " " + tr_n(
                    panel.unfinished,
                    "{n} reading was left out, because somebody is still at it.",
                    "{n} readings were left out, because somebody is still at them.",
                )
            self.work.rest(words, "" if panel.articles else tr("Compute again"))

    def _show_all(self, found: Agreement) -> None:
        panel = found.panel
        self._fill(self.labels, tables.by_label(found, self.workspace.scheme, whole=True))
        drawn = tr("{n} resamples of articles.", n=number(DRAWS))
        few = few_in_words(panel.articles)
        self.label_block.say(
            f"{few or drawn} {tables.reasons(panel, EXACT, OVERLAP, 'F1')}".strip()
        )
        pairs = [(one.first, one.second) for one in panel.pairs if one.articles]
        self.pair.offer(
            [("", tr("All pairs")), *((_key(pair), " – ".join(pair)) for pair in pairs)]
        )
        self._show_outcomes()
        self._show_attributes()
        self.attribute_block.say(tables.reasons(panel, "alpha"))
        self._offer_attributes(found)
        self._fill(self.relations, more.relations(panel))
        self._fill(self.entities, more.entities(panel))
        self._fill(self.identity, more.identity(panel))
        self.entity_block.say(tables.reasons(panel, *more.ENTITY_MEASURES))
        self._show_or_hide(found)
        self._show_time(found)
        self.comparison.offer(found, self.workspace.scheme)
        self._show_gamma()

    def _show_or_hide(self, found: Agreement) -> None:
        abouts = {one.about for one in found.panel.figures}
        self.attribute_block.setVisible(bool(self.attributes.sheet.rows))
        self.confusion_block.setVisible(bool(self.attribute.count()))
        self.relation_block.setVisible(About.RELATIONS in abouts)
        self.entity_block.setVisible(About.ENTITIES in abouts)

    def _fill(self, sheet: Sheet, table: tables.Table) -> None:
        sheet.show_rows(*table)

    def _show_outcomes(self) -> None:
        found = self.reading.agreement
        if found is not None:
            pair = tuple(self.pair.key.split("\n")) if self.pair.key else ()
            self._fill(self.outcomes, tables.outcomes(found.panel, pair))

    def _show_attributes(self) -> None:
        found = self.reading.agreement
        if found is not None:
            minimum = float(self.minimum.key)
            self._fill(self.attributes, tables.attributes(found, minimum))

    def _offer_attributes(self, found: Agreement) -> None:
        names = [
            name
            for name in tables.figures_of(found.panel, About.ATTRIBUTES, "alpha")
            if len(found.findings.confusion(name)) > 1
        ]
        self.attribute.offer([(name, tables.attribute_in_words(name)) for name in names])
        self._show_confusion()

    def _show_confusion(self) -> None:
        found = self.reading.agreement
        if found is not None and self.attribute.count():
            self._fill(self.confusion, tables.confusion(found, self.attribute.key))

    def _show_time(self, found: Agreement) -> None:
        self._fill(self.periods, tables.periods(found))
        points = []
        for one in found.periods:
            day = day_of(one.name)
            points.append((one.name if day is None else day_in_words(day), one.overlap, one.exact))
        self.lines.show_points(points)
        self.lines.setVisible(len(points) > 1)
        self.periods.setVisible(bool(points))
        words = ""
        if found.untimed:
            words = tr_n(
                found.untimed,
                "Of {n} article the log does not say when it was handed in.",
                "Of {n} articles the log does not say when they were handed in.",
            )
        self.time_block.say(words)

    # -- gamma -------------------------------------------------------------------------------

    def _show_gamma(self) -> None:
        panel = self.reading.gamma
        if self.reading.is_busy("gamma") and self.gamma_work.works and panel is None:
            return
        self.gamma.setVisible(panel is not None)
        if panel is None:
            self.gamma_work.rest(
                tr("Gamma takes its time: it is computed when you ask for it."),
                tr("Compute gamma"),
            )
            return
        self._fill(self.gamma, more.gammas(panel))
        self.gamma_work.rest(few_in_words(panel.articles), tr("Compute again"))
        dress(self.gamma_block, self.theme)


def _key(pair: tuple[str, str]) -> str:
    return "\n".join(pair)
