"""Photographs: told by content, turned upright, stripped of what a camera writes into them, in three sizes."""

import io
import secrets
import struct
import warnings
import zlib
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from xianfeng.foundation.kernel import catalogue
from xianfeng.foundation.kernel.refusals import Refused

SIZES = {"small": 320, "medium": 800, "large": 1600}
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # JPEG opens MPO too: two pictures of one phone

# what Pillow's readers raise on torn and hostile files
_UNREADABLE = (
    UnidentifiedImageError, OSError, EOFError, SyntaxError, ValueError, TypeError,
    ArithmeticError, LookupError, struct.error, zlib.error,
)  # fmt: skip


def opened(file: BinaryIO, size: int) -> Image.Image:
    """Return the picture upright, in RGB. `size` is in bytes.

    Raises Refused 'photo-too-big', 'photo-unreadable' or 'photo-too-many-pixels'.
    """
    limits = catalogue.load("limits")["photo"]
    if size > limits["bytes"]:
        raise Refused("photo-too-big", field="photo", megabytes=limits["bytes"] // 1_048_576)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=_FORMATS)
        if image.width * image.height > limits["pixels"]:
            raise Refused("photo-too-many-pixels", field="photo")
        image.draft("RGB", (SIZES["large"], SIZES["large"]))
        return ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError as error:  # Pillow's own limit is far above ours
        raise Refused("photo-too-many-pixels", field="photo") from error
    except _UNREADABLE as error:
        raise Refused("photo-unreadable", field="photo") from error


def stored(image: Image.Image) -> str:
    """Store the three sizes as JPEG without metadata; return the key under which they stand."""
    key = secrets.token_urlsafe(18)
    for name, edge in SIZES.items():
        sized = image.copy()
        sized.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        sized.save(buffer, "JPEG", quality=82, optimize=True, progressive=True)
        default_storage.save(path(key, name), ContentFile(buffer.getvalue()))
    return key


def path(key: str, size: str) -> str:
    """Return where a size of a photograph stands in the store."""
    return f"photos/{key[:2]}/{key}-{size}.jpg"


def removed(key: str) -> None:
    """Take a photograph out of the store."""
    for name in SIZES:
        default_storage.delete(path(key, name))
