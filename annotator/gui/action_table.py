"""Everything a person can do in the window: one table of actions with their keys.

Menus, shortcuts, the palette and the key sheet all derive from it. Keys with ``where="text"`` work
while the article has the focus, so that single letters stay free for typing everywhere else;
those with ``where="review"`` while a part of Review has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotator.translation import later


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: what it is called, where it stands, which keys it has by default."""

    id: str
    text: str
    """In English, marked for translation."""
    keys: tuple[str, ...] = ()
    menu: str = ""
    """Id of the menu; a new group begins where the part after the dot changes."""
    icon: str = ""
    where: str = "window"
    """``window``; ``annotate`` where it makes sense in that place only; ``text`` or ``review``
    where the keys hold in the article only, and in the parts of Review."""
    palette: bool = True
    checkable: bool = False


MENUS: Final = (
    ("file", later("&File")),
    ("edit", later("&Edit")),
    ("view", later("&View")),
    ("label", later("&Label")),
    ("article", later("&Article")),
    ("review", later("Revie&w")),
    ("tools", later("&Tools")),
    ("help", later("&Help")),
)

_A = ActionSpec

_FILE: Final = (
    _A("file.new", later("New project"), ("Ctrl+N",), "file.1", "folder"),
    _A("file.open", later("Open a project"), ("Ctrl+O",), "file.1", "folder-open"),
    _A("file.join", later("Join a team"), ("Ctrl+J",), "file.1", "people"),
    _A("file.sample", later("Open the sample"), (), "file.1", "book"),
    _A("file.import", later("Import articles"), ("Ctrl+I",), "file.2", "import"),
    _A("file.import_folder", later("Import a folder"), (), "file.2", "folder"),
    _A("file.export", later("Export labels"), ("Ctrl+E",), "file.2", "export"),
    _A("bundle.make", later("Make a bundle for somebody"), (), "file.2", "export"),
    _A("bundle.take", later("Take in a bundle"), (), "file.2", "import"),
    _A("file.render", later("Save the article as PDF or picture"), (), "file.3", "image"),
    _A("file.print", later("Print the article"), ("Ctrl+Shift+P",), "file.3", "print"),
    _A("file.backup", later("Back up the project"), (), "file.4", "save"),
    _A("file.restore", later("Go back to a backup"), (), "file.4", "history"),
    _A("file.close", later("Close the project"), ("Ctrl+W",), "file.5", "close"),
    _A("file.quit", later("Quit"), ("Ctrl+Q",), "file.5", "close"),
)

