"""The cases of the corpus, by the format in which they are handed in."""
