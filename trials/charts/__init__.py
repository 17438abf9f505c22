"""The landscape: what is counted (`figures`), how it is drawn (`specs`), and the drawing itself (`drawing`, with `render` in a process of
its own). Knows filters and tables; knows nothing of requests and pages.
"""
