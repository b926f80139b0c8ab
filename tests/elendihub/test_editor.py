import io
import random
import re
import struct
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin

from elendihub.markdown import MAX_SOURCE
from tests.factories import make_hub, make_mdr, make_member

PREVIEW = "/admin/markdown/preview/"
UPLOAD = "/admin/markdown/upload/"
SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture
def editor(client, db):
    client.force_login(make_member(make_hub()))
    return client


def encoded(format: str, image: Image.Image | None = None, **options) -> bytes:
    out = io.BytesIO()
    (image or Image.new("RGB", (80, 60), "navy")).save(out, format, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


def send(client, data: bytes, name: str = "picture.png", content_type: str = "image/png"):
    return client.post(UPLOAD, {"image": SimpleUploadedFile(name, data, content_type)})


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def address(answer) -> str:
    pattern = r"!\[describe this image\]\((/media/images/[0-9a-f]{32}-\d+x\d+\.webp)\)"
    (found,) = re.findall(pattern, answer["image_code"])
    return found


def test_preview_shows_what_the_site_would_show(editor):
    answer = editor.post(PREVIEW, {"content": "## In short\n\n**MDR** Article 120"})
    assert answer.status_code == 200
    assert answer["X-Preview"] == "text"
    assert '<h2 id="in-short">In short</h2>' in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_the_preview_ends_with_the_list_of_citations_those_in_doubt_first(editor):
    make_mdr()
    body = "MDR Article 5.\n\nArticle 220 of the MDR.\n\nRegulation (EU) 2019/4321."
    html = editor.post(PREVIEW, {"content": body}).text
    assert '<a class="law" href="/law/mdr/art-5/">MDR Article 5</a>' in html
    shown, _, listed = html.partition('<aside class="citations">')
    assert "does not exist" not in shown
    assert '<p class="count">3 citations, 1 does not exist, 1 leads nowhere.</p>' in listed
    assert re.findall(r'data-state="(\w+)"><b>(.) ([\w ]+)</b>\nline (\d+)', listed) == [
        ("missing", "✕", "Does not exist", "3"),
        ("unresolved", "?", "Leads nowhere", "5"),
        ("resolved", "✓", "Resolved", "1"),
    ]


def test_a_text_without_citations_says_so(editor):
    assert "No citation of the law found in this text." in editor.post(PREVIEW, {"content": "Text."}).text


def test_the_list_cannot_be_forged_by_the_text(editor):
    html = editor.post(PREVIEW, {"content": '<aside class="citations">0</aside>'}).text
    assert html.count("<aside") == 1


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"]
)
def test_preview_executes_nothing(editor, text):
    assert not re.search(r"<script|<img|href=.javascript", editor.post(PREVIEW, {"content": text}).text)


def test_preview_without_a_session_is_a_safe_fragment_that_says_so(client, db):
    answer = client.post(PREVIEW, {"content": "**text**"})
    assert answer.status_code == 200
    assert answer["X-Preview"] == "refused"
    assert "Your session has ended" in answer.text
    assert "<strong>" not in answer.text


def test_preview_is_refused_to_staff_who_may_not_change_texts(client, db):
    client.force_login(make_member(make_hub(), role="approver"))
    answer = client.post(PREVIEW, {"content": "**text**"})
    assert answer["X-Preview"] == "refused"
    assert "<strong>" not in answer.text


def test_preview_of_too_long_a_text_says_so(editor):
    answer = editor.post(PREVIEW, {"content": "a" * (MAX_SOURCE + 1)})
    assert answer.status_code == 200
    assert "Split it into two" in answer.text


@pytest.mark.parametrize("data", [{}, {"content": ""}, {"content": "a\x00b"}, {"content": ["a", "b"]}, {"other": "x"}])
def test_preview_answers_malformed_requests(editor, data):
    assert editor.post(PREVIEW, data).status_code == 200


@pytest.mark.parametrize("path", [PREVIEW, UPLOAD])
def test_reading_is_not_allowed_where_things_are_sent(editor, path):
    assert editor.get(path).status_code == 405


@pytest.mark.parametrize("path", [PREVIEW, UPLOAD])
def test_both_views_demand_a_token(client, db, path):
    strict = client.__class__(enforce_csrf_checks=True)
    strict.force_login(make_member(make_hub()))
    assert strict.post(path, {"content": "x"}).status_code == 403


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_a_picture_is_stored_redrawn_with_its_size_in_its_name(editor, own_media, format):
    answer = send(editor, encoded(format), "holiday.exe", "text/html")
    assert answer.status_code == 200
    assert address(answer.json()).endswith("-80x60.webp")
    (path,) = stored(own_media)
    with Image.open(path) as kept:
        assert (kept.format, kept.size) == ("WEBP", (80, 60))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_only_pixels_survive(editor, own_media, format):
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode()
    options = {} if format == "GIF" else {"exif": exif}
    if format in ("JPEG", "GIF"):
        options["comment"] = SCRIPT
    if format == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", SCRIPT.decode())
    data = encoded(format, **options)
    assert SCRIPT in data
    assert send(editor, data + SCRIPT).status_code == 200
    (path,) = stored(own_media)
    assert SCRIPT not in path.read_bytes()
    with Image.open(path) as kept:
        assert not set(kept.info) & {"exif", "xmp", "icc_profile", "comment"}


