"""Pictures from outside become pictures of our own: decoded, turned upright, drawn again, and nothing else kept."""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
LOSSLESS = frozenset({"PNG", "GIF"})
# Twice the measure of the text column, for dense screens.
MAX_SIDE = 1600


class Refused(ValueError):
    """The message tells the editor what to do."""


@dataclass(frozen=True)
class Picture:
    """A WebP image without metadata."""

    data: bytes
    width: int
    height: int


def redrawn(data: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """Decode by content, never by name, and encode again. Raises Refused."""
    if not data:
        raise Refused("The file is empty. Choose another.")
    if len(data) > max_bytes:
        raise Refused(f"The file is larger than {max_bytes / 1_000_000:g} MB. Save the picture smaller and try again.")
    try:
        return draw(data, max_pixels)
    except Refused:
        raise
    except Exception as error:
        # Decoders of hostile files fail in every way there is.
        raise Refused("This is not a whole PNG, JPEG, GIF, WebP or AVIF picture. Save it again as PNG.") from error


def draw(data: bytes, max_pixels: int) -> Picture:
    with Image.open(io.BytesIO(data), formats=FORMATS) as source:
        # Before anything is decoded: a small file can hold a huge picture.
        if source.width * source.height > max_pixels:
            raise Refused(f"The picture has more than {max_pixels / 1_000_000:g} million pixels. Make it smaller.")
        # Phones put a second picture behind a JPEG (MPO); that is no film.
        if source.format != "MPO" and getattr(source, "n_frames", 1) > 1:
            raise Refused("The picture moves. Readers cannot stop it, so save one frame of it as PNG.")
        source.load()
        lossless = source.format in LOSSLESS
        upright = ImageOps.exif_transpose(source)
    picture = in_screen_colours(upright)
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    # A new image made of pixels alone: comments, EXIF, XMP and profiles stay behind.
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = io.BytesIO()
    clean.save(out, "WEBP", lossless=lossless, quality=85)
    return Picture(out.getvalue(), clean.width, clean.height)


def in_screen_colours(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB, whatever the file's own depth, palette or profile."""
    profile: Any = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            turned = None
        if turned is not None:
            return turned
    return image.convert("RGB")
