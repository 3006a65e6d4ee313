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
    """Return the notice in the active language. `limits`: code_minutes, session_days, and the days of retention."""
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
            _("工作人员：只看得到自己范围里的事。看您的手机号、打开您的求助，都留下记录。"),
            _("谁看过，在“我的 › 谁看过我的信息”里，您都看得到。"),
        ]),
        Chapter(_("留多久"), [
            _("求助结束以后：门牌 %(address)s 天删掉，照片、留言 %(photos)s 天删掉。") % limits,
            _("没用上的照片 %(unused_photos)s 天删掉，消息 %(notices)s 天删掉。") % limits,
            _("验证码失效 %(sign_in_codes)s 天删掉，登录记录结束 %(ended_sessions)s 天删掉。") % limits,
            _("求助的标题和内容一直留着，您自己注销时删掉。"),
        ]),
        Chapter(_("怎么改、怎么拿、怎么删"), [
            _("称呼、地方、语言在“我的”里随时改。还没人接的求助可以收回，收回后别人看不到。"),
            _("“我的 › 我的数据”里看得到我们记着的全部内容，也能存成文件。"),
            _("要注销，在“我的数据”最下面点，填上手机号后四位就办好，不用等人批。"),
            _("注销后，号码、称呼、原话、照片都删掉，没办完的求助收回。操作记录里的编号还在，但不再能对应到您。"),
            _("备份里的旧数据，等那份备份到期才消失。"),
        ]),
        Chapter(_("不做什么"), [_("不卖数据，不给第三方，不用您的求助给您画像。先锋指数只算先锋，不算求助的人。")]),
    ]  # fmt: skip
