"""The scheme is a record like the others: it is changed, taken back, and read again."""

from dataclasses import replace

from annotator import editing
from annotator.project import Project
from annotator.scheme import from_toml, to_record
from tests.notation import news_scheme


def test_a_changed_scheme_is_there_after_reopening_and_undo_brings_the_old_one_back(
    store_url: str,
) -> None:
    project = Project.create(store_url, news_scheme(), author="ada")
    before = project.scheme_record
    assert before == to_record(news_scheme())
    wanted = replace(news_scheme(), title="Voices")
    project.perform(editing.change_scheme(before, wanted))
    assert (project.scheme.title, project.scheme.version) == ("Voices", 2)
    assert project.scheme_record.number == 2
    assert from_toml(project.scheme_record.toml) == project.scheme
    project.undo()
    assert project.scheme_record == before
    assert project.check() == []
    project.close()
