"""Edits that reach beyond one span: entities, all occurrences, the article, the scheme."""

from dataclasses import replace

import pytest

from annotator import editing
from annotator.editing import Impossible, NothingToDo, Renames
from annotator.model import Article, Change, Entity, Fragment, Relation, SchemeVersion, Span, Zone
from annotator.model import edit as make_edit
from annotator.scheme import Label, RelationLabel, Scheme, SchemeError, from_toml, to_record
from tests.notation import annotated, desk, find, news_scheme, shown

ADA = Entity(id="ada", kind="actor", name="Ada Berg", aliases=("A. Berg",))
TWIN = Entity(
    id="twin",
    kind="actor",
    name="Ada",
    aliases=("A. Berg", "the mayor"),
    identifiers={"wikidata": "Q1"},
    note="twice in the list",
)


def after(changes: tuple[Change, ...], key: str) -> object:
    """Return what becomes of the record with the id *key*."""
    (found,) = [change.after for change in changes if change.record.id == key]
    return found


def test_an_entity_is_made_and_corrected() -> None:
    assert editing.create_entity(ADA).changes == (Change(None, ADA),)
    renamed = replace(ADA, name="Ada B.")
    assert editing.update_entity(ADA, renamed).changes == (Change(ADA, renamed),)
    with pytest.raises(NothingToDo):
        editing.update_entity(ADA, ADA)
    with pytest.raises(Impossible, match="give it a name"):
        editing.create_entity(replace(ADA, name=" "))


@pytest.mark.parametrize(("latitude", "longitude"), [(91.0, 0.0), (0.0, 181.0), (10.0, None)])
def test_coordinates_lie_on_the_earth(latitude: float, longitude: float | None) -> None:
    oslo = Entity(id="o", kind="place", name="Oslo")
    with pytest.raises(Impossible, match=r"[Ll]atitude"):
        editing.update_entity(oslo, replace(oslo, latitude=latitude, longitude=longitude))


def test_merging_keeps_every_name_and_moves_spans_and_relations() -> None:
    article = annotated(
        "[Ada|Speaker#1@twin] [x|Claim#2] [y|Claim#3]",
        "#2>attributed_to>@twin",
        "#3>attributed_to>@twin",
        "#3>attributed_to>@ada",
        entities=[ADA, TWIN],
    )
    before = article.copy()
    edit = editing.merge_entities(ADA, [TWIN], article.spans.values(), article.relations.values())
    article.apply(edit)
    kept = article.entities["ada"]
    assert list(article.entities) == ["ada"]
    assert kept.aliases == ("A. Berg", "Ada", "the mayor")
    assert (kept.identifiers, kept.note) == ({"wikidata": "Q1"}, "twice in the list")
    assert article.spans["1"].entity_id == "ada"
    assert {(t.source, t.target_entity) for t in article.relations.values()} == {
        ("2", "ada"),
        ("3", "ada"),
    }
    article.apply(edit.inverse)
    assert article == before


def test_merging_does_not_lose_the_coordinates_of_either() -> None:
    known = Entity(id="k", kind="place", name="Oslo", latitude=59.9, longitude=10.7)
    bare = Entity(id="b", kind="place", name="Christiania")
    merged = after(editing.merge_entities(bare, [known], (), ()).changes, "b")
    assert isinstance(merged, Entity)
    assert (merged.latitude, merged.longitude) == (59.9, 10.7)


def test_what_is_not_of_one_kind_is_not_merged() -> None:
    with pytest.raises(Impossible, match="same kind"):
        editing.merge_entities(ADA, [replace(TWIN, kind="place")], (), ())
    with pytest.raises(NothingToDo):
        editing.merge_entities(ADA, [ADA], (), ())


