<<<<<<< HEAD
"""Annotator: mark the speakers, locations and claims in news articles."""
=======
"""Annotator: mark who says what, and where, in news articles."""
>>>>>>> boot

__version__ = "0.1.0"