def test_a_photograph_that_lay_on_its_side_stands_upright(editor):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert address(send(editor, encoded("JPEG", exif=exif)).json()).endswith("-60x80.webp")


def test_a_large_picture_is_made_smaller(editor):
    assert address(send(editor, encoded("PNG", Image.new("RGB", (4000, 2000)))).json()).endswith("-1600x800.webp")


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("P", "GIF"),
    ],
)
def test_every_way_to_keep_colours_is_read(editor, mode, format):
    assert send(editor, encoded(format, Image.new(mode, (20, 10)))).status_code == 200


def test_a_profile_that_cannot_be_read_as_a_screen_s_leaves_the_colours_as_they_are(editor, own_media):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    assert send(editor, encoded("PNG", icc_profile=profile)).status_code == 200
    assert send(editor, encoded("PNG", icc_profile=b"no profile")).status_code == 200
    assert send(editor, encoded("PNG")).status_code == 200
    assert len(stored(own_media)) == 1


REFUSED = {
    "empty": b"",
    "html": b"<!doctype html>" + SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "pdf": b"%PDF-1.7\n" + SCRIPT,
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "bmp": encoded("BMP"),
    "tiff": encoded("TIFF"),
    "ico": encoded("ICO"),
    "header of a png": b"\x89PNG\r\n\x1a\n",
    "truncated png": encoded("PNG", Image.effect_noise((200, 200), 50))[:5000],
    "truncated jpeg": encoded("JPEG", Image.effect_noise((200, 200), 50))[:3000],
    "truncated webp": encoded("WEBP", Image.effect_noise((200, 200), 50))[:2000],
    "truncated avif": encoded("AVIF", Image.effect_noise((200, 200), 50).convert("RGB"))[:2000],
    "html with the head of a gif": b"GIF89a" + SCRIPT * 20,
    "bomb": huge_png(50_000, 50_000),
    "too many pixels": huge_png(6_000, 5_000),
    "film": encoded("GIF", save_all=True, append_images=[Image.new("RGB", (80, 60), "red")]),
    "moving webp": encoded("WEBP", save_all=True, append_images=[Image.new("RGB", (80, 60), "red")]),
    "moving png": encoded("PNG", save_all=True, append_images=[Image.new("RGB", (80, 60), "red")]),
    "more bytes than allowed": b"\x89PNG\r\n\x1a\n" + b"\0" * 5_000_001,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_whole_picture_is_refused_with_a_reason_and_not_stored(editor, own_media, name):
    answer = send(editor, REFUSED[name])
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert stored(own_media) == []


def test_damaged_pictures_never_break_the_server(editor):
    chance = random.Random(1)
    for format in ("PNG", "JPEG", "GIF", "WEBP", "AVIF"):
        whole = encoded(format, Image.effect_noise((64, 64), 60).convert("RGB"))
        for _ in range(40):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 20)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            assert send(editor, bytes(damaged[: chance.randint(1, len(damaged))])).status_code in (200, 400)


@pytest.mark.parametrize("data", [{}, {"image": "text, not a file"}, {"other": "x"}])
def test_an_upload_without_a_file_says_so(editor, data):
    answer = editor.post(UPLOAD, data)
    assert answer.status_code == 400
    assert "No picture" in answer.json()["error"]


def test_a_malformed_body_is_a_bad_request(editor):
    for body in (b"", b"--x", b"\xff\xfe\x00"):
        answer = editor.post(UPLOAD, body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 400


def test_visitors_and_staff_without_the_right_upload_nothing(client, db, own_media):
    assert send(client, encoded("PNG")).status_code == 403
    client.force_login(make_member(make_hub(), role="approver"))
    assert send(client, encoded("PNG")).status_code == 403
    assert stored(own_media) == []


def test_a_stored_picture_is_served_as_nothing_but_a_picture(editor, client):
    path = address(send(editor, encoded("PNG")).json())
    client.logout()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; img-src 'self'"
    assert "immutable" in answer["Cache-Control"]
    assert not answer.cookies
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/images/",
        "/media/images/" + "0" * 32 + "-1x1.webp",
        "/media/images/..%2f..%2fsecret-key",
        "/media/../secret-key",
        "/media/images/%2e%2e/%2e%2e/secret-key",
        "/media/images/" + "0" * 32 + "-1x1.webp%00.html",
        "/media/images/" + "0" * 32 + "-1x1.svg",
        "/media/images/" + "0" * 32 + f"-{'9' * 300}x1.webp",
    ],
)
def test_media_holds_nothing_else(client, db, own_media, path):
    (own_media / "images").mkdir(parents=True, exist_ok=True)
    (own_media.parent / "secret-key").write_text("secret")
    assert client.get(path).status_code in (400, 404)
