"""The pages that count: overview, progress, labels, who said what, places."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.agreement.resampling import DRAWS
from annotator.gui.insights import agreement_tables as tables
from annotator.gui.insights import content
from annotator.gui.insights.agreement_page import few_in_words
from annotator.gui.insights.cell_painter import step
from annotator.gui.insights.charts import Bars, Stages
from annotator.gui.insights.pace import Pace, pace
from annotator.gui.insights.pages import Block, CountsPage, Page, empty
from annotator.gui.insights.sheet import Cell, Column, Sheet
from annotator.gui.insights.words import day_in_words, day_of, state_in_words
from annotator.gui.insights.work_line import WorkLine
from annotator.gui.insights.world_map import WorldMap
from annotator.gui.parts import Hairline, Themed, dress, label, px, type_font
from annotator.gui.theme import Theme, mix
from annotator.model import LayerState
from annotator.translation import number, tr, tr_n

if TYPE_CHECKING:
    from annotator.gui.insights.reading import Counted, Reading
    from annotator.gui.workspace import Workspace

FIRST_SPEAKERS = 7
"""Speakers on the overview."""


class Legend(Themed, QWidget):
    """What the parts of stacked bars stand for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_names(self, names: tuple[str, ...]) -> None:
        """Show these names, in the order of the parts."""
        self._names = names
        self.setAccessibleName(", ".join(names))
        self.setVisible(bool(names))
        self.updateGeometry()
        self.update()

    def _places(self) -> list[tuple[int, int]]:
        metrics, x, y, found = QFontMetrics(type_font(12)), 8, 0, []
        for name in self._names:
            wide = px(16) + metrics.horizontalAdvance(name)
            if x + wide > self.width() and x > 8:
                x, y = 8, y + px(22)
            found.append((x, y))
            x += wide + px(16)
        return found

    def sizeHint(self) -> QSize:
        lines = self._places()[-1][1] if self._names else 0
        return QSize(px(200), lines + px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setFont(type_font(12))
            places = zip(self._names, self._places(), strict=True)
            for number_of, (name, (x, y)) in enumerate(places):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(mix(self.theme.accent, self.theme.page, step(number_of)))
                side = px(10)
                painter.drawRoundedRect(QRectF(x, y + (px(20) - side) / 2, side, side), 2, 2)
                painter.setPen(self.theme.muted)
                area = QRectF(x + px(16), y, self.width(), px(20))
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)
        finally:
            painter.end()


def pace_of(counted: Counted, today: date) -> Pace | None:
    """Return the pace at which articles are handed in."""
    last: dict[str, date] = {}
    for entry in counted.figures.handed_in:
        day = day_of(entry.time)
        if day is not None:
            last[entry.article_id] = min(day, last.get(entry.article_id, day))
    return pace(sorted(last.values()), _left(counted), today)


def _left(counted: Counted) -> int:
    done = sum(counted.figures.by_state.get(state, 0) for state in LayerState.HANDED_IN)
    return counted.figures.articles - done


def pace_in_words(found: Pace | None) -> str:
    """Say when all will be handed in."""
    if found is None:
        return ""
    if found.latest is None:
        return tr("At this pace finished on {day}", day=day_in_words(found.finished))
    return tr(
        "At this pace finished on {day}, between {first} and {last}",
        day=day_in_words(found.finished),
        first=day_in_words(found.earliest),
        last=day_in_words(found.latest),
    )


def _today() -> date:
    return datetime.now().astimezone().date()


class Speakers(Block):
    """Who said what, as far as there is room."""

    def __init__(self, sheet: Sheet, theme: Theme, most: int | None) -> None:
        super().__init__(tr("Who said what"))
        self._most = most
        self.sheet = sheet
        self.legend = Legend(theme)
        self.nothing = empty(tr("Nobody speaks yet. Link a claim to its speaker."))
        for part in (self.sheet, self.legend, self.nothing):
            self.put(part)

    def show_counts(self, counted: Counted, page: Page) -> list[content.Speaker]:
        """Show who said what; return all speakers."""
        scheme = page.workspace.scheme
        found = content.speakers(counted, scheme)
        claims = sum(one.claims for one in found)
        words = tr_n(claims, "{n} claim with a speaker", "{n} claims with a speaker")
        self.second.setText(words if found else "")
        self.sheet.show_rows(*content.speaker_rows(found[: self._most]))
        self.sheet.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.legend.show_names(content.types_of_claims(scheme) if found else ())
        left = counted.figures.unattributed
        said = tr_n(left, "{n} claim has no speaker who is known.",
                    "{n} claims have no speaker who is known.")  # fmt: skip
        self.say(said if left and self._most is None else "")
        return found


