"""Intents become edits: what a person wants, as the Edit that makes it so.

Every function here is pure. It takes a :class:`Desk` (the article, the layer, the scheme and the
structure of the text) and returns an Edit, or raises :class:`Impossible` or :class:`NothingToDo`
with a sentence for the person. Actions have stable names: mark, relabel, delete, reshape,
attribute, note, unsure, attach, detach, relate, unrelate, submit, state, entity, merge, split,
delete entity, zone, details, delete article, correct, scheme.

``desk.annotated.entities`` should hold all entities of the project: which one a new span stands
for, and whether one has to be made, is read there.
"""

from annotator.editing.articles import delete_article, set_metadata, set_zone
from annotator.editing.bulk import attach_all, delete_all, mark_all, relabel_all
from annotator.editing.correcting import Correction, Touched, carried, correct_text, touched_by
from annotator.editing.desk import Desk, Impossible, NothingToDo
from annotator.editing.entities import (
    create_entity,
    delete_entity,
    merge_entities,
    rank_entities,
    split_entity,
    update_entity,
)
from annotator.editing.linking import (
    legal_sources,
    legal_targets,
    likely_relation,
    relate,
    unrelate,
)
from annotator.editing.marking import (
    add_fragment,
    delete,
    made,
    mark,
    move_end,
    next_stop,
    relabel,
    remove_fragment,
    set_fragments,
)
from annotator.editing.naming import likely_entity, new_name
from annotator.editing.noting import (
    attach,
    set_article_note,
    set_article_unsure,
    set_attribute,
    set_note,
    set_state,
    set_unsure,
)
from annotator.editing.reaching import settled, unsettled
from annotator.editing.scheming import Renames, change_scheme, taken_out

__all__ = [
    "Correction",
    "Desk",
    "Impossible",
    "NothingToDo",
    "Renames",
    "Touched",
    "add_fragment",
    "attach",
    "attach_all",
    "carried",
    "change_scheme",
    "correct_text",
    "create_entity",
    "delete",
    "delete_all",
    "delete_article",
    "delete_entity",
    "legal_sources",
    "legal_targets",
    "likely_entity",
    "likely_relation",
    "made",
    "mark",
    "mark_all",
    "merge_entities",
    "move_end",
    "new_name",
    "next_stop",
    "rank_entities",
    "relabel",
    "relabel_all",
    "relate",
    "remove_fragment",
    "set_article_note",
    "set_article_unsure",
    "set_attribute",
    "set_fragments",
    "set_metadata",
    "set_note",
    "set_state",
    "set_unsure",
    "set_zone",
    "settled",
    "split_entity",
    "taken_out",
    "touched_by",
    "unrelate",
    "unsettled",
    "update_entity",
]
