<<<<<<< HEAD
"""Review in the window: the queue, the reader with its lanes, the case, and the verdict."""
=======
"""Review in the window: cases, verdicts, comments, the feedback that annotators get."""
>>>>>>> inbox
