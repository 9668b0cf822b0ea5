"""What every test has: a home of its own, a screen that is not one, and a server when it asks."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.matrix import Matrix, rows_of
from tests.postgres_server import NoServer, Server, running_server
from tests.small_disk import SmallDisk, small_disks

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A shared, busy machine says nothing about how long an example may take.
settings.register_profile("annotator", deadline=None, print_blob=True, max_examples=100)
settings.load_profile("annotator")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--watch", action="store_true", help="watch the window in all its tests")
    parser.addoption("--matrix", metavar="FILE", help="write which faults and inputs are stood")
    # Those of tests/bench stand here: pytest knows no others when it reads the command line.
    parser.addoption("--bench-json", metavar="FILE", help="write the ratios as JSON")
    parser.addoption("--bench-table", metavar="FILE", help="write the ratios into their part")


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("--matrix")
    if target and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Matrix(Path(target)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties.extend(rows_of(item))


@pytest.fixture(scope="session", autouse=True)
def _session_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep caches and sockets of the whole run away from the person's own."""
    folder = tmp_path_factory.mktemp("session")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            (folder / name).mkdir(mode=0o700)
            patch.setenv(name, str(folder / name))
        yield


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty home, so that nobody's settings are read or changed."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("ANNOTATOR_HOME", str(home / "annotator"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / ".local" / "state"))


@pytest.fixture(autouse=True)
def _nothing_left_behind(_own_home: None) -> Iterator[None]:
    """Fail a test that leaves a window open or a thread running."""
    threads_before = set(threading.enumerate())
    windows_before = set(map(id, _windows()))
    yield
    windows = [window for window in _windows() if id(window) not in windows_before]
    if windows:
        gc.collect()
        windows = [window for window in _windows() if id(window) not in windows_before]
    left = [f"window {window!r}" for window in windows]
    left += [f"thread {thread.name}" for thread in _still_running(threads_before)]
    if left:
        pytest.fail(f"left behind: {', '.join(left)}", pytrace=False)


def _windows() -> list[object]:
    """Return the top-level windows people could see: shown ones, and dialogs and main windows."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    lasting = (widgets.QDialog, widgets.QMainWindow)
    return [
        window
        for window in widgets.QApplication.topLevelWidgets()
        if window.isVisible() or isinstance(window, lasting)
    ]


def _still_running(before: set[threading.Thread]) -> list[threading.Thread]:
    """Return the threads begun since `before` that do not end within a fair time."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None:
        core.QThreadPool.globalInstance().waitForDone(5000)
    running = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):
            # One of Qt's own; Python lists it for ever, but knows whether it still runs code.
            ended = thread.ident not in sys._current_frames()
        else:
            thread.join(timeout=2)
            ended = not thread.is_alive()
        if not ended:
            running.append(thread)
    return running


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Return a function that mounts a disk of so many bytes, where that is allowed."""
    with small_disks(tmp_path / "disk") as mounted:
        yield mounted


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[Server]:
    """Start one real server for this process's tests."""
    try:
        with running_server() as server:
            yield server
    except NoServer as reason:
        pytest.skip(str(reason))


@pytest.fixture
def postgres_url(_postgres_server: Server) -> Iterator[str]:
    """Yield the SQLAlchemy URL of an empty database on a real PostgreSQL server."""
    with _postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a new project may live, for both kinds: a path that is free, and a URL."""
    if request.param == "sqlite":
        return str(tmp_path / "project.annotator")
    return str(request.getfixturevalue("postgres_url"))
