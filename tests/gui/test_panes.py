"""Pages and docks: Esc leads from each of them back to the article, and each has its ground."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.gui.app import Program
from annotator.gui.pane import Pane

PAGES = ("inbox", "phrases", "batches", "board", "assignment")
DOCKS = ("panel.case", "panel.details")


def ground_of(pane: Pane) -> QColor:
    """Return what a pane paints itself, behind its parts, at its right edge."""
    picture = QImage(pane.size(), QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    pane.render(picture, QPoint(), QRegion(), QWidget.RenderFlag(0))
    return picture.pixelColor(pane.width() - 1, pane.height() // 2)


def test_esc_leaves_every_page_and_dock_and_each_has_its_ground(sample: Program) -> None:
    window = sample.window
    for place in (*PAGES, "review"):
        window.show_place(place)
    window.show_place("annotate")
    QApplication.processEvents()
    panes = {pane.objectName(): pane for pane in window.findChildren(Pane)}
    assert set(panes) == {*(f"page.{name}" for name in PAGES), *DOCKS}
    for name, pane in panes.items():
        left: list[str] = []
        pane.left.connect(lambda into=left, which=name: into.append(which))
        QTest.keyClick(pane, Qt.Key.Key_Escape)
        assert left == [name]
        assert ground_of(pane) == (window.theme.side if name in DOCKS else window.theme.page)