def test_splitting_moves_the_chosen_spans_to_a_new_entity() -> None:
    article = annotated("[Ada|Speaker#1@ada] [Ada|Speaker#2@ada]", entities=[ADA])
    new = Entity(id="new", kind="actor", name="Ada Lund")
    article.apply(editing.split_entity(ADA, new, [article.spans["2"]]))
    assert [article.spans[key].entity_id for key in "12"] == ["ada", "new"]
    with pytest.raises(NothingToDo):
        editing.split_entity(ADA, new, [])


def test_deleting_an_entity_keeps_the_spans() -> None:
    article = annotated("[Ada|Speaker#1@ada] [x|Claim#2]", "#2>attributed_to>@ada", entities=[ADA])
    before = article.copy()
    edit = editing.delete_entity(ADA, article.spans.values(), article.relations.values())
    article.apply(edit)
    assert (article.entities, article.relations) == ({}, {})
    assert article.spans["1"].entity_id is None
    article.apply(edit.inverse)
    assert article == before


ACTORS = [
    Entity(id="1", kind="actor", name="Vladimir Putin", aliases=("the president",)),
    Entity(id="2", kind="actor", name="Recep Tayyip Erdogan"),
    Entity(id="3", kind="actor", name="Ada Berg"),
    Entity(id="4", kind="place", name="Putin Bay"),
    Entity(id="5", kind="actor", name="Bashar Assad"),
]


def ranked(words: str, query: str = "", recent: tuple[str, ...] = ()) -> list[str]:
    """Return the ids of the entities that are offered for a speaker."""
    label = news_scheme().label("Speaker")
    assert label is not None
    found = editing.rank_entities(words, label, ACTORS, recent=recent, query=query)
    return [entity.id for entity in found]


def test_entities_named_like_the_span_come_first_then_the_recent_ones() -> None:
    assert ranked("Putin") == ["1", "3", "5", "2"]
    assert ranked("the president", recent=("2", "5")) == ["1", "2", "5", "3"]
    assert ranked("he", recent=("2",)) == ["2", "3", "5", "1"]


def test_typing_filters_by_the_beginnings_of_words_and_forgives_slips() -> None:
    assert ranked("x", "erd tay") == ["2"]
    assert ranked("x", "ada burg") == ["3"]
    assert ranked("x", "pres") == ["1"]
    assert ranked("x", "zzz") == []


def test_all_occurrences_are_marked_alike_in_one_edit() -> None:
    one = annotated("[Syrian|Location#1@s usage=associative] men, Syrian [Syrian|Location#2]")
    two = annotated("A Syrian", article_id="two", layer_id="layer-two")
    wanted = {
        "article": [find(one, "Syrian", n) for n in (1, 2, 3)],
        "two": [find(two, "Syrian")],
    }
    edit = editing.mark_all([desk(two), desk(one)], one.spans["1"], wanted)
    made = editing.made(edit)
    assert [(s.article_id, s.text, s.entity_id) for s in made] == [
        ("article", ("Syrian",), "s"),
        ("two", ("Syrian",), "s"),
    ]
    assert {s.attributes["usage"] for s in made} == {"associative"}
    assert edit.articles == {"article", "two"}
    assert (edit.article_id, edit.place) == ("article", find(one, "Syrian", 2))
    one.apply(edit)
    two.apply(edit)
    with pytest.raises(NothingToDo, match="marked as Location already"):
        editing.mark_all([desk(one), desk(two)], one.spans["1"], wanted)


def test_the_form_is_filled_anew_for_each_occurrence_unless_it_was_overruled() -> None:
    filled = annotated("“[It rains|Claim#1 form=direct],” said Ada. Bo said It rains.")
    where = {"article": [find(filled, "It rains", 2)]}
    (made,) = editing.made(editing.mark_all([desk(filled)], filled.spans["1"], where))
    assert made.attributes["form"] == "indirect"
    overruled = annotated("[Ada|Speaker#1 mention_form=pronoun] left. Then Ada came.")
    where = {"article": [find(overruled, "Ada", 2)]}
    (copied,) = editing.made(editing.mark_all([desk(overruled)], overruled.spans["1"], where))
    assert copied.attributes["mention_form"] == "pronoun"


