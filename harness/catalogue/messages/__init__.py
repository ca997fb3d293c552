"""Messages that administrators meet, as data, and how they are found in a pasted text."""

from harness.catalogue.messages.loader import load_messages
from harness.catalogue.messages.matching import recognise, recognise_code, said, statuses

__all__ = ["load_messages", "recognise", "recognise_code", "said", "statuses"]
