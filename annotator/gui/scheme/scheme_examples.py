"""The right and wrong examples of a label, in the forms of the scheme editor."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from annotator.gui.controls import IconButton
from annotator.gui.scheme.scheme_rows import GrowingList
from annotator.gui.theme import Theme
from annotator.scheme import Example
from annotator.translation import tr


class ExampleList(GrowingList):
    """Right and wrong examples: the sentence, with what is marked in [brackets], and why."""

    changed = Signal(tuple)

    def __init__(self, theme: Theme, examples: tuple[Example, ...]) -> None:
        super().__init__(theme, tr("Add an example"), "add_example", between=12, above=8)
        self._examples = list(examples)
        self.texts: list[QLineEdit] = []
        self.add.clicked.connect(self._add)
        self._fill()

    def _fill(self) -> None:
        self._clear()
        self.texts = []
        for at, example in enumerate(self._examples):
            self._show(self._row(at, example))

    def _row(self, at: int, example: Example) -> QWidget:
        number = at + 1
        text = QLineEdit(example.text)
        text.setCursorPosition(0)
        text.setObjectName(f"field.example.{number}.text")
        text.setAccessibleName(tr("Example {n}", n=number))
        text.setPlaceholderText(tr("A sentence with the words to mark in [brackets]"))
        text.textChanged.connect(lambda words, at=at: self._set(at, text=words))
        right = QComboBox()
        right.setObjectName(f"field.example.{number}.right")
        right.setAccessibleName(tr("Example {n}: right or wrong", n=number))
        right.addItems([tr("right"), tr("wrong")])
        right.setCurrentIndex(0 if example.right else 1)
        right.activated.connect(lambda index, at=at: self._set(at, right=index == 0))
        why = QLineEdit(example.why)
        why.setCursorPosition(0)
        why.setObjectName(f"field.example.{number}.why")
        why.setAccessibleName(tr("Example {n}: why", n=number))
        why.setPlaceholderText(tr("Why"))
        why.textChanged.connect(lambda words, at=at: self._set(at, why=words))
        remove = IconButton("trash", tr("Remove example {n}", n=number))
        remove.setObjectName(f"button.example.{number}.remove")
        remove.clicked.connect(lambda _=False, at=at: self._remove(at))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(text, 0, 0, 1, 2)
        grid.addWidget(remove, 0, 2)
        grid.addWidget(right, 1, 0)
        grid.addWidget(why, 1, 1)
        self.texts.append(text)
        return holder

    def _set(self, at: int, **values: object) -> None:
        self._examples[at] = replace(self._examples[at], **values)  # type: ignore[arg-type]
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(tuple(self._examples))

    def _add(self) -> None:
        self._examples.append(Example(text=""))
        self._fill()
        self._tell()
        self.texts[-1].setFocus()

    def _remove(self, at: int) -> None:
        del self._examples[at]
        self._fill()
        self._tell()
        left = min(at, len(self.texts) - 1)
        (self.texts[left] if self.texts else self.add).setFocus()
