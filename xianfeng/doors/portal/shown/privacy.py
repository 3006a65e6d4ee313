"""The privacy notice, chapter by chapter. It says what the code does; who changes the one changes the other."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Chapter:
    """A heading and its sentences."""

    title: str
    lines: list[str]


def chapters(limits: Mapping[str, int]) -> list[Chapter]:
    """Return the notice in the active language. `limits`: code_minutes, session_days."""
    return [
        Chapter(_("记下什么"), [
            _("手机号：登录用，也让接单的先锋找得到您。"),
            _("您写的称呼、所在地方；用手机定位时，位置只记到大约 100 米。"),
            _("您发的求助、照片、留言和打分。照片重新编码过，拍摄地点、机型这些附带信息都去掉了。"),
            _("每次登录用的是什么系统和浏览器，方便您认出自己的手机。不记机型，不装跟踪程序，不放广告。"),
        ]),
        Chapter(_("怎么保管"), [
            _("手机号加密保存，查找时只比对密钥摘要，数据库里看不到号码。"),
            _("验证码只存摘要，%(code_minutes)s 分钟失效；登录凭证也只存摘要，%(session_days)s 天失效。")
            % limits,
            _("要验证码的网络地址只存摘要，用来防止有人乱发。"),
            _("操作记录只能添加，不能改、不能删；里面只写编号和状态，不写您的号码和原话。"),
        ]),
        Chapter(_("谁看得到"), [
            _("谁都看得到：求助的标题、内容、照片和您选的位置。所以请不要在里面写号码、门牌、病情。"),
            _("称呼对外只露第一个字，比如“王**”。先锋和集体的名字是公开的。"),
            _("手机号：有人接了您的求助，你们两边才互相看得到；每看一次都留下记录。"),
            _("门牌地址：只有接单的先锋看得到。"),
            _("工作人员：只看得到自己范围里的事。"),
        ]),
        Chapter(_("怎么改、怎么删"), [
            _("称呼、地方、语言在“我的”里随时改。还没人接的求助可以收回，收回后别人看不到。"),
            _("自己点一下就注销的按钮，这一版还没有。要注销，请当面找您所在地的群团组织，由工作人员核实后办理。"),
            _("号码、原话删掉以后，操作记录里的编号还在，但不再能对应到您。"),
        ]),
        Chapter(_("不做什么"), [_("不卖数据，不给第三方，不用您的求助给您画像。先锋指数只算先锋，不算求助的人。")]),
    ]  # fmt: skip