def test_relabelling_all_drops_what_would_be_there_twice() -> None:
    one = annotated("[[Oslo|Speaker#1]|Location#2] [Oslo|Location#3]")
    two = annotated("[Oslo|Location#4]", article_id="two", layer_id="layer-two")
    chosen = [one.spans["2"], one.spans["3"], two.spans["4"]]
    edit = editing.relabel_all([desk(one), desk(two)], chosen, "Speaker")
    one.apply(edit)
    two.apply(edit)

    assert (shown(one), shown(two)) == (["Speaker: Oslo", "Speaker: Oslo"], ["Speaker: Oslo"])


def test_deleting_and_attaching_all_reach_every_article() -> None:
    one = annotated("[Ada|Speaker#1] [x|Claim#2]", "#2>attributed_to>#1", entities=[ADA])
    two = annotated("[Ada|Speaker#3]", article_id="two", layer_id="layer-two", entities=[ADA])
    chosen = [one.spans["1"], two.spans["3"]]
    attached = editing.attach_all([desk(one), desk(two)], chosen, "ada")
    assert {s.entity_id for c in attached.changes if isinstance(s := c.after, Span)} == {"ada"}
    edit = editing.delete_all([desk(one), desk(two)], chosen)
    one.apply(edit)
    two.apply(edit)
    assert (shown(one), one.relations, shown(two)) == (["Claim: x"], {}, [])


ARTICLE = Article(
    id="a",
    title="T",
    text="Head\nOslo: body text",
    sha256="",
    zones=(Zone("headline", 0, 4), Zone("body", 5, 20), Zone("dateline", 5, 10)),
)


def zones_after(fragment: Fragment, zone: str | None) -> tuple[Zone, ...]:
    """Return the zones of the article after one is set."""
    (change,) = editing.set_zone(ARTICLE, fragment, zone).changes
    assert isinstance(change.after, Article)
    return change.after.zones


def test_a_zone_takes_the_place_of_what_was_there_and_leaves_the_dateline() -> None:
    assert zones_after(Fragment(5, 20), "caption") == (
        Zone("headline", 0, 4),
        Zone("caption", 5, 20),
        Zone("dateline", 5, 10),
    )


def test_a_zone_in_the_middle_cuts_the_one_around_it() -> None:
    found = zones_after(Fragment(11, 15), "caption")
    assert [zone for zone in found if zone.zone == "body"] == [
        Zone("body", 5, 11),
        Zone("body", 15, 20),
    ]


def test_a_dateline_lies_inside_and_no_zone_takes_all_away() -> None:
    assert Zone("body", 5, 20) in zones_after(Fragment(5, 9), "dateline")
    assert zones_after(Fragment(0, 20), None) == ()


def test_what_is_known_about_an_article_can_be_corrected() -> None:
    (change,) = editing.set_metadata(ARTICLE, title="New", published="2016-12-23").changes
    assert isinstance(change.after, Article)
    assert (change.after.title, change.after.published) == ("New", "2016-12-23")
    with pytest.raises(NothingToDo):
        editing.set_metadata(ARTICLE, title="T")


