"""On whose behalf one asks: what was chosen stands, whatever address the form was opened by."""

from tests.cast import Cast
from tests.doors.portal.browsers import markup, signed
from xianfeng.matters.models import Matter


def test_who_chose_oneself_stays_oneself_when_the_form_comes_back(cast: Cast) -> None:
    browser, address = signed(cast.firm.responsible), f"/ask?firm={cast.firm.id}"
    itself, firm = '<input type="radio" name="firm" value=""', f'name="firm" value="{cast.firm.id}"'
    begun = markup(browser.get(address))
    assert f"{firm} checked" in begun
    assert f"{itself} checked" not in begun
    refused = browser.post(address, {"title": "", "firm": ""})
    assert refused.status_code == 422
    assert f"{itself} checked" in markup(refused)
    assert f"{firm} checked" not in markup(refused)
    assert not Matter.objects.exists()
