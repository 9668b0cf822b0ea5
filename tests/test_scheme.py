from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.scheme import (
    NIL_REASON,
    Attribute,
    EntityKind,
    Example,
    Guideline,
    Label,
    RelationLabel,
    Scheme,
    SchemeError,
    from_record,
    from_toml,
    inconsistencies,
    next_version,
    to_record,
    to_toml,
)
from tests.notation import news_scheme

SMALL = 'id = "s"\ntitle = "Small"\n'
X = SMALL + '[[labels]]\nname = "X"\n'
X_A = X + '[[labels.attributes]]\nname = "a"\n'
R = SMALL + '[[relations]]\nname = "r"\nsource = "X"\n'


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("id = ", "not valid TOML"),
        ('title = "x"', "There is no 'id' in the scheme"),
        (SMALL + "colour = 3", "Unknown entry 'colour' in the scheme"),
        (SMALL + "labels = 3", "'labels' in the scheme must be a list of tables"),
        (SMALL + "[[labels]]", "There is no 'name' in label '?'"),
        (X + "key = 5", "'key' in label 'X' cannot be 5"),
        (X + "max_fragments = true", "cannot be True"),
        (X_A + 'values = "b"', "'values' in attribute 'a' of label 'X' cannot be 'b'"),
        (R + 'unless = {a = "b"}', "'unless' in relation 'r'"),
        (R + 'targets = ["X"]', "'X', which is not defined"),
        (X + R.removeprefix(SMALL), "leads nowhere"),
        (X + R.removeprefix(SMALL) + 'targets = ["X"]\nmin = 2\nmax = 1', "smaller max than min"),
        (X + 'key = "a"\n[[labels]]\nname = "Y"\nkey = "A"', "share the key 'a'"),
        (X + X.removeprefix(SMALL), "Two labels are called 'X'"),
        (X + 'entity = "e"', "stands for 'e', which is not defined"),
        (X_A, "no values to choose from"),
        (X_A + 'kind = "number"', "unknown kind"),
        (X_A + 'kind = "text"\nauto = "z"', "unknown rule 'z'"),
    ],
)  # fmt: skip
def test_a_scheme_that_cannot_be_used_says_what_is_wrong(source: str, message: str) -> None:
    with pytest.raises(SchemeError) as refused:
        from_toml(source)
    assert message in str(refused.value)


def test_a_scheme_is_read_as_it_was_written_and_kept_in_a_record() -> None:
    scheme = news_scheme()
    assert from_toml(to_toml(scheme)) == scheme
    assert from_record(to_record(scheme)) == scheme
    assert to_record(next_version(scheme)).number == scheme.version + 1


def test_a_text_pasted_with_windows_line_ends_stays_as_it_is() -> None:
    scheme = Scheme(id="s", title="t", description="one\r\ntwo\nthree")
    assert from_toml(to_toml(scheme)) == scheme


names = st.text("abcäß' \"\\\n", min_size=1, max_size=8).map(lambda text: "n" + text)
attributes = st.builds(
    Attribute,
    name=names,
    kind=st.sampled_from(["boolean", "text"]),
    default=st.none() | st.booleans(),
    required=st.booleans(),
    definition=st.text(max_size=20),
)
labels = st.builds(
    Label,
    name=names,
    key=st.just(""),
    definition=st.text(max_size=20),
    attributes=st.lists(attributes, max_size=2, unique_by=lambda item: item.name).map(tuple),
    examples=st.lists(st.builds(Example, text=names, right=st.booleans()), max_size=2).map(tuple),
    max_fragments=st.none() | st.integers(1, 3),
    may_cross=st.booleans(),
    enabled=st.booleans(),
)


@given(st.lists(labels, min_size=1, max_size=4, unique_by=lambda label: label.name), st.data())
def test_any_usable_scheme_survives_toml(found: list[Label], data: st.DataObject) -> None:
    ends = st.sampled_from([label.name for label in found])
    relation = RelationLabel(
        name="r",
        source=data.draw(ends),
        targets=(data.draw(ends),),
        min=data.draw(st.integers(0, 1)),
        max=data.draw(st.none() | st.integers(1, 2)),
        unless=data.draw(st.none() | st.just({"a": ("x", "y")})),
        inside=data.draw(st.booleans()),
    )
    scheme = Scheme(
        id="s",
        title="t",
        labels=tuple(found),
        relations=(relation,),
        entities=(EntityKind(name="e", nil_reasons=("unknown",), coordinates=True),),
        rules=(Guideline(title="a", text=data.draw(st.text(max_size=30))),),
    )
    assert inconsistencies(scheme) == []
    assert from_toml(to_toml(scheme)) == scheme


def test_labels_relations_and_kinds_are_found_by_name() -> None:
    scheme = news_scheme()
    claim = scheme.label("Claim")
    assert claim is not None
    assert scheme.label("claim") is None
    assert [r.name for r in scheme.relations_from("Claim")] == [
        "attributed_to",
        "cued_by",
        "nested_in",
    ]
    assert scheme.reference == "news-default/1"
    off = replace(scheme, labels=(replace(claim, enabled=False),))
    assert off.active_labels == ()


def test_a_reason_for_no_entity_is_an_attribute_of_labels_whose_kind_has_some() -> None:
    place = EntityKind(name="place", nil_reasons=("fictional",))
    label = Label(name="Location", entity="place")
    scheme = Scheme(id="s", title="t", labels=(label,), entities=(place,))
    reason = scheme.attribute(label, NIL_REASON)
    assert reason is not None
    assert reason.values == ("fictional",)
    assert scheme.attributes_of(Label(name="Speaker")) == ()


@pytest.mark.parametrize(
    ("attribute", "value", "allowed"),
    [
        (Attribute(name="a", values=("x",)), "x", True),
        (Attribute(name="a", values=("x",)), "y", False),
        (Attribute(name="a", values=("x",)), True, False),
        (Attribute(name="a", kind="boolean"), False, True),
        (Attribute(name="a", kind="boolean"), "false", False),
        (Attribute(name="a", kind="text"), "anything", True),
        (Attribute(name="a", kind="text"), 3, False),
    ],
)
def test_an_attribute_knows_its_values(attribute: Attribute, value: object, allowed: bool) -> None:
    assert attribute.allows(value) == allowed
