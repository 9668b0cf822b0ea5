"""The running program: settings, language, theme, workspace and window put together.

Nothing here loads the database, the readers or the text engine: the project is opened after the
window has been painted for the first time.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QObject,
    Qt,
    QTimer,
    QTranslator,
)
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

from annotator import translation
from annotator.crashes import Crash, Crashes
from annotator.errors import UserError
from annotator.gui import theme as themes
from annotator.gui.ask import Ask
from annotator.gui.collecting import Collecting
from annotator.gui.crash import CrashReports
from annotator.gui.focus_ring import FocusRing
from annotator.gui.fonts import SANS
from annotator.gui.main_window import MainWindow
from annotator.gui.parts import BASE, dress, use_font
from annotator.gui.style import Style
from annotator.gui.theme import Theme
from annotator.gui.workspace import Workspace
from annotator.settings import Settings, folder
from annotator.translation import tr, tr_n

_GENERIC = ("", "Sans Serif", "Sans", "DejaVu Sans", "Sans-serif")
"""What a system answers that has chosen no face for its windows."""


QUIT_SECONDS = 1.0
"""Given to the disk when the system wants the program to end: a log-out kills what stays longer."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the command line asks of the window."""

    location: str = ""
    sample: bool = False


def parse(arguments: Sequence[str]) -> Arguments:
    """Read the arguments of the window; Qt's own (``-platform`` …) are left to Qt."""
    location, sample = "", False
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--sample":
            sample = True
        elif argument in ("-platform", "-style", "-stylesheet", "-qwindowgeometry"):
            next(waiting, None)
        elif not argument.startswith("-"):
            location = argument if "://" in argument else str(Path(argument).absolute())
    return Arguments(location, sample)


def keep_from_collection() -> None:
    """Spare later collections what the start has made; it stays to the end anyway.

    A full collection walked some 100,000 objects and stopped the window for 60 ms.
    """
    gc.freeze()


def run(arguments: Sequence[str]) -> int:
    """Open the window and return the exit code when it is closed."""
    application = QApplication([sys.argv[0] if sys.argv else "annotator", *arguments])
    ask, crashes = Ask(), Crashes(folder(), "window")
    reports = CrashReports(crashes, partial(_tell_bare, ask), partial(_tell_refused, ask))
    reports.install()
    program = Program(application, Settings.load(), ask)
    reports.tell, reports.refused = program.tell_crash, program.tell_refusal
    stop = StopSignals(program.quit)
    program.start(parse(arguments))
    QTimer.singleShot(0, application, keep_from_collection)
    QTimer.singleShot(0, application, lambda: program.tell_earlier(crashes.earlier()))
    try:
        code = application.exec()
    finally:
        stop.remove()
        program.close()
    # Not where an error left the block: it is still to be reported.
    reports.remove()
    return code


def _tell_bare(ask: Ask, crash: Crash) -> None:
    """Say that the program was wrong before there was a window, or after it."""
    ask.warn(None, tr("Something went wrong in the program."), _report_in_words(crash))


def _tell_refused(ask: Ask, error: UserError) -> None:
    ask.warn(None, tr("This could not be done."), str(error))


def _report_in_words(crash: Crash) -> str:
    if crash.report is None:
        return ""
    return tr("A report without any article text is in {path}.", path=crash.report)


