"""What a bulk decision would do, exactly, before it does it: counts, a sample, what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from annotator.gui.dialogs import Form, PlainDialog
from annotator.gui.parts import dress, label, px, set_type
from annotator.gui.review.bulk import BulkChoice
from annotator.gui.rows import Row, RowModel, Rows
from annotator.gui.theme import Theme
from annotator.review.merging import Item, Preview
from annotator.review.verdicts import reason_shown
from annotator.translation import number, shown, tr, tr_n

Making = Callable[[float, str], Preview]
"""Works a preview out, for the share that is audited (0 to 1) and a reason."""


class ItemModel(RowModel):
    """What is done, then what is refused and why."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: dict[str, Item] = {}
        self._decides = True

    def show_preview(self, preview: Preview, *, decides: bool) -> None:
        """Show the items of *preview*; of those that are done, a sample.

        *decides* says whether it is a decision on them.
        """
        self._decides = decides
        self._items = {f"{item.article_id}/{item.key}": item for item in preview.refused}
        sample = {f"{item.article_id}/{item.key}": item for item in preview.sample(12)}
        self._items |= sample
        keys = []
        if sample:
            keys += ["\0done", *sample]
        if preview.refused:
            keys += ["\0refused", *(key for key in self._items if key not in sample)]
        self.show_keys(keys)

    def row(self, key: str) -> Row | None:
        if key == "\0done":
            decided = tr("A sample of what is decided")
            return Row(text=decided if self._decides else tr("A sample"), heading=True)
        if key == "\0refused":
            undecided = tr("What is not decided, and why")
            said = undecided if self._decides else tr("What is left as it is, and why")
            return Row(text=said, heading=True)
        item = self._items[key]
        right = shown(item.reason) if item.reason else ""
        if item.whom:
            right = f"{item.whom}: {right}" if right else tr("to {name}", name=item.whom)
        if item.audited:
            right = tr("to be audited")
        words = " ".join(item.words.split())
        return Row(text=words, right=right, icon="close" if item.reason else "check")


class BatchPreview(PlainDialog):
    """Says what will be done; nothing is done before its button is pressed."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        make: Making,
        parent: QWidget | None = None,
        *,
        reasons: Sequence[str] = (),
        share: float = 0.05,
        choice: BulkChoice | None = None,
    ) -> None:
        super().__init__(theme, "dialog.batch", title, parent)
        self._make = make
        self._title = title
        self.choice = choice
        self.counts = label(size=15, weight=600)
        self.counts.setObjectName("text.batch_counts")
        self.counts.setWordWrap(True)
        self.rest = label(size=12, tone="muted")
        self.rest.setObjectName("text.batch_rest")
        self.rest.setWordWrap(True)
        self.model = ItemModel(self)
        self.rows = Rows(theme, self.model)
        self.rows.setObjectName("list.batch")
        self.rows.setAccessibleName(tr("What is decided"))
        self.rows.left.connect(self.reject)
        self.share = QSpinBox()
        self.share.setRange(0, 100)
        self.share.setSuffix(" %")
        self.share.setValue(round(share * 100))
        self.share.valueChanged.connect(lambda _value: self._work_out())
        set_type(self.share)
        self.reason = QComboBox()
        for name in reasons:
            self.reason.addItem(reason_shown(name), name)
        self.reason.currentIndexChanged.connect(lambda _row: self._work_out())
        set_type(self.reason)
        self._build(bool(reasons))
        if choice is not None:
            choice.changed.connect(self._work_out)
        dress(self, theme)
        self.resize(px(620), px(520))
        self._work_out()
        self.go.setFocus()

    def _build(self, has_reasons: bool) -> None:
        self._form = form = Form()
        if has_reasons:
            form.add(tr("Reason"), self.reason, "field.batch_reason")
        else:
            self.reason.setParent(self)
            self.reason.hide()
        form.add(tr("Share to be audited"), self.share, "field.batch_share")
        self.buttons.addStretch(1)
        self.button(tr("Cancel"), "button.cancel", self.reject)
        self.go = self.button("", "button.decide", self.accept, default=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 16)
        column.setSpacing(10)
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(4)
        if self.choice is not None:
            head.addWidget(self.choice)
            head.addSpacing(8)
        head.addWidget(self.counts)
        head.addWidget(self.rest)
        head.addSpacing(8)
        head.addLayout(form)
        column.addLayout(head)
        column.addWidget(self.rows, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addLayout(self.buttons)
        column.addLayout(foot)

    def _work_out(self) -> None:
        reason = self.reason.currentData()
        self.preview = self._make(self.share.value() / 100, reason if reason else "")
        done, refused = len(self.preview.done), len(self.preview.refused)
        counts = tr_n(done, "{n} is decided", "{n} are decided")
        if not self._accepts:
            counts = tr_n(done, "{n} is concerned", "{n} are concerned")
        self.counts.setText(counts)
        self.rest.setText(self._rest(refused))
        self.model.show_preview(self.preview, decides=self._accepts)
        title = self._title
        if self.choice is not None:
            title = self.choice.title
            self._form.setRowVisible(self.share, self.choice.accepts)
        text = f"{title} ({number(done)})"
        self.go.setText(text.replace("&", "&&"))
        self.go.setAccessibleName(text)
        self.go.setEnabled(done > 0)

    @property
    def _accepts(self) -> bool:
        return self.choice is None or self.choice.accepts

    def _rest(self, refused: int) -> str:
        audited = self.preview.audited
        parts = []
        if self._accepts:
            said = tr_n(audited, "{n} of them is to be audited", "{n} of them are to be audited")
            parts.append(said)
        if refused:
            parts.append(tr_n(refused, "{n} is refused", "{n} are refused"))
            parts[-1] += f": {reasons_refused(self.preview)}"
        said = ", ".join(parts)
        if not said:
            return tr("One undo takes all of it back.")
        return tr("{parts}. One undo takes all of it back.", parts=said)

    def done(self, result: int) -> None:
        if self.choice is not None:
            self.choice.end()
        super().done(result)


def reasons_refused(preview: Preview) -> str:
    """Say why things are refused; how often each, where there are several reasons."""
    why = Counter(shown(item.reason).rstrip(".") for item in preview.refused).most_common()
    if len(why) == 1:
        return why[0][0]
    return "; ".join(f"{reason} ({number(n)})" for reason, n in why)
