"""`python3 annotator` in a checkout: what it says, what it sets up, what it hands on."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from annotator.__main__ import VERBS, main, opens_window
from annotator.cli import verbs

ROOT = Path(__file__).resolve().parents[1]
WHEEL = "demo-1.0-py3-none-any.whl"

_CLI = """
import json, sys
def main(argv):
    import demo
    print(json.dumps([sys.prefix, list(argv), demo.WORD]))
    return 3
"""


class Registry(ThreadingHTTPServer):
    """Serves one wheel, and can be told to keep the asker waiting."""

    daemon_threads = True

    def __init__(self, wheel: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.wheel = wheel
        self.asked = threading.Semaphore(0)
        self.times_asked = 0
        self.may_answer = threading.Event()
        self.may_answer.set()


class _Answer(BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        self.server.times_asked += 1
        self.server.asked.release()
        self.server.may_answer.wait(60)
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.server.wheel)))
            self.end_headers()
            self.wfile.write(self.server.wheel)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@contextmanager
def _serving(wheel: bytes) -> Iterator[Registry]:
    with Registry(wheel) as registry:
        thread = threading.Thread(target=registry.serve_forever)
        thread.start()
        try:
            yield registry
        finally:
            registry.may_answer.set()
            registry.shutdown()
            thread.join()


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """Yield a server of one small package, `demo`."""
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as wheel:
        about = "demo-1.0.dist-info"
        wheel.writestr("demo.py", "WORD = 'ready'\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", f"demo.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n")
    with _serving((tmp_path / WHEEL).read_bytes()) as served:
        yield served


@pytest.fixture
def checkout(tmp_path: Path, registry: Registry) -> Path:
    """Return a fresh checkout that needs only `demo`, in a folder with a blank in its name."""
    root = tmp_path / "fresh clone"
    (root / "annotator").mkdir(parents=True)
    for name in ("__init__", "__main__", "environment", "system_packages"):
        shutil.copy(ROOT / "annotator" / f"{name}.py", root / "annotator")
    (root / "annotator" / "cli.py").write_text(_CLI, encoding="utf-8")
    _require(root, registry, hashlib.sha256(registry.wheel).hexdigest())
    return root


def _require(root: Path, registry: Registry, digest: str) -> None:
    (root / ".requirements").mkdir(exist_ok=True)
    line = f"demo @ http://127.0.0.1:{registry.server_port}/{WHEEL} --hash=sha256:{digest}\n"
    (root / ".requirements" / "run.txt").write_text(line, encoding="utf-8")


def _start(root: Path, *arguments: str, python: str = "") -> "subprocess.Popen[str]":
    """Start the checkout as a person would, with a bare Python, from another folder."""
    bare: str = python or getattr(sys, "_base_executable", sys.executable)
    left_out = ("PYTHONPATH", "VIRTUAL_ENV", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    surroundings = {name: value for name, value in os.environ.items() if name not in left_out}
    surroundings |= {"NO_PROXY": "127.0.0.1", "PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "0"}
    # What a killed pip leaves goes where the test's own files are.
    surroundings["TMPDIR"] = str(root.parent)
    return subprocess.Popen(
        [bare, str(root / "annotator"), *arguments],
        cwd=root.parent,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _run(root: Path, *arguments: str, python: str = "") -> "subprocess.CompletedProcess[str]":
    started = _start(root, *arguments, python=python)
    out, said = started.communicate(timeout=120)
    return subprocess.CompletedProcess(started.args, started.returncode, out, said)


def _answered(root: Path, *arguments: str) -> list[object]:
    return [str(root / ".venv"), list(arguments), "ready"]


@pytest.mark.slow
def test_a_bare_python_sets_up_once_and_hands_over(checkout: Path, registry: Registry) -> None:
    first = _run(checkout, "stats", "my project")
    assert json.loads(first.stdout) == _answered(checkout, "stats", "my project")
    assert first.returncode == 3
    assert "Setting up" in first.stderr
    second = _run(checkout, "stats", "my project")
    assert (second.stdout, second.stderr) == (first.stdout, "")
    assert registry.times_asked == 1


@pytest.mark.slow
def test_a_set_up_that_was_killed_is_not_taken_for_good(checkout: Path, registry: Registry) -> None:
    registry.may_answer.clear()
    started = _start(checkout, "stats")
    assert registry.asked.acquire(timeout=120)
    os.killpg(started.pid, 9)
    started.communicate()
    half = checkout / ".venv" / "half-made"
    half.touch()
    registry.may_answer.set()
    again = _run(checkout, "stats")
    assert json.loads(again.stdout) == _answered(checkout, "stats")
    assert not half.exists()


@pytest.mark.slow
def test_two_starts_at_once_set_up_once(checkout: Path, registry: Registry) -> None:
    registry.may_answer.clear()
    first = _start(checkout, "stats")
    assert registry.asked.acquire(timeout=120)
    second = _start(checkout, "labels")
    registry.may_answer.set()
    assert json.loads(first.communicate(timeout=120)[0]) == _answered(checkout, "stats")
    assert json.loads(second.communicate(timeout=120)[0]) == _answered(checkout, "labels")
    assert registry.times_asked == 1


@pytest.mark.slow
def test_a_package_with_another_hash_is_refused(checkout: Path, registry: Registry) -> None:
    _require(checkout, registry, "0" * 64)
    for _ in range(2):
        refused = _run(checkout, "stats")
        assert refused.returncode == 1
        assert "The packages could not be installed" in refused.stderr
        assert not refused.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows copies its Python into .venv")
def test_changed_requirements_and_a_replaced_python_are_noticed(
    checkout: Path, registry: Registry
) -> None:
    _run(checkout, "stats")
    requirements = checkout / ".requirements" / "run.txt"
    requirements.write_text(f"# newer\n{requirements.read_text('utf-8')}", encoding="utf-8")
    assert "installing packages" in _run(checkout, "stats").stderr
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout / "a-python-that-was-removed")
    assert json.loads(_run(checkout, "stats").stdout) == _answered(checkout, "stats")


@pytest.mark.slow
def test_an_environment_somebody_else_made_is_completed_and_kept(checkout: Path) -> None:
    bare = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([bare, "-m", "venv", str(checkout / ".venv")], check=True)
    own = checkout / ".venv" / "my-notes"
    own.touch()
    assert json.loads(_run(checkout, "stats").stdout) == _answered(checkout, "stats")
    assert own.exists()


def test_a_python_that_is_too_old_says_which_is_needed(checkout: Path) -> None:
    module = checkout / "annotator" / "environment.py"
    source = module.read_text(encoding="utf-8")
    future = source.replace("OLDEST_PYTHON = (3, 11)", "OLDEST_PYTHON = (99, 1)")
    module.write_text(future, encoding="utf-8")
    told = _run(checkout, "stats")
    assert told.returncode == 1
    assert told.stderr.startswith("Annotator needs Python 99.1 or newer, and this is ")
    assert not (checkout / ".venv").exists()


needs_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only a Linux may be without a screen"
)


@needs_linux
def test_without_a_screen_one_sentence_names_the_verbs_that_need_none(checkout: Path) -> None:
    told = _run(checkout)
    assert told.returncode == 2
    assert told.stderr.count("\n") == 1
    assert told.stderr.count(".\n") == 1
    assert all(f" {verb}" in told.stderr for verb in VERBS)
    assert not (checkout / ".venv").exists()


@needs_linux
def test_without_a_screen_the_installed_command_says_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["interviews.annotator"]) == 2
    assert "There is no screen" in capsys.readouterr().err


def test_every_verb_of_the_command_line_is_known_at_the_way_in() -> None:
    assert set(VERBS) == set(verbs.commands)


def test_a_virtual_environment_of_ones_own_is_used_as_it_is(checkout: Path) -> None:
    shutil.copy(ROOT / "annotator" / "__init__.py", checkout / "annotator" / "demo.py")
    cli = _CLI.replace("import demo", "import PySide6").replace("demo.WORD", "'own'")
    (checkout / "annotator" / "cli.py").write_text(cli, encoding="utf-8")
    if sys.prefix == sys.base_prefix:
        pytest.skip("these tests run outside any virtual environment")
    used = _run(checkout, "stats", python=sys.executable)
    assert json.loads(used.stdout) == [sys.prefix, ["stats"], "own"]
    assert not (checkout / ".venv").exists()


def test_a_module_of_ours_never_passes_for_one_of_pythons(checkout: Path) -> None:
    shadow = "raise SystemExit('the wrong module was imported')\n"
    for name in ("json", "text", "pathlib", "hashlib"):
        (checkout / "annotator" / f"{name}.py").write_text(shadow, encoding="utf-8")
    told = _run(checkout)
    assert "the wrong module" not in told.stderr


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ((), True),
        (("interviews.annotator",), True),
        (("postgresql://press@db/interviews",), True),
        (("--platform", "offscreen"), True),
        (("stats", "interviews.annotator"), False),
        (("render", "interviews.annotator"), False),
        (("--help",), False),
        (("--version",), False),
        (("exprot",), False),
    ],
)
def test_only_a_project_an_option_or_nothing_opens_the_window(
    arguments: tuple[str, ...], window: bool
) -> None:
    assert opens_window(arguments) is window