class Program(QObject):
    """Everything that lives as long as the program."""

    def __init__(self, application: QApplication, settings: Settings, ask: Ask) -> None:
        super().__init__()
        self._application = application
        self.settings = settings
        self._ask = ask
        application.setApplicationName("annotator")
        application.setApplicationDisplayName("")
        application.setDesktopFileName("annotator")
        application.setQuitOnLastWindowClosed(False)
        self._translators: list[QTranslator] = []
        self._seconds: float | None = None
        self._speak(settings.language)
        self.theme = self._wanted_theme()
        self._style = Style(self.theme)
        application.setStyle(self._style)
        self._set_font()
        application.setPalette(self.theme.qt_palette())
        self._ring = FocusRing(application)
        self._collecting = Collecting(self)
        self.workspace = Workspace(self)
        self.workspace.ask_again = self._ask_again
        self.window = self._make_window()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_theme)
        application.commitDataRequest.connect(self._on_log_out)

    # -- beginning and end -------------------------------------------------------------------

    def start(self, arguments: Arguments) -> None:
        """Show the window, then open what is wanted once it has been painted."""
        if not self._will_open(arguments):
            self.window.show_welcome()
        self.window.show()
        QTimer.singleShot(0, self, lambda: self.open_wanted(arguments))

    def _will_open(self, arguments: Arguments) -> bool:
        last = self.settings.reopen and self.settings.last_project
        return bool(arguments.location or arguments.sample or self._is_first or last)

    @property
    def _is_first(self) -> bool:
        return self.settings.first_run and not self.settings.recent

    def open_wanted(self, arguments: Arguments) -> None:
        """Open the project of the command line, the sample on the first run, or the last one."""
        projects, settings = self.window.projects, self.settings
        if arguments.location:
            projects.open(arguments.location)
        elif arguments.sample or self._is_first:
            if projects.open_sample() and "guide" not in settings.dismissed:
                self.window.commands.run("guide")
        elif settings.reopen and settings.last_project:
            projects.open(settings.last_project)
        if not self.workspace.is_open:
            self.window.show_welcome()

    def quit(self) -> None:
        """Close the window, and with it the program, soon: the system wants it."""
        self._seconds = QUIT_SECONDS
        self.window.close()

    def _on_log_out(self, _session: object) -> None:
        """Be quick from now on: the system asks the windows to close after this."""
        self._seconds = QUIT_SECONDS
        self.window.finish_typing()

    def close(self) -> None:
        """Save what waits; leave nothing open."""
        if self.window.has_bench and self._seconds is None:
            self.window.exports.wait()
        elif self.window.has_bench:
            self.window.exports.stop()
        if self._seconds is None:
            # It reads the project, which somebody may keep locked.
            self.window.projects.remember()
        self.workspace.close(self._seconds)
        self._collecting.stop()
        try:
            self.settings.save()
        except OSError:
            # The folder of settings is gone or full: the labels are saved, the layout is not.
            return

    def _ask_again(self, count: int, reason: str) -> bool:
        """Say that changes can neither be saved nor kept; return whether to try again."""
        if self._seconds is not None:
            return False
        text = tr_n(
            count,
            "{n} change could not be saved, and cannot be kept for the next time.",
            "{n} changes could not be saved, and cannot be kept for the next time.",
        )
        choices = (tr("Try again"), tr("Close and lose them"))
        return self._ask.choose(self.window, f"{text}\n\n{reason}", choices) != 1

    def _on_closing(self) -> None:
        if self.window.has_bench:
            self.window.imports.cancel()
        try:
            self.close()
        finally:
            # The window is gone: the program must not stay behind without one.
            self._application.quit()

    # -- the window --------------------------------------------------------------------------

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.workspace, self.settings, self._ask, self.theme)
        window.theme_wanted.connect(self.set_theme)
        window.text_size_wanted.connect(self.set_text_size)
        window.language_wanted.connect(self.set_language)
        window.closing.connect(self._on_closing)
        return window

    def set_language(self, language: str) -> None:
        """Speak another language: the window is built anew, with the same project."""
        if language == self.settings.language:
            return
        self.settings.language = language
        self._speak(language)
        before = self.window
        before.keep_layout()
        if before.has_bench:
            before.exports.wait()
        before.closing.disconnect(self._on_closing)
        self.window = self._make_window()
        before.close()
        before.deleteLater()
        if not self.workspace.is_open:
            self.window.show_welcome()
        else:
            self.workspace.project_opened.emit()
            annotated = self.workspace.annotated
            if annotated is not None:
                self.workspace.open_article(annotated.article.id)
        self.window.show()

    def _speak(self, language: str) -> None:
        """Let our texts, Qt's own and the dates be in *language*."""
        translation.use(language)
        for translator in self._translators:
            self._application.removeTranslator(translator)
        self._translators.clear()
        system = QLocale.system()
        spoken = system.name().partition("_")[0] == language
        QLocale.setDefault(system if spoken else QLocale(language))
        if language == "en":
            return
        translator = QTranslator(self)
        place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{language}", place):
            self._application.installTranslator(translator)
            self._translators.append(translator)

    # -- look --------------------------------------------------------------------------------

    def set_theme(self, name: str) -> None:
        """Use the theme *name* of the settings from now on."""
        self.settings.theme = name
        self._apply_theme()

    def set_text_size(self, size: int) -> None:
        """Show all text at *size* per cent."""
        self.settings.text_size = size
        self._set_font()
        self._apply_theme()

    def _on_system_theme(self) -> None:
        if self.settings.theme == "system":
            self._apply_theme()

    def _apply_theme(self) -> None:
        self.theme = self._wanted_theme()
        self._style.theme = self.theme
        self._application.setPalette(self.theme.qt_palette())
        self.window.set_theme(self.theme)

    def _wanted_theme(self) -> Theme:
        name = self.settings.theme
        if name == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            name = "dark" if dark else "light"
            if _wants_contrast():
                name = f"high-contrast-{name}"
        return themes.load(name)

    def _set_font(self) -> None:
        font = QFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
        if font.family() in _GENERIC or not QFontDatabase.hasFamily(font.family()):
            font.setFamilies([face for face in SANS if QFontDatabase.hasFamily(face)])
        font.setPixelSize(round(BASE * self.settings.text_size / 100))
        font.setWeight(QFont.Weight.Normal)
        use_font(font)

    # -- trouble -----------------------------------------------------------------------------

    def tell_refusal(self, error: UserError) -> None:
        """Say what the world refused at a place where nobody had reckoned with it."""
        from annotator.recovery import Damaged

        if isinstance(error, Damaged) and self.workspace.is_open:
            location = str(self.workspace.project.location)
            self.window.projects.damaged.emit(location, str(error))
        else:
            self._ask.warn(self.window, tr("This could not be done."), str(error))

    def tell_crash(self, crash: Crash) -> None:
        """Say that the program was wrong, and what of the work is safe."""
        if crash.again:
            self.workspace.note(tr("The same thing went wrong again."))
            return
        if not self.workspace.is_open or self.workspace.state == "saved":
            safe = tr("Everything you did is saved.")
        else:
            safe = tr("Your last changes are not saved yet; the program goes on trying.")
        text = tr("Something went wrong in the program.")
        self._offer_report(crash, text, f"{safe}\n{_report_in_words(crash)}".strip())

    def tell_earlier(self, reports: Sequence[Path]) -> None:
        """Say of an earlier run that a fault ended it, and what of the work is safe."""
        if reports:
            crash = Crash(reports[-1], "")
            safe = tr("Everything that was called saved is there.")
            text = tr("The program ended by a fault of its own the last time.")
            self._offer_report(crash, text, f"{safe}\n{_report_in_words(crash)}")

    def _offer_report(self, crash: Crash, text: str, detail: str) -> None:
        if crash.report is None:
            self._ask.warn(self.window, text, detail)
        elif self._ask.offer(self.window, text, tr("Show the report"), detail):
            from annotator.gui.crash_dialog import CrashDialog

            dialog = CrashDialog(crash.report, crash.words, self.theme, self.window)
            dress(dialog, self.theme)
            dialog.exec()
            dialog.deleteLater()


def _wants_contrast() -> bool:
    """Whether the system asks for high contrast, where Qt can tell (6.10 and later)."""
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
    if accessibility is None:
        return False
    preference = getattr(accessibility(), "contrastPreference", None)
    return preference is not None and preference() == Qt.ContrastPreference.HighContrast


class StopSignals(QObject):
    """SIGTERM and Ctrl+C close the window as its own button does, so that nothing is lost."""

    def __init__(self, stop: object) -> None:
        import signal
        import socket

        from PySide6.QtCore import QSocketNotifier

        super().__init__()
        self._stop = stop
        self._reading, self._writing = socket.socketpair()
        self._writing.setblocking(False)
        self._reading.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)
        self._before = {
            number: signal.signal(number, lambda *_: None)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        self._wakeup = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)

    def _on_signal(self) -> None:
        self._reading.recv(64)
        if callable(self._stop):
            self._stop()
        QCoreApplication.quit()

    def remove(self) -> None:
        """Leave the signals to who had them before."""
        import signal

        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for number, before in self._before.items():
            signal.signal(number, before)
        self._reading.close()
        self._writing.close()
