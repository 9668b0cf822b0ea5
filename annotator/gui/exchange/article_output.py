"""The open article as it looks: saved as PDF or picture, and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.errors import UserError
from annotator.translation import tr

if TYPE_CHECKING:
    from annotator.gui.main_window import MainWindow


def save_article(window: MainWindow) -> None:
    """Ask for a file and save the open article as it looks."""
    annotated = window.workspace.annotated
    if annotated is None:
        return
    kinds = ";;".join(
        (
            tr("PDF ({pattern})", pattern="*.pdf"),
            tr("Picture ({pattern})", pattern="*.png"),
            tr("Vector picture ({pattern})", pattern="*.svg"),
        )
    )
    name = f"{annotated.article.title[:60].replace('/', '-')}.pdf"
    target = window.ask.save_file(window, tr("Save the article"), kinds, name)
    if target is None:
        return
    from annotator.gui.article import rendering

    try:
        rendering.render(
            annotated,
            [window.workspace.layer.id],
            window.workspace.scheme,
            window.theme,
            target,
            density=window.settings.density,
        )
    except UserError as error:
        window.ask.warn(window, tr("The article could not be saved."), str(error))
        return
    window.workspace.note(tr("Saved as {path}", path=target))


def print_open_article(window: MainWindow) -> None:
    """Ask for a printer and print the open article as it looks, dark on white."""
    annotated = window.workspace.annotated
    if annotated is None:
        return
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    from annotator.gui import theme as themes
    from annotator.gui.article import rendering
    from annotator.gui.article.article_look import Look

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, window)
    if dialog.exec():
        light = themes.load("high-contrast-light" if window.theme.high_contrast else "light")
        look = Look(light, window.workspace.scheme, density=window.settings.density)
        rendering.print_article(printer, annotated, [window.workspace.layer.id], look)
    dialog.deleteLater()
