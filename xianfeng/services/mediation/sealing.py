"""Words of a case are sealed at rest: what was said in private, names, agreements and their papers."""

from xianfeng.foundation.kernel import keyring

PURPOSE = "mediation"
COLUMNS = (
    ("mediation_party", "name_sealed"),
    ("mediation_talk", "text_sealed"),
    ("mediation_agreement", "text_sealed"),
    ("mediation_agreement", "paper_sealed"),
    ("mediation_recusal", "words_sealed"),
    ("mediation_case", "ended_words_sealed"),
)


def sealed(text: str) -> bytes | None:
    """Return `text` sealed, None for no words."""
    return keyring.seal(PURPOSE, text) if text else None


def opened(kept: bytes | memoryview | None) -> str:
    """Return what was sealed, '' for none."""
    return keyring.unseal(PURPOSE, bytes(kept)) if kept else ""


def sealed_file(content: bytes) -> bytes:
    """Return a file sealed."""
    return keyring.seal_bytes(PURPOSE, content)


def opened_file(kept: bytes | memoryview) -> bytes:
    """Return a sealed file. Raises ValueError when no key reads it."""
    return keyring.unseal_bytes(PURPOSE, bytes(kept))
