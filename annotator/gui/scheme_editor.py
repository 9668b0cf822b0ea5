"""The scheme editor: labels, colours, keys, attributes, relations, entities, guidelines."""