@pytest.mark.parametrize("day", ["23.12.2016", "2016-13-01", "20161223", "soon"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(Impossible, match="is no date"):
        editing.set_metadata(ARTICLE, published=day)


def test_an_article_keeps_a_title_and_its_text() -> None:
    with pytest.raises(Impossible, match="title"):
        editing.set_metadata(ARTICLE, title=" ")
    with pytest.raises(ValueError, match="text"):
        editing.set_metadata(ARTICLE, text="other")


def test_an_article_goes_with_all_its_layers_and_undo_brings_them_back() -> None:
    article = annotated("[Ada|Speaker#1@ada] [x|Claim#2]", "#2>attributed_to>#1", entities=[ADA])
    before = article.copy()
    edit = editing.delete_article(article)
    article.apply(edit)
    assert (article.gone, article.spans, article.layers) == (True, {}, {})
    assert article.entities == {"ada": ADA}
    article.apply(edit.inverse)
    assert article == before


def record() -> SchemeVersion:
    """Return the default scheme as a project keeps it."""
    return to_record(news_scheme())


def without(scheme: Scheme, label: str) -> Scheme:
    """Return *scheme* without a label and the relations that name it."""
    return replace(
        scheme,
        labels=tuple(item for item in scheme.labels if item.name != label),
        relations=tuple(r for r in scheme.relations if label not in (r.source, *r.targets)),
    )


def test_a_label_that_goes_takes_its_spans_and_relations_along_and_undo_brings_them_back() -> None:
    article = annotated("[said|Cue#1] [x|Claim#2]", "#2>cued_by>#1")
    before = article.copy()
    edit = editing.change_scheme(
        record(), without(news_scheme(), "Cue"), article.spans.values(), article.relations.values()
    )
    assert {type(item) for item in editing.taken_out(edit)} == {Span, Relation}
    article.apply(edit)
    assert shown(article) == ["Claim: x"]
    version = edit.changes[0].after
    assert isinstance(version, SchemeVersion)
    assert (version.number, from_toml(version.toml).version) == (2, 2)
    article.apply(edit.inverse)
    assert article == before


def test_a_renamed_label_renames_its_spans() -> None:
    scheme = news_scheme()
    labels = tuple(
        replace(item, name="Signal") if item.name == "Cue" else item for item in scheme.labels
    )
    relations = tuple(
        replace(r, name="signalled_by", targets=("Signal",)) if r.name == "cued_by" else r
        for r in scheme.relations
    )
    rules = tuple(replace(r, labels=()) for r in scheme.rules)
    after_ = replace(scheme, labels=labels, relations=relations, rules=rules)
    article = annotated("[said|Cue#1] [x|Claim#2]", "#2>cued_by>#1")
    edit = editing.change_scheme(
        record(),
        after_,
        article.spans.values(),
        article.relations.values(),
        renames=Renames(labels={"Cue": "Signal"}, relations={"cued_by": "signalled_by"}),
    )
    article.apply(edit)
    assert editing.taken_out(edit) == ()
    assert shown(article) == ["Signal: said", "Claim: x"]
    assert [tie.label for tie in article.relations.values()] == ["signalled_by"]


def test_values_of_attributes_that_are_gone_go() -> None:
    scheme = news_scheme()
    labels = tuple(
        replace(item, attributes=tuple(a for a in item.attributes if a.name != "polarity"))
        for item in scheme.labels
    )
    article = annotated("[x|Claim#1 polarity=negated hedged=true]")
    edit = editing.change_scheme(record(), replace(scheme, labels=labels), article.spans.values())
    article.apply(edit)
    assert article.spans["1"].attributes == {"hedged": True}


def test_a_scheme_that_contradicts_itself_is_refused() -> None:
    scheme = news_scheme()
    twice = replace(scheme, labels=(*scheme.labels, Label(name="Cue")))
    with pytest.raises(SchemeError, match="Two labels are called 'Cue'"):
        editing.change_scheme(record(), twice)
    loose = replace(scheme, relations=(RelationLabel(name="r", source="Nobody"),))
    with pytest.raises(SchemeError, match="'Nobody', which is not defined"):
        editing.change_scheme(record(), loose)
    with pytest.raises(NothingToDo):
        editing.change_scheme(record(), scheme)


def test_an_edit_of_several_articles_can_be_applied_to_each_and_taken_back() -> None:
    one = annotated("[Ada|Speaker#1]")
    two = annotated("Ada", article_id="two", layer_id="layer-two")
    before = one.copy(), two.copy()
    edit = editing.mark_all([desk(one), desk(two)], one.spans["1"], {"two": [Fragment(0, 3)]})
    for article in (one, two):
        article.apply(edit)
    for article in (one, two):
        article.apply(edit.inverse)
    assert (one, two) == before
    assert make_edit("x", edit.changes).articles == {"two"}
