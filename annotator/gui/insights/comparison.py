"""Two labels, people or weeks beside each other: how far apart they are, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QSizePolicy

from annotator.agreement.findings import EXACT, Difference, Side
from annotator.agreement.measures import ALL, About
from annotator.agreement.resampling import FEWEST
from annotator.gui.controls import beside
from annotator.gui.exchange.pairs import Choice
from annotator.gui.insights.agreement_tables import figures_of
from annotator.gui.insights.pages import Block
from annotator.gui.insights.words import between, day_in_words, day_of, signed
from annotator.gui.parts import label, px, set_type
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.insights.reading import Agreement, Reading
    from annotator.scheme import Scheme


def choice(name: str, spoken: str) -> Choice:
    """Make a list of options."""
    made = Choice()
    made.setObjectName(name)
    made.setAccessibleName(spoken)
    made.setMinimumWidth(px(56))
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    set_type(made)
    return made


class Comparison(Block):
    """Lets two sides be chosen, and says the difference of their F1."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(tr("Compare two"))
        self._reading = reading
        self._sides: dict[str, Side] = {}
        self.left = choice("choice.compare_first", tr("Compare"))
        self.right = choice("choice.compare_second", tr("With"))
        for one in (self.left, self.right):
            one.activated.connect(self._compare)
        self.words = label()
        self.words.setObjectName("words.compared")
        self.words.setWordWrap(True)
        self.put(beside(self.left, label(tr("with"), tone="muted"), self.right))
        self.put(self.words)
        self.say(tr("Both sides come from the same drawn articles, so the difference is paired."))

    def offer(self, found: Agreement, scheme: Scheme) -> None:
        """Offer labels, people and weeks; what was chosen before stays so."""
        labels = [
            name
            for name in figures_of(found.panel, About.LABELS, EXACT)
            if name != ALL and scheme.label(name) is not None
        ]
        options = [(f"label\n{name}", name, Side(label=name)) for name in labels]
        if len(found.panel.annotators) > 2:
            people = found.panel.annotators
            options += [(f"author\n{name}", name, Side(author=name)) for name in people]
        if len(found.periods) > 1:
            options += [
                (f"week\n{one.name}", _week(one.name), Side(articles=frozenset(one.articles)))
                for one in found.periods
            ]
        self._sides = {key: side for key, _, side in options}
        for at, one in enumerate((self.left, self.right)):
            kept = one.key
            one.offer([(key, words) for key, words, _ in options])
            if kept in self._sides:
                one.choose(kept)
            elif len(options) > at:
                one.choose(options[at][0])
        self.setVisible(len(options) > 1)
        self._compare()

    def _compare(self) -> None:
        sides = [self._sides.get(one.key) for one in (self.left, self.right)]
        if sides[0] is None or sides[1] is None:
            return
        self.words.setText(tr("Computing"))
        self._reading.compare(sides[0], sides[1], self._take)

    def _take(self, found: list[Difference]) -> None:
        said = []
        for difference, name in zip(found, (tr("Exact"), tr("Overlap")), strict=True):
            if difference.value is None:
                said.append(tr("{measure}: undefined.", measure=name))
                continue
            words = tr("{measure}: {value}", measure=name, value=signed(difference.value))
            if difference.interval is not None:
                words += ", " + tr("95 %: {interval}", interval=between(difference.interval))
                if difference.is_clear:
                    words += "; " + tr("0 lies outside")
            said.append(f"{words}.")
        if found and found[0].articles < FEWEST:
            said.append(tr("No interval: fewer than {n} articles.", n=FEWEST))
        self.words.setText(" ".join(said))


def _week(name: str) -> str:
    day = day_of(name)
    return name if day is None else tr("Week of {day}", day=day_in_words(day))
