"""Annotator: mark who says what, and where, in news articles."""

__version__ = "0.1.0"
