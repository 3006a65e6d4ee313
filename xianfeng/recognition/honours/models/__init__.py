"""What the room of honours keeps: files of persons, rounds, candidacies with their review, honours."""

from xianfeng.recognition.honours.models.dossiers import Dossier, Item
from xianfeng.recognition.honours.models.given import Honour, RecognitionTitle
from xianfeng.recognition.honours.models.grades import Grade, GradeReview
from xianfeng.recognition.honours.models.nurture import Nurturing, Pick, Step
from xianfeng.recognition.honours.models.reviewing import Candidacy, Conflict, Objection, Score
from xianfeng.recognition.honours.models.rounds import Criterion, Quota, Reviewer, Round, Rule

__all__ = [
    "Candidacy", "Conflict", "Criterion", "Dossier", "Grade", "GradeReview", "Honour", "Item", "Nurturing",
    "Objection", "Pick", "Quota",
    "RecognitionTitle", "Reviewer", "Round", "Rule", "Score", "Step",
]  # fmt: skip
