"""The scheme editor: labels, links, entities and guidelines of a project."""
