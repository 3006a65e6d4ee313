"""Writes about people: one durable transaction each, with its record."""

from xianfeng.foundation.people.operations.organisations import found_organisations, verify_firm
from xianfeng.foundation.people.operations.persons import (
    change_profile,
    enter_person,
    give_consent,
    show_contact,
    show_contact_to_staff,
)
from xianfeng.foundation.people.operations.pioneers import (
    Recognising,
    add_member,
    recognise,
    reinstate,
    set_standing,
    suspend,
)
from xianfeng.foundation.people.operations.posts import (
    Appointment,
    appoint,
    be_away,
    be_back,
    end_post,
    name_deputy,
)
from xianfeng.foundation.people.operations.signing import (
    SignIn,
    ask_code,
    code_again,
    end_other_sessions,
    end_session,
    open_demo_session,
    sign_in,
    sign_out,
)

__all__ = [
    "Appointment",
    "Recognising",
    "SignIn",
    "add_member",
    "appoint",
    "ask_code",
    "be_away",
    "be_back",
    "change_profile",
    "code_again",
    "end_other_sessions",
    "end_post",
    "end_session",
    "enter_person",
    "found_organisations",
    "give_consent",
    "name_deputy",
    "open_demo_session",
    "recognise",
    "reinstate",
    "set_standing",
    "show_contact",
    "show_contact_to_staff",
    "sign_in",
    "sign_out",
    "suspend",
    "verify_firm",
]