class Places(Block):
    """The map of the places."""

    def __init__(self, theme: Theme, page: Page) -> None:
        super().__init__(tr("Places"))
        self.map = WorldMap(theme)
        self.map.opened.connect(page.list_wanted)
        self.put(self.map)

    def show_counts(self, counted: Counted, page: Page) -> list[content.Mentioned]:
        """Show where the places are; return them."""
        found, every, nowhere = content.places(counted, page.workspace.scheme)
        mentions = tr_n(every, "{n} mention", "{n} mentions")
        on_map = tr_n(len(found), "{n} place on the map", "{n} places on the map")
        self.second.setText(f"{mentions}, {on_map}" if every else "")
        self.aside.setText(
            tr_n(nowhere, "{n} mention has no coordinates", "{n} mentions have no coordinates")
            if nowhere and found
            else ""
        )
        self.map.show_places(found)
        self.say("" if found else tr("No place has coordinates yet. Link a location to a place."))
        return found


class Overview(Page):
    """Everything in short."""

    def __init__(self, workspace: Workspace, reading: Reading, theme: Theme) -> None:
        super().__init__(workspace, reading, theme, "overview")
        self.setAccessibleName(tr("Overview"))
        self.stages = Stages(theme)
        self.column.addWidget(self.stages)
        self.work = WorkLine(theme, "overview_agreement")
        self.work.wanted.connect(self._compute)
        self.work.cancelled.connect(self._cancel)
        self.matrix = self.sheet("table.overview_matrix", tr("Annotators beside each other"),
                                 height=40)  # fmt: skip
        self.agreement = Block(tr("Agreement"))
        self.agreement.second.setText(tr("mean pairwise F1"))
        self.agreement.put(self.work)
        self.agreement.put(self.matrix)
        self.labels = self.sheet("table.overview_labels", tr("Agreement by label and link"))
        self.by_label = Block(tr("By label"))
        self.by_label.put(self.labels)
        self.beside(self.agreement, self.by_label)
        self.column.addWidget(Hairline(theme))
        speakers = self.sheet("table.overview_speakers", tr("Who said what"))
        self.speakers = Speakers(speakers, theme, FIRST_SPEAKERS)
        self.places = Places(theme, self)
        self.beside(self.speakers, self.places)
        self.column.addStretch(1)
        reading.counted_anew.connect(self.refresh_if_shown)
        reading.agreed_anew.connect(self.refresh_if_shown)
        reading.progressed.connect(self._on_progress)
        self._show_agreement()

    def _compute(self) -> None:
        self.reading.compute()
        self.work.show()
        self.work.work()

    def _cancel(self) -> None:
        self.reading.cancel("agreement")
        self.work.rest(tr("The computation was cancelled."), tr("Compute"))

    def _on_progress(self, name: str, done: int, total: int) -> None:
        if name == "agreement" and self.work.works:
            self.work.advance(done, total)

    def begin(self) -> None:
        """Compute agreement, unless there is something already or on its way."""
        if self.reading.agreement is None and not self.reading.is_busy("agreement"):
            self._compute()

    def refresh(self) -> None:
        self._show_agreement()
        counted = self.reading.counted
        if counted is None:
            return
        self.stages.show_progress(counted.figures.articles, dict(counted.figures.by_state))
        self.stages.show_title(tr_n(counted.figures.articles, "{n} article", "{n} articles"))
        self.stages.show_end(pace_in_words(pace_of(counted, _today())))
        self.speakers.show_counts(counted, self)
        self.places.show_counts(counted, self)
        dress(self, self.theme)

    def _show_agreement(self) -> None:
        found = self.reading.agreement
        some = found is not None and bool(found.panel.articles)
        for part in (self.matrix, self.labels):
            part.setVisible(some)
        self.by_label.setVisible(some)
        if found is None:
            if self.reading.is_busy("agreement"):
                self.work.work()
            return
        self.work.setVisible(self.reading.is_stale)
        self.work.rest(
            tr("Stale: something has changed since this was computed."), tr("Compute again")
        )
        if not some:
            self.agreement.say(tables.nothing_to_compare())
            return
        self.matrix.show_rows(*tables.matrix(found))
        self.agreement.say(
            tr("Lower left: exact borders. Upper right: overlap counts. A cell opens its cases.")
        )
        self.labels.show_rows(*tables.by_label(found, self.workspace.scheme, whole=False))
        articles = found.panel.articles
        self.by_label.second.setText(
            tr_n(articles, "{n} article marked twice", "{n} articles marked twice")
        )
        self.by_label.say(
            few_in_words(articles) or tr("{n} resamples of articles.", n=number(DRAWS))
        )
        dress(self, self.theme)


