"""What the figures of the README come from: generators of real-looking data, floors to measure against, and a harness that prints ratios.

Nothing here runs in the application, and no figure is a test: tests assert statements and plans, never seconds.
"""
