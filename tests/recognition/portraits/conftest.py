from tests.recognition.honours.conftest import moment

__all__ = ["moment"]