class ProgressPage(CountsPage):
    """How far everybody is, and when the work will be finished."""

    def __init__(self, workspace: Workspace, reading: Reading, theme: Theme) -> None:
        super().__init__(workspace, reading, theme, "progress")
        self.setAccessibleName(tr("Progress"))
        self.stages = Stages(theme)
        self.people = self.sheet("table.people", tr("How far everybody is"))
        self.people_block = Block(tr("People"))
        self.people_block.put(self.people)
        self.pace_block = Block(tr("Pace"))
        self.words = label()
        self.words.setObjectName("words.pace")
        self.words.setWordWrap(True)
        self.pace_block.put(self.words)
        self.weeks = self.sheet("table.weeks", tr("Articles handed in by week"))
        self.pace_block.put(self.weeks)
        self.stand(self.stages, self.people_block, self.pace_block)

    def show_counts(self, counted: Counted) -> None:
        self.stages.show_progress(counted.figures.articles, dict(counted.figures.by_state))
        self.stages.show_title(tr_n(counted.figures.articles, "{n} article", "{n} articles"))
        self.people.show_rows(*_people_rows(counted))
        haste = haste_in_words(counted)
        self.people_block.say(haste if counted.figures.shares else tr("Nobody has begun yet."))
        found = pace_of(counted, _today())
        if found is None:
            all_in = counted.figures.articles and _left(counted) <= 0
            few = tr("Too few articles were handed in to tell the pace.")
            self.words.setText(tr("Every article is handed in.") if all_in else few)
        else:
            a_day = tr("{n} articles a day.", n=f"{found.a_day:.1f}")
            self.words.setText(f"{a_day} {pace_in_words(found)}.")
        columns, rows = _week_rows(counted)
        self.weeks.show_rows(columns, rows)
        self.weeks.setVisible(bool(rows))


def haste_in_words(counted: Counted) -> str:
    """Say who has decided very fast: a hint to whoever looks at it, and no reproach."""
    parts = [
        tr_n(
            one.fast,
            "{n} of {total} decisions of {name} came less than 2 seconds after the one before.",
            "{n} of {total} decisions of {name} came less than 2 seconds after the one before.",
            total=number(one.decisions),
            name=one.reviewer,
        )
        for one in counted.figures.haste
        if one.fast
    ]
    if parts:
        parts.append(tr("Fast is not wrong; it may be worth a second look."))
    return "\n".join(parts)


def _people_rows(counted: Counted) -> tuple[list[Column], list[list[Cell]]]:
    states = LayerState.ALL[1:]
    columns = [Column(tr("Person"), width=130, stretch=True)]
    columns += [Column(state_in_words(state), right=True) for state in states]
    columns += [Column(tr("Labels"), right=True), Column(tr("Of all articles"), width=150)]
    labels: dict[str, int] = {}
    for entry in counted.figures.labels:
        labels[entry.author] = labels.get(entry.author, 0) + entry.spans
    by_person: dict[str, dict[str, int]] = {}
    for share in counted.figures.shares:
        by_person.setdefault(share.author, {})[share.state] = share.articles
    total = max(counted.figures.articles, 1)
    rows = []
    for author, own in sorted(by_person.items()):
        counts = [own.get(state, 0) for state in states]
        done = sum(own.get(state, 0) for state in LayerState.HANDED_IN)
        rows.append(
            [
                Cell(text=author),
                *(Cell(text=number(n), right=True, muted=not n) for n in counts),
                Cell(text=number(labels.get(author, 0)), right=True, muted=True),
                Cell(parts=(done / total, 0, 0, (sum(counts) - done) / total)),
            ]
        )
    return columns, rows


