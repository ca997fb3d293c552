"""Capture: an address that a customer's real IdP is pointed at, which writes down what arrives as it was sent.

``listener`` speaks HTTP and keeps header order and spelling; ``gate`` lets in who has the token of this capture;
``backstage`` answers, as a preset of the reference server or by passing on to the real service; ``keeping`` writes the
run directory; ``feed`` tells of it while it goes on; ``retention`` takes it away again.
"""
