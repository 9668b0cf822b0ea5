"""Review in the window: cases, verdicts, comments, the feedback that annotators get."""
