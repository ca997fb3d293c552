"""The console: a page on this computer, for an administrator who has no terminal."""
