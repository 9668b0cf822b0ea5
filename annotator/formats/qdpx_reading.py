"""What a REFI-QDA project means to us: its codes are labels, its users have a layer each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from annotator.annotated import Annotated
from annotator.errors import UserError
from annotator.formats import Problem, Reading, json_text
from annotator.formats.decoding import freeze
from annotator.formats.gathering import Gathering, article_of
from annotator.formats.offsets import Claimed, Ruler
from annotator.formats.qdpx_writing import ARTICLE_FACTS, CONTINUED, ORIGIN, UNSURE
from annotator.formats.xml_text import local
from annotator.model import Entity, Fragment, Layer, LayerKind, Span
from annotator.spans import normalise
from annotator.text.tokens import is_token_edge

if TYPE_CHECKING:
    from lxml import etree

_KINDS: Final = (LayerKind.PERSON, LayerKind.SUGGESTER, LayerKind.IMPORT, LayerKind.GOLD)
_OTHERS: Final = ("PictureSource", "AudioSource", "VideoSource")
_INTERNAL: Final = "internal://"


@dataclass(frozen=True, slots=True)
class _Code:
    """A code: a label, or in our files the value of an attribute, or the flag "unsure"."""

    name: str
    attribute: tuple[str, Any] | None = None
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class _Link:
    guid: str
    name: str
    origin: str
    target: str
    line: int


class ProjectReader:
    """Reads one project; *member* returns the bytes of a file in the archive, or None."""

    def __init__(
        self,
        root: etree._Element,
        stem: str,
        reading: Reading,
        member: Callable[[str], bytes | None],
        decoded: Callable[[bytes, bool], str],
    ) -> None:
        self._root = root
        self._stem = stem
        self._reading = reading
        self._member = member
        self._decoded = decoded
        self._own = bool(root.get("origin") == ORIGIN)
        self._users = {item.get("guid"): item for item in root.iter("{*}User")}
        self._codes = self._read_codes()
        self._variables = {
            item.get("guid"): item.get("name") or "" for item in root.iter("{*}Variable")
        }
        self._notes = {item.get("guid"): item for item in root.iterfind("{*}Notes/{*}Note")}
        self._entities, self._entity_of = self._read_cases()
        self._links = [
            _Link(
                item.get("guid") or "",
                item.get("name") or "link",
                item.get("originGUID") or "",
                item.get("targetGUID") or "",
                item.sourceline or 0,
            )
            for item in root.iterfind("{*}Links/{*}Link")
        ]

    def results(self) -> Iterator[Annotated | Problem]:
        """Yield the articles, and what cannot be taken over."""
        tied: set[str] = set()
        texts = [
            item
            for item in self._root.iterfind("{*}Sources//*")
            if local(item) in ("TextSource", "Representation", *_OTHERS)
        ]
        for item in texts:
            line = item.sourceline or 0
            name = item.get("name") or item.get("guid") or local(item)
            if local(item) in _OTHERS:
                yield Problem(line, name, "It is not a text, and is left out.")
                continue
            text, reason = self._text(item)
            if reason:
                yield Problem(line, name, reason)
                continue
            yield from self._article(item, text, tied)
        for link in self._links:
            if link.guid not in tied and not self._is_note(link):
                reason = "It does not tie two labels of one text."
                yield Problem(link.line, f"Link {link.name}", reason)

    def _is_note(self, link: _Link) -> bool:
        return link.origin in self._notes or link.target in self._notes

    # ------------------------------------------------------------------------- codes and variables

    def _read_codes(self) -> dict[str, _Code]:
        elements = list(self._root.iterfind("{*}CodeBook//{*}Code"))
        names = [item.get("name") or "" for item in elements]
        twice = {name for name in names if names.count(name) > 1} if len(names) < 10_000 else set()
        result: dict[str, _Code] = {}
        for item, name in zip(elements, names, strict=True):
            above = item.getparent()
            inner = above is not None and local(above) == "Code"
            value = _json(_child(item, "Description")) if self._own and inner else None
            if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
                code = _Code(name, attribute=(value[0], value[1]))
            elif inner and name in twice and above is not None:
                code = _Code(f"{above.get('name')} > {name}")
            else:
                code = _Code(name, is_unsure=self._own and name == UNSURE)
            result.setdefault(item.get("guid") or "", code)
        return result

    def _values(self, item: etree._Element) -> dict[str, str]:
        """Return the values of the variables of a source or a case, by name."""
        found: dict[str, str] = {}
        for value in item.iterfind("{*}VariableValue"):
            parts = {local(child): child for child in value}
            reference = parts.pop("VariableRef", None)
            name = "" if reference is None else self._variables.get(reference.get("targetGUID"), "")
            if name and parts:
                found[name] = next(iter(parts.values())).text or ""
        return found

    def _read_cases(self) -> tuple[dict[str, Entity], dict[str, str]]:
        """Return the entities by the identifiers of cases, and which case a selection is of."""
        entities: dict[str, Entity] = {}
        places: dict[str, str] = {}
        for item in self._root.iterfind("{*}Cases/{*}Case"):
            name, key = item.get("name"), item.get("guid")
            if name is None or not key:
                continue  # some programs keep the variables of a source in a case without a name
            values = self._values(item)
            own = values if self._own else {}
            entities[key] = Entity(
                id=own.get("entity id", key),
                kind=own.get("kind", "case"),
                name=name,
                aliases=_strings(own.get("aliases")),
                identifiers=_object(own.get("identifiers")),
                latitude=_number(own.get("latitude")),
                longitude=_number(own.get("longitude")),
                attributes=_object(own.get("attributes")) if self._own else dict(values),
                note=_child(item, "Description") or "",
            )
            for reference in item.iterfind("{*}SelectionRef"):
                places.setdefault(reference.get("targetGUID") or "", key)
        return entities, places

    # --------------------------------------------------------------------------------------- texts

    def _text(self, item: etree._Element) -> tuple[str, str]:
        """Return the text of a source, or why there is none."""
        inner = _child(item, "PlainTextContent")
        if inner:
            return inner, ""
        path = item.get("plainTextPath") or ""
        if not path.startswith(_INTERNAL):
            where = f"at {path}, outside of the project file" if path else "nowhere"
            return "", f"Its plain text is {where}; it is left out."
        try:
            data = self._member(path.removeprefix(_INTERNAL).lstrip("/"))
            if data is None:
                return "", f"Its plain text {path} is not in the project file; it is left out."
            text = self._decoded(data, self._own)
        except UserError as error:
            return "", str(error)
        return (text, "") if text else ("", "Its text is empty.")

    def _article(
        self, item: etree._Element, text: str, tied: set[str]
    ) -> Iterator[Annotated | Problem]:
        selections = list(item.iterfind("{*}PlainTextSelection"))
        text, unit = self._counted(text, selections)
        values = self._values(item)
        own = values if self._own else {}
        known = {key: own[key] for key in ARTICLE_FACTS if key in own}
        language = known.pop("language", self._reading.language)
        title = values.get("title", item.get("name")) if self._own else item.get("name")
        article = article_of(
            own.get("article id") or item.get("guid") or f"{self._stem}-{item.sourceline}",
            text,
            title,
            language=language,
            metadata=_object(own.get("metadata")) if self._own else dict(values),
            **known,
        )
        gathering = Gathering(article, self._reading, item.sourceline or 0)
        gathering.unit = unit
        yield from _SourceReader(self, gathering, selections, tied).results()

    def _counted(self, text: str, selections: list[etree._Element]) -> tuple[str, str]:
        """Return the text and the unit in which most selections begin and end at words.

        The standard counts code points. Some programs count UTF-16 units, some a CR LF once.
        """
        if self._own or self._reading.offsets != "auto":
            unit = "codepoint" if self._reading.offsets == "auto" else self._reading.offsets
            return text, unit
        texts = [text, freeze(text)] if "\r" in text else [text]
        units = ["codepoint"] if text.isascii() else ["codepoint", "utf16"]
        claims = [_claimed(item) for item in selections]

        def edges(choice: tuple[str, str]) -> int:
            ruler = Ruler(choice[0])
            places: Iterator[int | None] = (
                ruler.codepoint(place, choice[1])
                for claim in claims
                if claim is not None
                for place in (claim.start, claim.end)
            )
            return sum(one is not None and is_token_edge(choice[0], one) for one in places)

        return max(((one, unit) for one in texts for unit in units), key=edges)

    # What the readers of sources ask

    @property
    def is_own(self) -> bool:
        """Whether the project is an export of ours."""
        return self._own

    @property
    def links(self) -> list[_Link]:
        """The links between anything and anything."""
        return self._links

    def code(self, coding: etree._Element) -> _Code | None:
        """Return the code of a coding."""
        reference = coding.find("{*}CodeRef")
        return None if reference is None else self._codes.get(reference.get("targetGUID") or "")

    def entity(self, key: str) -> Entity | None:
        """Return the entity that is the case with this identifier."""
        return self._entities.get(key)

    def entity_at(self, selection: str) -> Entity | None:
        """Return the entity that a selection belongs to."""
        return self._entities.get(self._entity_of.get(selection, ""))

    def user(self, key: str) -> tuple[str, str]:
        """Return author and kind of the layer of a user."""
        user = self._users.get(key)
        if user is None:
            return "", LayerKind.IMPORT
        kind = user.get("id") if self._own else LayerKind.PERSON
        return user.get("name") or "", kind if kind in _KINDS else LayerKind.PERSON

    def knows_user(self, key: str) -> bool:
        """Tell whether there is a user with this identifier."""
        return key in self._users

    def remarks(self, item: etree._Element) -> Iterator[str]:
        """Yield what is noted on a selection or coding."""
        if words := _child(item, "Description"):
            yield words
        for reference in item.iterfind("{*}NoteRef"):
            note = self._notes.get(reference.get("targetGUID"))
            text = "" if note is None else self._text(note)[0]
            if text:
                yield text


class _SourceReader:
    """Reads the selections of one text."""

    def __init__(
        self,
        project: ProjectReader,
        gathering: Gathering,
        selections: list[etree._Element],
        tied: set[str],
    ) -> None:
        self._project = project
        self._gathering = gathering
        self._selections = {item.get("guid") or "": item for item in selections}
        self._tied = tied
        self._layers: dict[str, Layer] = {}
        self._spans: dict[str, Span] = {}
        """By the identifiers of selections and codings."""
        self._next = {
            link.origin: link for link in project.links if project.is_own and link.name == CONTINUED
        }

    def results(self) -> Iterator[Annotated | Problem]:
        """Yield what is wrong with the selections, and the article."""
        later = {link.target for link in self._next.values()}
        for key, item in self._selections.items():
            if key not in later:
                self._read_selection(key, item)
        for link in self._project.links:
            if link.guid not in self._tied and link.origin in self._spans:
                self._read_link(link)
        return self._gathering.results()

    def _chain(self, key: str) -> list[etree._Element]:
        """Return a selection with those that continue it."""
        chain = [self._selections[key]]
        while key in self._next:
            link = self._next.pop(key)
            self._tied.add(link.guid)
            key = link.target
            if key in self._selections:
                chain.append(self._selections[key])
        return chain

    def _located(self, item: etree._Element, place: str) -> Fragment | None:
        claimed = _claimed(item)
        if claimed is None:
            self._gathering.problem(place, "Its positions are not whole numbers.")
            return None
        return self._gathering.located(place, claimed)

    def _read_selection(self, key: str, item: etree._Element) -> None:
        self._gathering.line = item.sourceline or 0
        place = f"PlainTextSelection {key}"
        fragments = [self._located(one, place) for one in self._chain(key)]
        found = [one for one in fragments if one is not None]
        if len(found) < len(fragments):
            return
        codings = [(one, self._project.code(one)) for one in item.iterfind("{*}Coding")]
        for _, code in codings:
            if code is None:
                self._gathering.problem(place, "A code of it is in no code book.")
        known = [(coding, code) for coding, code in codings if code is not None]
        labels = [
            (one, code) for one, code in known if code.attribute is None and not code.is_unsure
        ]
        if not labels:
            if not codings:
                self._gathering.problem(place, "It has no code, and is left out.")
            return
        for number, (coding, code) in enumerate(labels):
            self._read_coding(key, item, coding, code, number, found, known if number == 0 else [])

    def _read_coding(
        self,
        key: str,
        item: etree._Element,
        coding: etree._Element,
        code: _Code,
        number: int,
        found: list[Fragment],
        known: list[tuple[etree._Element, _Code]],
    ) -> None:
        project = self._project
        entity = project.entity_at(key)
        if entity is not None:
            self._gathering.entity(entity)
        coded = coding.get("guid") or f"{key}-{number}"
        notes = dict.fromkeys([*project.remarks(item), *project.remarks(coding)])
        span = self._gathering.span(
            self._layer(coding.get("creatingUser") or item.get("creatingUser") or ""),
            code.name,
            normalise(found),
            place=f"Coding {coded}",
            id_=key if number == 0 else coded,
            attributes=dict(one.attribute for _, one in known if one.attribute is not None),
            entity_id=None if entity is None else entity.id,
            unsure=any(one.is_unsure for _, one in known),
            note="\n".join(notes),
        )
        if span is not None:
            self._spans.setdefault(key, span)
            self._spans[coded] = span

    def _layer(self, user: str) -> Layer:
        key = user if self._project.knows_user(user) else ""
        if key not in self._layers:
            author, kind = self._project.user(key)
            if key and self._project.is_own:
                about = self._gathering.annotated.article.id
                layer = Layer(id=f"{about}/{author}", article_id=about, author=author, kind=kind)
                self._layers[key] = self._gathering.add_layer(layer)
            else:
                self._layers[key] = self._gathering.layer(author)
        return self._layers[key]

    def _read_link(self, link: _Link) -> None:
        self._tied.add(link.guid)
        self._gathering.line = link.line
        source = self._spans[link.origin]
        layer = self._gathering.annotated.layers[source.layer_id]
        place = f"Link {link.name}"
        target = self._spans.get(link.target)
        entity = self._project.entity(link.target)
        ends: dict[str, str] = {}
        if target is not None and target.layer_id == source.layer_id:
            ends["target"] = target.id
        elif target is None and entity is not None:
            self._gathering.entity(entity)
            ends["target_entity"] = entity.id
        else:
            self._gathering.problem(place, "It does not end at a label of the same user here.")
            return
        self._gathering.relation(layer, link.name, source.id, place=place, id_=link.guid, **ends)


def _claimed(item: etree._Element) -> Claimed | None:
    try:
        return Claimed(int(item.get("startPosition", "")), int(item.get("endPosition", "")))
    except ValueError:
        return None


def _child(item: etree._Element, name: str) -> str | None:
    found = item.find(f"{{*}}{name}")
    return None if found is None else found.text


def _json(text: str | None) -> Any:
    try:
        return None if text is None else json_text.loads(text)
    except ValueError:
        return None


def _strings(text: str | None) -> tuple[str, ...]:
    value = _json(text)
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str))


def _object(text: str | None) -> dict[str, Any]:
    value = _json(text)
    return value if isinstance(value, dict) else {}


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
