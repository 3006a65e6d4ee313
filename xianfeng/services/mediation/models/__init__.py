"""Mediation's rows: cases with their parties and talks, agreements with what was promised, lessons and lectures."""

from xianfeng.services.mediation.models.agreements import Agreement, Confirmation, Duty, Signature
from xianfeng.services.mediation.models.cases import Case, Hearing, Living, Party, Recusal, Talk
from xianfeng.services.mediation.models.lessons import Attendance, Lecture, Lesson

__all__ = [
    "Agreement", "Attendance", "Case", "Confirmation", "Duty", "Hearing", "Lecture", "Lesson", "Living", "Party",
    "Recusal", "Signature", "Talk",
]  # fmt: skip
