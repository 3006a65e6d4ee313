from tests.cast import areas_loaded, cast

__all__ = ["areas_loaded", "cast"]
