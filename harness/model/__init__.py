"""The words of the project as frozen values. Standard library only, no I/O (see README.md here)."""
