from django.core.files.base import ContentFile

from elendihub.storage import StaticStorage

SHEET = "/* Why. */\n.mark > span {\n    color: red;\n}\n"


def test_style_sheets_are_served_without_comments_and_blanks_under_a_name_of_their_content(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    storage = StaticStorage()
    storage.save("css/a.css", ContentFile(SHEET.encode()))
    processed = {name: hashed for name, hashed, _ in storage.post_process({"css/a.css": (storage, "css/a.css")})}
    served = tmp_path / "static" / processed["css/a.css"]
    assert served.name.count(".") == 2
    assert served.read_text() == ".mark>span{color:red}"


def test_other_files_are_served_as_they_are(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    name = StaticStorage().save("js/a.js", ContentFile(b"// Why.\n"))
    assert (tmp_path / "static" / name).read_bytes() == b"// Why.\n"
