"""What is said about files that come in: how they are read, what becomes of the labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator import formats
from annotator.gui.exchange.pairs import Choice, Pairs, Tick
from annotator.gui.parts import set_type
from annotator.translation import later, shown, tr

if TYPE_CHECKING:
    from annotator.exchange import Names, Options
    from annotator.gui.exchange.prospect import Prospect

UNIT_NAMES: Final = {
    "codepoint": later("characters"),
    "utf16": later("UTF-16 units"),
    "byte": later("bytes"),
}
_ENCODINGS: Final = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "windows-1250",
                     "windows-1251", "utf-16", "gb18030", "shift_jis")  # fmt: skip


class ImportForm(QWidget):
    """The choices of an import."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pairs = Pairs()
        self.format, self.unit = Choice(), Choice()
        self.layer, self.encoding = Choice(), Choice()
        self.layer.setEditable(True)
        self.layer.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        edit = self.layer.lineEdit()
        assert edit is not None
        set_type(edit)
        edit.setObjectName("field.labels_go_to_name")
        edit.setAccessibleName(tr("Labels go to"))
        self.anchoring = Tick(
            "tick.anchoring",
            tr("Where offsets are wrong, go by the words if they stand there once"),
        )
        self.overwrite = Tick(
            "tick.overwrite", tr("Where the project differs, make it as the files are")
        )
        ticks = QWidget()
        lines = QVBoxLayout(ticks)
        lines.setContentsMargins(0, 4, 0, 0)
        lines.setSpacing(6)
        lines.addWidget(self.anchoring)
        lines.addWidget(self.overwrite)
        add = self._pairs.add
        add(tr("Labels go to"), self.layer, "field.labels_go_to")
        add(tr("Offsets count"), self.unit, "field.offsets")
        add(tr("Format"), self.format, "field.format")
        add(tr("Encoding"), self.encoding, "field.encoding")
        add("", ticks, "group.import_ticks", wide=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pairs)
        self._offer()
        for choice in (self.format, self.unit, self.encoding, self.layer):
            choice.activated.connect(self.changed)
        for tick in (self.anchoring, self.overwrite):
            tick.clicked.connect(self.changed)
        edit.editingFinished.connect(self._on_layer_typed)
        self._named = ""
        self._pairs.show_field(self.encoding, False)

    def _offer(self) -> None:
        readable = [form for form in formats.all_formats() if formats.can_read(form)]
        titles = sorted(((form.name, form.title) for form in readable), key=lambda one: one[1])
        self.format.offer([("", tr("As found by content")), *titles])
        self.layer.offer([("", tr("Whose the files say"))])
        self.encoding.offer([("", tr("As the files say")), *((one, one) for one in _ENCODINGS)])
        self._offer_units("")

    def _offer_units(self, found: str) -> None:
        auto = tr("Find out")
        if found:
            auto = tr("Found out: {unit}", unit=shown(UNIT_NAMES[found]))
        named = ((key, _capital(shown(text))) for key, text in UNIT_NAMES.items())
        self.unit.offer([("", auto), *named])

    def _on_layer_typed(self) -> None:
        if self.author != self._named:
            self._named = self.author
            self.changed.emit()

    @property
    def author(self) -> str:
        """Whose the labels become; empty for whose the files say."""
        text = self.layer.currentText().strip()
        return "" if text == self.layer.itemText(0) else text

    def show_prospect(self, found: Prospect) -> None:
        """Show what matters for what was found."""
        files = found.look.files
        units = {file.unit for file in files if file.unit}
        self._offer_units(units.pop() if len(units) == 1 else "")
        text = self.layer.currentText()
        self.layer.offer(
            [("", tr("Whose the files say")), *((name, name) for name in found.authors)]
        )
        self.layer.setEditText(text)
        labelled = any(file.spans or file.problem_count for file in files)
        self._pairs.show_field(self.unit, labelled or bool(self.unit.key))
        self._pairs.show_field(self.layer, labelled or bool(self.author))
        self.anchoring.setVisible(labelled or self.anchoring.is_on)
        proposed = [one for file in files for one in file.encodings]
        if proposed and not self.encoding.key:
            names = dict.fromkeys([*proposed, *_ENCODINGS])
            self.encoding.offer([("", tr("Please choose")), *((one, one) for one in names)])
        self._pairs.show_field(self.encoding, bool(proposed) or bool(self.encoding.key))

    def options(self, columns: Mapping[str, str], names: Names, *, add: bool) -> Options:
        """Return what was chosen, with what columns hold and what becomes of unknown labels."""
        from annotator.exchange import Options

        return Options(
            form=self.format.key or None,
            offsets=self.unit.key or "auto",
            anchoring=self.anchoring.is_on,
            layer=self.author,
            names=names,
            columns=columns,
            unknown="add" if add else "leave-out",
            encoding=self.encoding.key or None,
            overwrite=self.overwrite.is_on,
        )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
