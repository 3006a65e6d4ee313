from tests.doors.desk.conftest import uncollected
from tests.recognition.honours.conftest import moment

__all__ = ["moment", "uncollected"]