_EDIT: Final = (
    _A("undo", later("Undo"), ("Ctrl+Z",), "edit.1", "undo"),
    _A("redo", later("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "edit.1", "redo"),
    _A("history", later("Show the history"), ("Ctrl+H",), "edit.1", "history"),
    _A("copy", later("Copy"), ("Ctrl+C",), "edit.2", "copy", "text"),
    _A("find", later("Find"), ("Ctrl+F",), "edit.3", "search", "annotate"),
    _A("find.next", later("Find the next place"), ("F3",), "edit.3", "arrow-down", "annotate"),
    _A(
        "find.previous",
        later("Find the previous place"),
        ("Shift+F3",),
        "edit.3",
        "arrow-up",
        "annotate",
    ),
    _A("palette", later("Search or run a command"), ("Ctrl+K",), "edit.4", "search", palette=False),
    _A("preferences", later("Preferences"), ("Ctrl+,",), "edit.5", "settings"),
)

_VIEW: Final = (
    _A("place.annotate", later("Annotate"), ("Ctrl+1",), "view.1", "edit"),
    _A("place.review", later("Review"), ("Ctrl+2",), "view.1", "check"),
    _A("place.insights", later("Insights"), ("Ctrl+3",), "view.1", "chart"),
    _A("view.left", later("Show the list of articles"), ("Ctrl+B",), "view.2", "panel-left"),
    _A("view.right", later("Show the details"), ("Ctrl+Shift+B",), "view.2", "panel-right"),
    _A("view.exchange", later("Exchange the sides"), (), "view.2", "panel-left"),
    _A("pane.next", later("Go to the next part of the window"), ("F6",), "view.2", "arrow-right"),
    _A(
        "pane.previous",
        later("Go to the previous part of the window"),
        ("Shift+F6",),
        "view.2",
        "arrow-left",
    ),
    _A("density", later("Captions or bars only"), ("D",), "view.3", "list", "text"),
    _A("relation.all", later("Show all links in the article"), ("Alt+R",), "view.3", "eye", "text"),
    _A("view.larger", later("Larger text"), ("Ctrl++", "Ctrl+="), "view.4", "zoom-in"),
    _A("view.smaller", later("Smaller text"), ("Ctrl+-",), "view.4", "zoom-out"),
    _A("view.normal", later("Normal text size"), ("Ctrl+0",), "view.4", "search"),
    _A("view.theme", later("Change the theme"), (), "view.5", "sun"),
    _A("view.fullscreen", later("Full screen"), ("F11",), "view.5", "image"),
)

_LABEL: Final = (
    _A("span.here", later("Select the label at the caret"), ("Return",), "label.2", "tag", "text"),
    _A("span.next", later("Go to the next label"), ("Tab",), "label.2", "arrow-right", "text"),
    _A(
        "span.previous",
        later("Go to the previous label"),
        ("Shift+Tab",),
        "label.2",
        "arrow-left",
        "text",
    ),
    _A("span.delete", later("Remove the label"), ("Del", "Backspace"), "label.2", "trash", "text"),
    _A("span.start.back", later("Start one word earlier"), ("[",), "label.3", "arrow-left", "text"),
    _A("span.end.forward", later("End one word later"), ("]",), "label.3", "arrow-right", "text"),
    _A(
        "span.start.forward",
        later("Start one word later"),
        ("{",),
        "label.3",
        "arrow-right",
        "text",
    ),
    _A("span.end.back", later("End one word earlier"), ("}",), "label.3", "arrow-left", "text"),
    _A(
        "span.start.back.character",
        later("Start one character earlier"),
        ("Alt+[",),
        "label.3",
        "arrow-left",
        "text",
    ),
    _A(
        "span.end.forward.character",
        later("End one character later"),
        ("Alt+]",),
        "label.3",
        "arrow-right",
        "text",
    ),
    _A(
        "span.start.forward.character",
        later("Start one character later"),
        ("Alt+{",),
        "label.3",
        "arrow-right",
        "text",
    ),
    _A(
        "span.end.back.character",
        later("End one character earlier"),
        ("Alt+}",),
        "label.3",
        "arrow-left",
        "text",
    ),
    _A("fragment.add", later("Add a fragment"), ("+",), "label.4", "plus", "text"),
    _A("fragment.remove", later("Remove a fragment"), ("-",), "label.4", "minus", "text"),
    _A(
        "relation.remove",
        later("Remove the links of the selected label"),
        ("Shift+R",),
        "label.5",
        "unlink",
        "text",
    ),
    _A("entity.attach", later("Say who or where is meant"), ("E",), "label.5", "person", "text"),
    _A(
        "entity.new",
        later("Add a new person or place for the label"),
        ("Shift+E",),
        "label.5",
        "plus",
        "text",
    ),
    _A(
        "entity.likely",
        later("Say that the likeliest is meant"),
        ("=",),
        "label.5",
        "person",
        "text",
    ),
    _A("unsure", later("Unsure"), ("F",), "label.6", "flag", "text"),
    _A("note", later("Write a note on the label"), ("N",), "label.6", "note", "text"),
    _A("comment", later("Write a comment"), ("Shift+N",), "label.6", "note", "text"),
    _A("occurrences", later("All occurrences"), ("O",), "label.7", "list", "text"),
    _A("alike.label", later("Select all with this label"), (), "label.7", "tag", "text"),
    _A(
        "alike.entity",
        later("Select all that stand for the same"),
        (),
        "label.7",
        "person",
        "text",
    ),
    _A(
        "repeat",
        later("Repeat on the next place found"),
        (".",),
        "label.7",
        "refresh",
        "text",
    ),
    _A(
        "repeat.skip",
        later("Skip to the next place found"),
        (",",),
        "label.7",
        "arrow-right",
        "text",
    ),
    _A(
        "suggestion.accept",
        later("Accept the suggestion"),
        ("A",),
        "label.8",
        "check",
        "text",
    ),
    _A(
        "suggestion.reject",
        later("Reject the suggestion"),
        ("X",),
        "label.8",
        "close",
        "text",
    ),
    _A(
        "suggestion.above",
        later("Accept all suggestions above"),
        ("Shift+A",),
        "label.8",
        "check",
        "text",
    ),
)

_ARTICLE: Final = (
    _A("article.find", later("Find an article"), ("Ctrl+P",), "article.1", "search"),
    _A(
        "article.next",
        later("Next article"),
        ("Ctrl+PgDown", "Alt+Down"),
        "article.1",
        "arrow-down",
    ),
    _A(
        "article.previous",
        later("Previous article"),
        ("Ctrl+PgUp", "Alt+Up"),
        "article.1",
        "arrow-up",
    ),
    _A(
        "article.submit",
        later("Submit the article"),
        ("Ctrl+Return",),
        "article.2",
        "check",
        "annotate",
    ),
    _A(
        "check",
        later("Go to the next thing to correct"),
        ("F8",),
        "article.2",
        "warning",
        "annotate",
    ),
    _A(
        "check.previous",
        later("Go to the previous thing to correct"),
        ("Shift+F8",),
        "article.2",
        "warning",
        "annotate",
    ),
    _A("article.details", later("Title, source, date and zones"), ("Ctrl+D",), "article.3", "info"),
    _A("article.correct", later("Correct the text"), ("Ctrl+Shift+D",), "article.3", "edit"),
    _A(
        "article.note",
        later("Write a note on the article"),
        ("Ctrl+Shift+N",),
        "article.3",
        "note",
        "annotate",
    ),
    _A("article.delete", later("Remove the article"), (), "article.4", "trash"),
)

_TEXT: Final = (
    _A("hint", later("Jump to a word"), ("J",), "edit.6", "keyboard", "text"),
    _A("expand", later("Expand the selection"), ("W",), "edit.6", "plus", "text"),
    _A("shrink", later("Shrink the selection"), ("Shift+W",), "edit.6", "minus", "text"),
    _A("phrase.next", later("Next likely phrase"), ("Space",), "edit.6", "arrow-right", "text"),
    _A(
        "phrase.previous",
        later("Previous likely phrase"),
        ("Shift+Space",),
        "edit.6",
        "arrow-left",
        "text",
    ),
    _A("select.sentence", later("Select the sentence"), (), "edit.6", "plus", "text"),
    _A("select.paragraph", later("Select the paragraph"), (), "edit.6", "plus", "text"),
    _A(
        "text.menu",
        later("Show what can be done here"),
        ("Menu", "Shift+F10"),
        "edit.7",
        "more",
        "text",
    ),
    _A("snap", later("Snap selections to words"), ("Alt+S",), "edit.7", "tag", "text"),
)


def _review(name: str, text: str, keys: tuple[str, ...], group: int, icon: str = "") -> ActionSpec:
    return _A(f"review.{name}", text, keys, f"review.{group}", icon, "review")


# The keys that move ends are those of marking: [ and ] widen, { and } narrow. Were [ and ] to move
# the start alone here, the same key would do two things on two pages to the same words.
_REVIEW: Final = (
    _review("next", later("Next case"), ("J",), 1, "arrow-down"),
    _review("previous", later("Previous case"), ("K",), 1, "arrow-up"),
    _review("next_kind", later("Next kind of conflict"), ("Shift+J",), 1, "arrow-down"),
    _review("accept", later("Accept"), ("A",), 2, "check"),
    _review("reject", later("Reject, with a reason"), ("X",), 2, "close"),
    _review("correct", later("Correct in place"), ("E",), 2, "edit"),
    _review("label", later("Take another label"), ("T",), 2, "tag"),
    _review("relation", later("Correct the link"), ("L",), 2, "link"),
    _review("identity", later("Correct who or where is meant"), ("I",), 2, "person"),
    _review("missing", later("Mark a missing label"), ("M",), 2, "plus"),
    _review("skip", later("Skip the case"), ("S",), 3, "arrow-right"),
    _review("escalate", later("Leave the case to somebody else"), ("Shift+S",), 3, "people"),
    _review("comment", later("Comment on the case"), ("C",), 3, "note"),
    _review("guideline", later("Flag the guideline"), ("F",), 3, "flag"),
    _review("tick", later("Tick the case"), ("B",), 3, "check"),
    _review("return", later("Send the ticked cases back"), ("R",), 3, "undo"),
    _review("checked", later("Checked, nothing is missing here"), ("V",), 4, "check"),
    _review("unanimous", later("Accept all on which everybody agrees"), ("Shift+A",), 4, "group"),
    _review("finish", later("Finish the article and go on"), ("Ctrl+Return",), 4, "check"),
    _review("names", later("Show or hide names"), ("H",), 5, "eye"),
    _review("differences", later("Show differences only"), ("D",), 5, "eye"),
    _review("undo", later("Take the last decision back"), ("Z",), 5, "undo"),
    _review("start.back", later("Start one word earlier"), ("[",), 6, "arrow-left"),
    _review("end.forward", later("End one word later"), ("]",), 6, "arrow-right"),
    _review("start.forward", later("Start one word later"), ("{",), 6, "arrow-right"),
    _review("end.back", later("End one word earlier"), ("}",), 6, "arrow-left"),
    _review("start.back.character", later("Start one character earlier"), ("Alt+[",), 6),
    _review("end.forward.character", later("End one character later"), ("Alt+]",), 6),
    _review("start.forward.character", later("Start one character later"), ("Alt+{",), 6),
    _review("end.back.character", later("End one character earlier"), ("Alt+}",), 6),
    _review("help", later("Keys of the review"), ("?",), 7, "keyboard"),
)
_TAKE: Final = tuple(
    _A(
        f"review.take.{digit}",
        later("Take variant {n}").replace("{n}", str(digit)),
        (str(digit),),
        "",
        "check",
        "review",
        palette=False,
    )
    for digit in range(1, 10)
)

_TOOLS: Final = (
    _A("place.inbox", later("Decisions on my labels"), ("Ctrl+Shift+I",), "tools.0", "inbox"),
    _A("place.phrases", later("Phrase review"), ("Ctrl+Shift+F",), "tools.0", "quote"),
    _A("place.batches", later("Batches and audit"), (), "tools.0", "list"),
    _A("bulk", later("Decide in bulk"), ("Ctrl+Shift+L",), "tools.0", "check"),
    _A("bulk.result", later("What became of the last batch"), ("Ctrl+Shift+R",), "tools.0", "list"),
    _A("place.board", later("Adjudication board"), ("Ctrl+Shift+A",), "tools.0", "group"),
    _A("place.assignment", later("Give out work"), (), "tools.0", "people"),
    _A("scheme.edit", later("Edit the scheme"), ("Ctrl+Shift+S",), "tools.1", "tag"),
    _A("author", later("Work as another person"), (), "tools.2", "person"),
)

_HELP: Final = (
    _A("keys", later("All keys"), ("F1",), "help.1", "keyboard"),
    _A("guide", later("Guided start"), (), "help.1", "book"),
    _A("about", later("About Annotator"), (), "help.2", "info"),
)

_ATTRIBUTES: Final = tuple(
    _A(
        f"attribute.{digit}",
        later("Next value of attribute {n}").replace("{n}", str(digit)),
        (str(digit),),
        "",
        "tag",
        "text",
        palette=False,
    )
    for digit in range(1, 10)
) + tuple(
    _A(
        f"attribute.{digit}.back",
        later("Previous value of attribute {n}").replace("{n}", str(digit)),
        (f"Alt+{digit}",),
        "",
        "tag",
        "text",
        palette=False,
    )
    for digit in range(1, 10)
)

ACTIONS: Final = (
    *_FILE,
    *_EDIT,
    *_TEXT,
    *_VIEW,
    *_LABEL,
    *_ARTICLE,
    *_REVIEW,
    *_TAKE,
    *_TOOLS,
    *_HELP,
    *_ATTRIBUTES,
)
"""All actions that do not depend on the scheme."""
