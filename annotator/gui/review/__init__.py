"""Review in the window: the queue, the reader with its lanes, the case, and the verdict."""
