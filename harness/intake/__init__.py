"""Intake: a customer's file becomes Sightings; one importer a format, found by the entry point scimulator.importers."""
