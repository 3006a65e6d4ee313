"""What stands in place of erased words is kept in one form and read in the reader's language."""

from django.db import connection
from django.utils import translation

from tests.cast import Cast, closed
from xianfeng.foundation.kernel import erased
from xianfeng.foundation.people.models import Pioneer
from xianfeng.foundation.people.names import public_name
from xianfeng.foundation.people.privacy.erasing import erase
from xianfeng.matters.models import Matter


def test_one_form_is_kept_whatever_is_read(cast: Cast) -> None:
    matter = closed(cast)
    with translation.override("en"):
        erase("0001", by=cast.resident)
        assert Matter.objects.get(pk=matter.pk).title == "(deleted)"
        assert list(Matter.objects.filter(pk=matter.pk).values_list("title", flat=True)) == ["(deleted)"]
        assert Pioneer.objects.get(pk=cast.pioneer.pk).name == "先锋甲"
        assert public_name("") == "Resident"
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM matters_matter WHERE id = %s", [matter.pk])
        assert cursor.fetchone()[0] == erased.ERASED
