"""Review in the window: queue, reader, case and verdict; comments, and the feedback inbox."""
