"""Files in and files out, in the window: what people choose, and what they see of it beforehand."""
