"""Review: the layers of an article laid over each other, and the conflicts between them named."""
