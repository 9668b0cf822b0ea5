"""The place for figures: how far the work is, how people agree, and what has been marked."""
