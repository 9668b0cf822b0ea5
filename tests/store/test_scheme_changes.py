"""A changed scheme is kept like every other record, on both kinds of storage."""

from dataclasses import replace

from annotator import editing, schemes
from annotator.project import Project
from annotator.scheme import to_record


def test_a_changed_scheme_is_there_when_the_project_is_opened_again(store_url: str) -> None:
    with Project.create(store_url, schemes.load("news-default"), author="ada") as project:
        before = project.scheme
        edit = editing.change_scheme(to_record(before), replace(before, title="Ours"))
        project.perform(edit)
        with project.reader() as twin:
            assert twin.scheme == replace(before, title="Ours", version=before.version + 1)
        project.undo()
        with project.reader() as twin:
            assert twin.scheme == before
