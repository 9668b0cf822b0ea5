"""What stands beside the article: the selected label, the lists, people and places."""
