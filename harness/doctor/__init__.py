"""Doctor: looks at a customer's configuration and says what is wrong with it, for people and before going live."""

from harness.doctor.examination import concluded, examine
from harness.doctor.intention import CannotWrite, Intention, intend
from harness.doctor.writing import carry_out, undo
from harness.ledger import LedgerError

__all__ = ["CannotWrite", "Intention", "LedgerError", "carry_out", "concluded", "examine", "intend", "undo"]
