"""What is measured, against whom: whole commands and functions, side by side in one run, told as ratios."""
