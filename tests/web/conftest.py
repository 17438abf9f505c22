from tests.atlas import atlas

__all__ = ["atlas"]
