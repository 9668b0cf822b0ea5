"""Agreement: how far people say the same, by measures that the literature knows and checked."""
