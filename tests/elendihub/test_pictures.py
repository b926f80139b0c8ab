"""A permanent version shows for ever the picture that it showed: the name of a picture tells its bytes."""

import hashlib
import io
import threading
import uuid

import pytest
from django.core.management import CommandError
from PIL import Image

from elendihub import images, pictures
from tests import factories
from tests.elendihub.test_verify_record import verify

ADDRESS = "![A label](/media/{})"


def picture(colour="navy"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return images.redrawn(out.getvalue(), max_bytes=100_000, max_pixels=10_000)


def kept(colour="navy"):
    return pictures.keep(picture(colour)).removeprefix("images/")


def published(name):
    article = factories.make_article(slug="labels", hub=factories.make_published_hub(slug="norway").hub)
    article.body = ADDRESS.format(f"images/{name}")
    article.save()
    return factories.publish(article)


def test_the_name_of_a_picture_is_made_of_its_bytes_and_its_size(own_media):
    one = picture()
    path = own_media / pictures.keep(one)
    assert path.name == f"{hashlib.sha256(one.data).hexdigest()[:32]}-40x30.webp"
    assert path.read_bytes() == one.data
    assert path.stat().st_mode & 0o777 == 0o644


def test_the_same_picture_twice_is_one_file_and_another_is_another(own_media):
    assert kept() == kept()
    assert kept("red") != kept()
    assert len(list((own_media / "images").iterdir())) == 2


def test_a_picture_that_many_store_at_once_is_whole_whenever_it_is_there(own_media):
    one = picture()
    path = own_media / "images" / kept()
    seen = set()

    def store():
        for _ in range(20):
            pictures.keep(one)
            seen.add(path.read_bytes())

    threads = [threading.Thread(target=store) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {one.data}
    assert list(path.parent.iterdir()) == [path]


def test_nothing_is_left_of_a_picture_that_could_not_be_stored(own_media):
    name = kept()
    folder = own_media / "images"
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(OSError, match="directory"):
        kept()
    assert list(folder.iterdir()) == [folder / name]


def test_a_picture_as_it_was_holds(db):
    published(kept())
    assert "Pictures: 1 are there, " in verify()


def test_a_picture_that_is_gone_is_named(db, own_media):
    name = kept("green")
    published(name)
    (own_media / "images" / name).unlink()
    with pytest.raises(CommandError, match=rf"labels/\), version 1\. picture: {name} is gone"):
        verify()


def told_by_name():
    """A picture whose name cannot be taken for one of chance."""
    names = (kept(colour) for colour in ("red", "green", "blue", "black", "white"))
    return next(name for name in names if pictures.is_told(name))


def test_a_picture_that_was_replaced_is_named(db, own_media):
    name = told_by_name()
    published(name)
    (own_media / "images" / name).write_bytes(picture("yellow").data)
    with pytest.raises(CommandError, match=rf"labels/\), version 1\. picture: {name} is another one now"):
        verify()


def test_a_picture_of_an_earlier_text_counts_and_one_that_only_a_working_copy_shows_does_not(db, own_media):
    name = told_by_name()
    article = published(name).article
    article.body = ADDRESS.format("images/" + "0" * 32 + "-1x1.webp")
    article.save()
    verify()
    article.body = "No picture."
    article.save()
    article.publish(by=None, note="Gone.")
    verify()
    (own_media / "images" / name).write_bytes(b"x")
    with pytest.raises(CommandError, match=r"version 1\. picture"):
        verify()


@pytest.mark.parametrize("part", ["overview", "responsibilities", "facts"])
def test_a_picture_of_a_hub_is_named(db, own_media, part):
    name = told_by_name()
    hub = factories.make_hub(slug="norway")
    text = ADDRESS.format(f"images/{name}")
    if part == "overview":
        hub.overview = text
        hub.save()
    else:
        getattr(hub, part).create(label="Of a picture", text=text)
    factories.publish(hub)
    verify()
    (own_media / "images" / name).unlink()
    with pytest.raises(CommandError, match=rf"HubVersion: hub \d+ \(/hubs/norway/\), version 1\. picture: {name} is"):
        verify()


def test_of_a_picture_named_by_chance_only_its_loss_is_told(db, own_media):
    name = f"{uuid.uuid4().hex}-40x30.webp"
    path = own_media / "images" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"one")
    published(name)
    assert "Pictures: 1 are there, 0 of them proved by their names." in verify()
    path.write_bytes(b"other")
    verify()
    path.unlink()
    with pytest.raises(CommandError, match="is gone"):
        verify()


def test_an_address_that_is_told_and_not_shown_is_not_looked_for(db):
    article = factories.make_article(hub=factories.make_public_hub())
    article.body = "The address `/media/images/" + "0" * 32 + "-1x1.webp` shows nothing here."
    article.save()
    factories.publish(article)
    assert "Pictures: 0 are there" in verify()
