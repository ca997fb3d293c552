"""The smallest requests that show a finding again, and a pytest file that fails alone; pure, from the record."""
