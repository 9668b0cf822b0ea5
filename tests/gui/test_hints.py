"""Hints: short, and the last letter picks at once."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.gui.hints import LETTERS, Hints, hint_labels


@given(st.integers(0, 3000))
def test_no_hint_begins_another_one(count: int) -> None:
    labels = hint_labels(count)
    assert len(set(labels)) == count
    known = set(labels)
    for label in labels:
        assert not any(label[:cut] in known for cut in range(1, len(label)))


@given(st.integers(1, 676))
def test_up_to_676_things_need_two_letters_at_most(count: int) -> None:
    lengths = [len(label) for label in hint_labels(count)]
    assert max(lengths) <= (1 if count <= len(LETTERS) else 2)
    assert lengths == sorted(lengths)


@given(st.integers(1, 400), st.data())
def test_typing_a_hint_picks_its_target(count: int, data: st.DataObject) -> None:
    hints = Hints.over(list(range(count)))
    wanted = data.draw(st.integers(0, count - 1))
    label = hint_labels(count)[wanted]
    picked = [hints.type(letter) for letter in label]
    assert picked == [None] * (len(label) - 1) + [wanted]


def test_a_letter_that_continues_no_hint_is_ignored() -> None:
    hints = Hints.over(["one", "two"])
    assert hints.type("z") is None
    assert hints.type("s") == "two"


def test_backspace_takes_the_first_letter_back() -> None:
    hints = Hints.over(list(range(60)))
    longest = hint_labels(60)[-1]
    assert hints.type(longest[0]) is None
    hints.back()
    assert hints.type("a") == 0
