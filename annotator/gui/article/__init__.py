"""The article view: its layout, its painter, its pointer and caret, and the same on paper."""
