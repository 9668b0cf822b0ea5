"""What a person chooses for an export, beside the format: whose labels, which, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QSpinBox, QVBoxLayout, QWidget

from annotator.gui.controls import Flow, Segment, beside
from annotator.gui.dialogs import Complaint
from annotator.gui.exchange.pairs import Choice, Pairs
from annotator.gui.parts import dress, label, set_type
from annotator.gui.theme import Theme
from annotator.translation import number, tr

if TYPE_CHECKING:
    from annotator.exchange import Names, Plan, Selection, Split
    from annotator.formats import Format

_USUAL: Final = (80, 10, 10)
_ONE: Final = "one "
"""Beginning of the key of an author."""
_CUSTOM: Final = "custom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What of a project there is to choose from."""

    authors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """Those of the scheme first, then others that were met in the project."""
    total: int = 0
    """Articles."""
    listed: tuple[str, ...] = ()
    """Ids of the articles that the filtered list shows; none where it shows all."""
    opened: str = ""
    """Id of the open article."""
    quoting: bool = False
    """Whether the scheme says which labels are quotations."""


class ExportForm(QWidget):
    """The choices of an export; with a format they are a plan."""

    changed = Signal()
    map_wanted = Signal()
    """Somebody wants to choose a file with other names."""

    def __init__(self, theme: Theme, stock: Stock) -> None:
        super().__init__()
        self.theme = theme
        self._stock = stock
        self.names_file: Path | None = None
        self._build()
        self.offer(stock)

    # -- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self._pairs = Pairs()
        self.whose, self.articles = Choice(), Choice()
        self.naming, self.split = Choice(), Choice()
        self.tokens, self.tags = Choice(), Choice()
        marks = [("outside", tr("Outside")), ("inside", tr("Inside"))]
        self.quotes = Segment(self.theme, marks, places=False)
        self.quotes.choose("outside")
        self._quotes_row = beside(self.quotes)
        self._ticks = QWidget()
        self._flow = Flow(self._ticks, gap=20)
        self.ticks: dict[str, QCheckBox] = {}
        add = self._pairs.add
        add(tr("Labels from"), self.whose, "field.labels_from")
        add(tr("Articles"), self.articles, "field.articles")
        add(tr("Label names"), self.naming, "field.label_names")
        add(tr("Split articles"), self.split, "field.split")
        add(tr("Shares"), self._build_shares(), "group.shares", wide=True)
        add(tr("Tokens"), self.tokens, "field.tokens")
        add(tr("Tags"), self.tags, "field.tags")
        add(tr("Quotation marks"), self._quotes_row, "group.quotes")
        add(tr("Include"), self._ticks, "group.include", wide=True)
        self.complaint = Complaint("error.export_choices")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._pairs)
        column.addWidget(self.complaint)
        for choice in (self.whose, self.articles, self.split, self.tokens, self.tags):
            choice.activated.connect(self._on_choice)
        self.naming.activated.connect(self._on_naming)
        self.quotes.chosen.connect(lambda _key: self._on_choice())
        self._show_names()
        self.tokens.offer(_tokenisers())
        self.tags.offer(_tag_schemes())

    def _build_shares(self) -> QWidget:
        self._shares_row = QWidget()
        row = Flow(self._shares_row, gap=16)
        self.shares: list[QSpinBox] = []
        parts = (("train", tr("Train")), ("dev", tr("Dev")), ("test", tr("Test")))
        for at, (name, text) in enumerate(parts):
            box = self._number(f"field.share_{name}", tr("{part}, per cent", part=text), 100)
            box.setValue(_USUAL[at])
            box.setSuffix(" %")
            self.shares.append(box)
            row.addWidget(beside(label(text, 12, tone="muted"), box))
        self.seed = self._number("field.seed", tr("Seed: which of the many ways to split"), 999_999)
        self.seed.setValue(1)
        row.addWidget(beside(label(tr("Seed"), 12, tone="muted"), self.seed))
        return self._shares_row

    def _number(self, name: str, spoken: str, most: int) -> QSpinBox:
        box = QSpinBox()
        box.setObjectName(name)
        box.setAccessibleName(spoken)
        box.setRange(0, most)
        box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        box.setKeyboardTracking(False)
        set_type(box)
        box.valueChanged.connect(self._on_choice)
        return box

    def offer(self, stock: Stock) -> None:
        """Offer what there is in the project."""
        self._stock = stock
        self.whose.offer(
            [
                ("everything", tr("Everybody, as it is")),
                ("gold", tr("Gold")),
                ("agreed", tr("Agreed")),
                ("gold else agreed", tr("Gold, else agreed")),
                *((f"{_ONE}{author}", author) for author in stock.authors),
            ]
        )
        total = number(stock.total)
        options = [("all", tr("All, {n}", n=total)), ("approved", tr("Approved only"))]
        if stock.listed:
            listed = number(len(stock.listed))
            options.append(("listed", tr("Those in the list, {n}", n=listed)))
        if stock.opened:
            options.append(("opened", tr("The open one")))
        self.articles.offer(options)
        self.split.offer(
            [
                ("", tr("No split")),
                ("usual", tr("80, 10, 10 by article")),
                (_CUSTOM, tr("Other parts, by article")),
            ]
        )
        for name in stock.labels:
            if name not in self.ticks:
                self._add_tick(name)
        self._pairs.show_field(self._quotes_row, stock.quoting)
        self._pairs.show_field(self._ticks, bool(self.ticks))
        self._show_shares()

    def _add_tick(self, name: str) -> None:
        tick = QCheckBox(name.replace("&", "&&"))
        tick.setObjectName(f"tick.{name}")
        tick.setAccessibleName(tr("Include {label}", label=name))
        tick.setChecked(True)
        tick.clicked.connect(self.changed)
        set_type(tick)
        dress(tick, self.theme)
        self.ticks[name] = tick
        self._flow.addWidget(tick)

    def add_place(self, place: QWidget) -> None:
        """Add where the export goes."""
        self._pairs.add(tr("Save to"), place, "group.save_to", wide=True)

    # -- showing ---------------------------------------------------------------------------------

    def show_form(self, form: Format) -> None:
        """Show what matters for a format."""
        from annotator import formats

        self._pairs.show_field(self.tokens, formats.is_tokenised(form))
        self._pairs.show_field(self.tags, formats.is_tagged(form))

    def _show_shares(self) -> None:
        self._pairs.show_field(self._shares_row, bool(self.split.key))
        for box in self.shares:
            box.setEnabled(self.split.key == _CUSTOM)

    def _show_names(self) -> None:
        options = [("", tr("As in the scheme"))]
        if self.names_file is not None:
            options.append(("file", self.names_file.name))
        options.append(("choose", tr("From a map file…")))
        self.naming.offer(options)
        self.naming.choose("file" if self.names_file is not None else "")

    def take_names(self, path: Path | None) -> None:
        """Use the names in the file at *path*; None leaves the choice as it was."""
        if path is not None:
            self.names_file = path
        self._show_names()
        self.changed.emit()

    def _on_naming(self) -> None:
        if self.naming.key == "choose":
            self.map_wanted.emit()
            return
        if not self.naming.key:
            self.names_file = None
            self._show_names()
        self.changed.emit()

    def _on_choice(self) -> None:
        if self.split.key == "usual":
            for box, share in zip(self.shares, _USUAL, strict=True):
                box.blockSignals(True)
                box.setValue(share)
                box.blockSignals(False)
        self._show_shares()
        self.changed.emit()

    # -- the plan --------------------------------------------------------------------------------

    def plan(self, form: Format) -> Plan:
        """Return what was chosen. Raises UserError where it cannot be."""
        from annotator import formats
        from annotator.exchange import Plan

        return Plan(
            form=form.name,
            selection=self._selection(),
            names=self._names(),
            quotes="inside" if self.quotes.current == "inside" else "outside",
            split=self._split(),
            tokens=self.tokens.key if formats.is_tokenised(form) else Plan().tokens,
            tags=self.tags.key if formats.is_tagged(form) else Plan().tags,
        )

    def _selection(self) -> Selection:
        from annotator.exchange import Choice as Whose
        from annotator.exchange import Selection

        key, stock = self.whose.key, self._stock
        authors: tuple[str, ...] = ()
        choice = Whose.ONE
        if key.startswith(_ONE):
            authors = (key.removeprefix(_ONE),)
        else:
            choice = Whose(key)
        wanted = {"listed": stock.listed, "opened": (stock.opened,)}.get(self.articles.key)
        taken = tuple(name for name, tick in self.ticks.items() if tick.isChecked())
        return Selection(
            choice=choice,
            authors=authors,
            approved=self.articles.key == "approved",
            labels=None if len(taken) == len(self.ticks) else taken,
            articles=wanted,
        )

    def _names(self) -> Names:
        from annotator.exchange import Names

        return Names() if self.names_file is None else Names.load(self.names_file)

    def _split(self) -> Split | None:
        from annotator.exchange import Split

        if not self.split.key:
            return None
        train, dev, test = (box.value() for box in self.shares)
        return Split((train, dev, test), self.seed.value())

    # -- remembering -----------------------------------------------------------------------------

    def keep(self) -> dict[str, str]:
        """Return the choices for the next time."""
        left_out = [name for name, tick in self.ticks.items() if not tick.isChecked()]
        return {
            "whose": self.whose.key,
            "articles": self.articles.key,
            "split": self.split.key,
            "shares": "/".join(str(box.value()) for box in self.shares),
            "seed": str(self.seed.value()),
            "tokens": self.tokens.key,
            "tags": self.tags.key,
            "quotes": self.quotes.current or "outside",
            "left_out": "\n".join(left_out),
            "names": "" if self.names_file is None else str(self.names_file),
        }

    def restore(self, kept: dict[str, str]) -> None:
        """Choose what was chosen the last time, as far as that is there."""
        self.whose.choose(kept.get("whose", ""))
        if kept.get("articles") in ("all", "approved"):
            self.articles.choose(kept["articles"])
        self.split.choose(kept.get("split", ""))
        for box, share in zip(self.shares, kept.get("shares", "").split("/"), strict=False):
            _set_number(box, share)
        _set_number(self.seed, kept.get("seed", ""))
        self.tokens.choose(kept.get("tokens", ""))
        self.tags.choose(kept.get("tags", ""))
        if self._stock.quoting:
            self.quotes.choose("inside" if kept.get("quotes") == "inside" else "outside")
        for name in kept.get("left_out", "").split("\n"):
            if name in self.ticks:
                self.ticks[name].setChecked(False)
        names = kept.get("names", "")
        self.names_file = Path(names) if names and Path(names).is_file() else None
        self._show_names()
        self._show_shares()


def _set_number(box: QSpinBox, text: str) -> None:
    if text.isascii() and text.isdigit():
        box.blockSignals(True)
        box.setValue(int(text))
        box.blockSignals(False)


def _tag_schemes() -> list[tuple[str, str]]:
    from annotator.formats.tags import SCHEMES

    return [(scheme, scheme) for scheme in SCHEMES]


def _tokenisers() -> list[tuple[str, str]]:
    from annotator.formats import Need

    found = [
        ("", tr("Usual for the format")),
        ("words", tr("Words and punctuation")),
        ("whitespace", tr("Between blanks")),
        ("characters", tr("Characters")),
    ]
    if Need("spacy", "spacy").is_met:
        found.append(("spacy", tr("spaCy, by language")))
    return found