def _week_rows(counted: Counted) -> tuple[list[Column], list[list[Cell]]]:
    from annotator.gui.insights.words import week_of

    by_week: dict[str, dict[str, int]] = {}
    people = sorted({entry.author for entry in counted.figures.handed_in})
    for entry in counted.figures.handed_in:
        own = by_week.setdefault(week_of(entry.time), {})
        own[entry.author] = own.get(entry.author, 0) + 1
    columns = [Column(tr("Week of"), width=130, stretch=True), Column(tr("All"), right=True)]
    columns += [Column(name, right=True) for name in people]
    rows = []
    for week, own in sorted(by_week.items(), reverse=True):
        day = day_of(week)
        rows.append(
            [
                Cell(text=week if day is None else day_in_words(day)),
                Cell(text=number(sum(own.values())), right=True, weight=600),
                *(
                    Cell(text=number(own.get(name, 0)), right=True, muted=not own.get(name))
                    for name in people
                ),
            ]
        )
    return columns, rows


class LabelsPage(CountsPage):
    """What was marked, by whom, with which values."""

    def __init__(self, workspace: Workspace, reading: Reading, theme: Theme) -> None:
        super().__init__(workspace, reading, theme, "labels")
        self.setAccessibleName(tr("Labels"))
        self.bars = Bars(theme, "chart.labels")
        self.bars.setAccessibleName(tr("Labels"))
        self.links = Bars(theme, "chart.links")
        self.links.setAccessibleName(tr("Links"))
        left, right = Block(tr("Labels")), Block(tr("Links"))
        left.second.setText(tr("by all people"))
        right.second.setText(tr("by all people"))
        left.put(self.bars)
        right.put(self.links)
        self.beside(left, right)
        self.people = self.sheet("table.labels", tr("Labels by person"))
        self.values = self.sheet("table.values", tr("Values of attributes"))
        by_person, values = Block(tr("By person")), Block(tr("Values"))
        by_person.put(self.people)
        values.put(self.values)
        self._values = values
        self.stand(by_person, values)

    def show_counts(self, counted: Counted) -> None:
        scheme = self.workspace.scheme
        colours = {item.name: item.colour for item in scheme.labels}
        counts = content.label_counts(counted, scheme)
        self.bars.show_rows(
            [(name, count, colours.get(name, "grey")) for name, count in counts.items()],
            brackets=True,
        )
        ties = sorted(counted.figures.relations.items(), key=lambda item: (-item[1], item[0]))
        self.links.show_rows([(name.replace("_", " "), n, "blue") for name, n in ties])
        self.people.show_rows(*content.label_rows(counted, scheme))
        columns, rows = content.value_rows(counted, scheme)
        self.values.show_rows(columns, rows)
        self._values.setVisible(bool(rows))


class SpeakersPage(CountsPage):
    """Who said what, with the numbers."""

    def __init__(self, workspace: Workspace, reading: Reading, theme: Theme) -> None:
        super().__init__(workspace, reading, theme, "speakers")
        self.setAccessibleName(tr("Who said what"))
        sheet = self.sheet("table.speakers", tr("Who said what"))
        self.speakers = Speakers(sheet, theme, None)
        self.types = self.sheet("table.claim_types", tr("Claims by type"))
        self.type_block = Block(tr("Claims by type"))
        self.type_block.put(self.types)
        self.stand(self.speakers, self.type_block)

    def show_counts(self, counted: Counted) -> None:
        found = self.speakers.show_counts(counted, self)
        types = content.types_of_claims(self.workspace.scheme)
        self.types.show_rows(*content.type_columns(found, types))
        self.type_block.setVisible(bool(found) and bool(types))


class PlacesPage(CountsPage):
    """Where the articles take place."""

    def __init__(self, workspace: Workspace, reading: Reading, theme: Theme) -> None:
        super().__init__(workspace, reading, theme, "places")
        self.setAccessibleName(tr("Places"))
        self.places = Places(theme, self)
        self.table = self.sheet("table.places", tr("Places"))
        self.stand(self.places, self.table)

    def show_counts(self, counted: Counted) -> None:
        found = self.places.show_counts(counted, self)
        self.table.show_rows(*content.place_rows(found))
        self.table.setVisible(bool(found))
