"""Renderers of a finished run: each is a pure function of the Run, ``write(run, directory) -> Path``."""
