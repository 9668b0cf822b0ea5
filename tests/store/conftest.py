"""Projects of the tests of the store, on both backends."""

from collections.abc import Iterator

import pytest

from annotator.project import Project
from tests.store.making import SCHEME, add, article, layer


@pytest.fixture
def project(store_url: str) -> Iterator[Project]:
    """Yield an empty project of ada's."""
    with Project.create(store_url, SCHEME, author="ada") as made:
        yield made


@pytest.fixture
def begun(project: Project) -> Project:
    """Return a project with one article and ada's layer of it."""
    project.perform(add(article(), layer(), action="import"))
    return project
