"""From a customer's files to an answer: who was affected, where it went another way, why, and who has to do what."""
