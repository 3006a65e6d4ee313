"""What stands in place of words that were erased: kept in one language, read in the reader's."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    Column = models.CharField[str, str]
else:
    Column = models.CharField

ERASED = gettext_noop("（已删除）")  # a title
LEFT = gettext_noop("已注销")  # a name


def told(words: str) -> str:
    """Return words as a reader reads them: what stands in place of erased ones is in the reader's language."""
    return _(words) if words in {ERASED, LEFT} else words


class Words(Column):
    """A line of somebody's words that erasure replaces; rows that are read say so in the reader's language.

    To the database and its migrations it is a CharField. What was read is never written back whole.
    """

    def from_db_value(
        self, value: str | None, _expression: object, _connection: BaseDatabaseWrapper
    ) -> str | None:
        """Return what was kept, as `told`."""
        return told(value) if value else value

    def deconstruct(self) -> Any:
        """Return the field as migrations know it."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
