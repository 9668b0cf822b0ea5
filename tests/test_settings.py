"""Settings survive: restarts, crashes, newer versions and damaged files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.settings import RECENT, RecentProject, Settings, data_folder, folder


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    settings = Settings.load(place)
    settings.author, settings.theme, settings.text_size = "Ada", "dark", 150
    settings.keys = {"undo": ["Ctrl+U"]}
    settings.remember(RecentProject("/p.annotator", "P", 1, 2, "2026-11-22"))
    settings.save()
    again = Settings.load(place)
    assert (again.author, again.theme, again.text_size) == ("Ada", "dark", 150)
    assert again.keys == {"undo": ["Ctrl+U"]}
    assert again.recent == [RecentProject("/p.annotator", "P", 1, 2, "2026-11-22")]
    assert again.last_project == "/p.annotator"


def test_only_the_very_first_start_is_the_first_run(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    settings = Settings.load(place)
    assert settings.first_run
    settings.save()
    assert not Settings.load(place).first_run


def test_entries_of_a_newer_version_are_kept(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    place.write_text('{"author": "Ada", "hologram": {"depth": 3}}', encoding="utf-8")
    Settings.load(place).save()
    assert json.loads(place.read_text(encoding="utf-8"))["hologram"] == {"depth": 3}


@given(
    damage=st.one_of(st.binary(max_size=40), st.just(b"[]"), st.just(b'{"recent": [1, {"a": 2}]}'))
)
def test_damaged_settings_never_stop_the_program(
    tmp_path_factory: pytest.TempPathFactory, damage: bytes
) -> None:
    place = tmp_path_factory.mktemp("settings") / "settings.json"
    place.write_bytes(damage)
    settings = Settings.load(place)
    assert settings.theme == "system"
    assert settings.recent == []


def test_what_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    place.write_text("{ half", encoding="utf-8")
    Settings.load(place)
    assert (tmp_path / "settings.unreadable.json").read_text(encoding="utf-8") == "{ half"


def test_values_of_the_wrong_type_are_left_out(tmp_path: Path) -> None:
    place = tmp_path / "settings.json"
    place.write_text('{"text_size": "big", "theme": "pink", "snap": false}', encoding="utf-8")
    settings = Settings.load(place)
    assert (settings.text_size, settings.theme, settings.snap) == (100, "system", False)


def test_a_save_that_fails_leaves_the_old_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "settings.json"
    settings = Settings.load(place)
    settings.author = "Ada"
    settings.save()

    def refuse(_handle: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("annotator.settings.os.fsync", refuse)
    settings.author = "Somebody"
    with pytest.raises(OSError, match="No space"):
        settings.save()
    assert Settings.load(place).author == "Ada"
    assert [item.name for item in tmp_path.iterdir()] == ["settings.json"]


def test_recent_projects_are_few_and_each_is_there_once(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.json")
    for number in range(20):
        settings.remember(RecentProject(f"/{number % 15}", str(number)))
    places = [item.location for item in settings.recent]
    assert len(places) == len(set(places)) == RECENT
    assert places[0] == "/4"


def test_one_variable_moves_settings_and_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path))
    assert folder() == data_folder() == tmp_path
