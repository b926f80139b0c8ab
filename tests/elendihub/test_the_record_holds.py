"""What the site promises of its record, tried as a whole: everything public at a moment is read, then chance edits.

RECORD_SEEDS=40 tries so many sequences of edits instead of two; a sequence is repeated by the number of its test.
"""

import hashlib
import os
import random
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, ArticleVersion, Category, Citation, Topic, VersionTopic
from legislation.models import Instrument, Provision, Term
from regulators.models import Hub, HubVersion, Website
from tests import factories, reading
from tests.management.commands.flush import without_triggers

SEEDS = range(int(os.environ.get("RECORD_SEEDS", "2")))
EDITS = 50
TAMPERED = 5
DAY = timedelta(days=1)
# Some triggers ask the database's own clock for what is past: this one has to be ahead of it.
START = datetime(2127, 1, 1, 9, tzinfo=UTC)

SENTENCES = (
    "MDR Article 120(3c) moves the date for legacy devices.",
    "The manufacturer follows MDR Article 10(9) and Annex VIII, Rule 11.",
    "MDR Article 22(1) to (3) counts for procedure packs.",
    "A notified body acts under MDR Article 53.",
    "Article 19 has no act beside it.",
    "Regulation (EU) 2099/1 is not in the register.",
    "A harmonised standard gives presumption of conformity.",
    "| Class | Days |\n|---|---|\n| IIa | 30 |",
    "- one\n- two é 漢 “x”",
)
WORDS = ("notified body", "harmonised standard", "manufacturer", "legacy device")


@pytest.fixture
def clock(db, settings):
    settings.SECOND_PERSON = False
    settings.PACKS_PER_MINUTE = 1_000_000
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


class World:
    """Two hubs, a register of law, shelves, editors, and what chance does to them."""

    def __init__(self, seed, clock):
        self.random, self.clock = random.Random(seed), clock
        self.mdr = factories.make_mdr()
        for word in WORDS[:2]:
            factories.make_term(name=word)
        self.editors = [factories.make_editor() for _ in range(2)]
        for slug in ("norway", "sweden"):
            factories.publish(factories.make_hub(slug=slug), live_from=START)
        for _ in range(3):
            factories.make_category()
            factories.make_topic()
        for number in range(14):
            self.enter(hub=Hub.objects.get(slug="sweden" if number % 5 == 0 else "norway"), live_from=START)

    # Chance

    def number(self):
        return self.random.randint(1, 10**9)

    def one(self, rows):
        return self.random.choice(list(rows.order_by("pk")))

    def text(self):
        chosen = self.random.sample(SENTENCES, 3)
        return f"## Head {self.number()}\n\n" + "\n\n".join([*chosen, f"Text {self.number()}."])

    def edit(self, count, kinds=()):
        """So many things that editors do, these kinds among them, in any order, some hours or days after another."""
        chosen = [*kinds, *self.random.choices(EDITING, k=count - len(kinds))]
        self.random.shuffle(chosen)
        for act in chosen:
            self.clock.shift(timedelta(hours=self.random.randint(1, 90), microseconds=self.random.randint(0, 10**6)))
            act(self)

    # Articles

    def article(self):
        return self.one(Article.objects.all())

    def enter(self, hub=None, live_from=None):
        article = factories.make_article(
            hub=hub or self.one(Hub.objects.all()),
            category=self.one(Category.objects.all()),
            topic=self.one(Topic.objects.all()),
            also=self.random.sample(list(Topic.objects.order_by("pk")), 2),
            body=self.text(),
        )
        return factories.publish(article, live_from=live_from)

    def enter_now(self):
        self.enter()

    def enter_old(self):
        self.enter(live_from=timezone.now() - self.random.randint(1, 500) * DAY)

    def write(self):
        article = self.article()
        article.title, article.summary, article.body = f"Title {self.number()}", f"Say {self.number()}.", self.text()
        article.category, article.topic = self.one(Category.objects.all()), self.one(Topic.objects.all())
        article.save()
        article.also.set(self.random.sample(list(Topic.objects.order_by("pk")), self.random.randint(0, 2)))
        return article

    def publish(self, live_from=None):
        """Of any kind; a withdrawn text comes back by it."""
        article = self.write()
        self.publish_next(article, self.random.choice(["significant", "minor", "correction"]), live_from)

    def publish_next(self, document, kind, live_from=None):
        """A minor change of numbers has a second person; one that brings back a withdrawn text is none."""
        if document.versions.scheduled().exists():
            return
        newest = document.versions.order_by("number").last()
        kind = "significant" if newest.is_withdrawal else kind
        if kind == "minor":
            factories.approve(document)
        told = {"wrong_since": newest.published_at.date()} if kind == "correction" else {}
        by = self.random.choice([None, *self.editors])
        factories.publish(document, by=by, kind=kind, note=f"Note {self.number()}", live_from=live_from, **told)

    def schedule(self):
        self.publish(live_from=timezone.now() + self.random.randint(1, 40) * DAY)

    def schedule_first(self):
        self.enter(live_from=timezone.now() + self.random.randint(1, 40) * DAY)

    def cancel(self):
        scheduled = ArticleVersion.objects.scheduled().first()
        if scheduled:
            scheduled.article.cancel_scheduled(by=None)

    def withdraw(self):
        article = self.article()
        live = article.versions.live().first()
        if live and not live.is_withdrawal and not article.versions.scheduled().exists():
            others = Article.objects.with_state().in_state("live").exclude(pk=article.pk)
            note = f"Note {self.number()}"
            article.withdraw(by=None, reason="merged", note=note, successor_id=self.one(others).pk)

    def publish_again(self):
        notice = ArticleVersion.objects.live().filter(kind="withdrawal").order_by("pk").first()
        if notice:
            self.publish_next(notice.article, "significant")

    def check(self):
        for versions in (ArticleVersion.objects.live().readable(), HubVersion.objects.live().readable()):
            if versions:
                factories.make_check(self.one(versions), outcome="not_affected", note=f"Note {self.number()}")

    def rename(self):
        article = self.article()
        former = article.former_slugs.filter(hub=article.hub).order_by("pk").last()
        article.slug = former.slug if former and self.random.random() < 0.4 else f"slug-{self.number()}"
        article.save()

    def move(self):
        article = self.article()
        article.hub = self.one(Hub.objects.all())
        article.save()

    # Hubs, shelves, people

    def publish_hub(self):
        hub = self.one(Hub.objects.all())
        hub.title, hub.overview = f"Hub {self.number()}", f"Overview {self.number()}: MDR Article 120."
        hub.save()
        hub.facts.create(position=9, label=f"Fact {self.number()}", text="MDR Article 53, *since 2001*.")
        later = self.random.choice([None, None, timezone.now() + 3 * DAY])
        self.publish_next(hub, self.random.choice(["minor", "significant"]), later)

    def withdraw_hub(self):
        hub = self.one(Hub.objects.all())
        if not hub.versions.live().get().is_withdrawal and not hub.versions.scheduled().exists():
            hub.withdraw(by=None, reason="obsolete", note="No longer kept.")

    def shelf(self):
        shelf = self.one(self.random.choice([Category, Topic]).objects.all())
        shelf.name = f"Shelf {self.number()}"
        shelf.save()

    def add_shelf(self):
        self.random.choice([factories.make_category, factories.make_topic])()

    def regulator(self):
        regulator = self.one(Hub.objects.all()).regulator
        name = regulator.names.first()
        name.name, name.acronym = f"Regulator {self.number()}", ""
        name.save()
        Website.objects.filter(regulator=regulator).update(url=f"https://site-{self.number()}.example")

    def jurisdiction(self):
        for hub in Hub.objects.select_related("jurisdiction"):
            hub.jurisdiction.name, hub.jurisdiction.market = f"Land {self.number()}", f"Market {self.number()}"
            hub.jurisdiction.region = self.random.choice(["asia-pacific", "americas"])
            hub.jurisdiction.save()

    def account(self):
        editor = self.random.choice(self.editors)
        editor.username = f"renamed-{self.number()}"
        editor.save()

    # The register of law

    def term(self):
        factories.make_term(name=f"word {self.number()}")
        if absent := [word for word in WORDS if not Term.objects.filter(name=word).exists()]:
            factories.make_term(name=absent[0])
        Term.objects.update(definition=f"Meaning {self.number()}.")

    def forget_term(self):
        self.one(Term.objects.all()).delete()

    def provision(self):
        """Described anew, or under another number."""
        provision = self.one(Provision.objects.filter(kind="article"))
        provision.heading, provision.paragraphs = f"Heading {self.number()}", ["1", "2"]
        if not provision.citations.exists():
            provision.number = str(self.number())
        provision.save()

    def amendment(self):
        factories.make_amendment(provision=self.one(Provision.objects.filter(kind="article")))

    def instrument(self):
        self.mdr.short_name = f"MDR {self.number()}"
        self.mdr.save()
        self.mdr.names.create(name=f"Name {self.number()}")
        Instrument.objects.filter(pk=self.mdr.pk).update(summary=f"Summary {self.number()}")

    def deadline(self):
        factories.make_deadline(instruments=[self.mdr], national_dates={"NO": None})


EDITING = (
    *(World.publish, World.publish, World.publish, World.schedule, World.schedule_first, World.cancel),
    *(World.withdraw, World.publish_again, World.rename, World.rename, World.move, World.enter_now, World.enter_old),
    *(World.publish_hub, World.withdraw_hub, World.shelf, World.add_shelf, World.regulator, World.check),
)
REGISTERING = (
    *(World.jurisdiction, World.account, World.term, World.forget_term, World.provision, World.amendment),
    *(World.instrument, World.deadline),
)
EVERY_KIND = sorted({*EDITING, *REGISTERING}, key=lambda act: act.__name__)


# Reading everything


def crawl(client, moment):
    """Every page as at the moment that can be reached from the hubs of then: its bytes by its address."""
    waiting, moment = [], quote(moment)
    for slug in Hub.objects.values_list("slug", flat=True):
        waiting += [f"/hubs/{slug}/?at={moment}", f"/feeds/hubs/{slug}.atom?at={moment}"]
    found = {}
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in found:
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = response.content
        links = [link for link in addresses(response, address) if "at=" in link]
        waiting += [link for link in links if ".zip" not in link]
        found |= {link: pack(client, link) for link in links if ".zip" in link and link not in found}
        for chosen in reading.elements(response, "option"):
            if slug := chosen.attributes["value"]:
                waiting.append(f"{address.partition('?')[0]}?at={moment}&topic={slug}")
    return found


def pack(client, address):
    """The files of an evidence pack: all but those that show the register of law as it is today, and their hashes."""
    response = client.get(address)
    assert response.status_code == 200, address
    with ZipFile(BytesIO(response.getvalue())) as packed:
        names = [name for name in packed.namelist() if not Path(name).name.startswith(("law.", "manifest."))]
        return {name: packed.read(name) for name in names}


def before_all(client):
    """What stands at each address of today for a day before anything was published."""
    published = [
        *Article.objects.filter(versions__in=ArticleVersion.objects.published()).distinct(),
        *Hub.objects.all(),
    ]
    found = [f"{document.get_absolute_url()}?at=2120-02-14" for document in published]
    return {address: client.get(address).content for address in found}


def addresses(response, address):
    for link in re.findall(r'(?:href|<id>|<uri>)="?([^"<]+)', reading.text(response)):
        link = link.replace("&amp;", "&").removeprefix("http://127.0.0.1:8000")
        link = address.partition("?")[0] + link if link.startswith("?") else link
        if link.startswith(("/hubs/", "/feeds/")):
            yield link


def permalinks(client):
    """The hash of every version, of each comparison with the one before and with the first, by address."""
    found = {}
    for document in (*Article.objects.select_related("hub"), *Hub.objects.all()):
        name = document._meta.model_name
        slugs = [document.hub.slug, document.slug] if name == "article" else [document.slug]
        numbers = list(document.versions.published().order_by("number").values_list("number", flat=True))
        pairs = {*zip(numbers, numbers[1:], strict=False), *((numbers[0], number) for number in numbers[1:])}
        for route, chosen in [("version", [number]) for number in numbers] + [("compare", pair) for pair in pairs]:
            address = reverse(f"{name}_{route}", args=[*slugs, *chosen])
            found[address] = permanent(client.get(address, follow=True))
    return found


def permanent(response):
    """The hash of what the page says by itself, without the frame that tells what happened since."""
    assert response.status_code == 200, response.request["PATH_INFO"]
    main = reading.text(response).partition("<main")[2]
    lead = re.search(r'<h1>.*?<p class="lead">.*?</p>', main, re.DOTALL)[0]
    text = main.partition("</header>")[2]
    text = re.split(r'<aside class="side" aria-label="About|<section class="part" aria-labelledby="cite"', text)[0]
    return hashlib.sha256((lead + text).encode()).hexdigest()


def verify():
    out = StringIO()
    call_command("verify_record", stdout=out)
    return out.getvalue()


def changed(old, new):
    """The first line that differs, for people."""
    pairs = zip(old.decode().splitlines(), new.decode().splitlines(), strict=False)
    return next((pair for pair in pairs if pair[0] != pair[1]), (len(old), len(new)))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_the_past_stays_what_it_was(client, clock, seed):
    world = World(seed, clock)
    clock.shift(2 * DAY)
    world.edit(20)
    clock.shift(DAY)
    moments = [f"{timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}", f"{timezone.now() - 4 * DAY:%Y-%m-%d}"]
    before = {moment: crawl(client, moment) for moment in moments}
    nothing, kept = before_all(client), permalinks(client)
    verify()
    assert len(before[moments[0]]) > 30
    assert len(kept) > 25

    world.edit(EDITS, EVERY_KIND)
    clock.shift(200 * DAY)

    for moment, pages in before.items():
        after = crawl(client, moment)
        assert after.keys() == pages.keys(), moment
        for address, content in pages.items():
            assert after[address] == content, (address, changed(content, after[address]))
    for address, content in nothing.items():
        assert client.get(address).content == content, address
    for address, digest in kept.items():
        assert permanent(client.get(address, follow=True)) == digest, address
    verify()
    for _ in range(TAMPERED):
        assert_chance_is_named(world.random)


# Tampering

# A constraint does not let it happen, whatever became of the triggers.
REFUSED = "refused"
FROZEN = (ArticleVersion, HubVersion, Citation, VersionTopic)


def other(field, value):
    """A value of the column that is not this one."""
    if isinstance(field, models.ForeignKey):
        return field.related_model._default_manager.exclude(pk=value).order_by("-pk").values_list("pk", flat=True)[0]
    if isinstance(field, models.DateTimeField):
        return (value or START) + timedelta(microseconds=1)
    if isinstance(field, models.DateField):
        return (value or START.date()) + DAY
    if isinstance(field, models.JSONField):
        return {**value, "x": 1} if isinstance(value, dict) else [*value, "x"]
    if isinstance(field, models.AutoField | models.IntegerField):
        return value + 1000
    return value[:-1] + ("y" if value[-1] == "x" else "x") if value else "x"


def tamper(row, field):
    """Write another value past every guard."""
    value = other(field, getattr(row, field.attname))
    models.QuerySet(type(row)).filter(pk=row.pk).update(**{field.attname: value})


def named(row, field):
    """What verify_record says of a row whose column was changed; empty when it notices nothing."""
    with transaction.atomic():
        try:
            with without_triggers(), transaction.atomic():
                tamper(row, field)
            verify()
        except IntegrityError:
            return REFUSED
        except CommandError as error:
            return str(error)
        finally:
            transaction.set_rollback(True)
    return ""


def version_of(row):
    return row if isinstance(row, ArticleVersion | HubVersion) else row.version


def is_right(message, row, field):
    """The message names the document and the version whose value this is, or was."""
    if message == REFUSED:
        return True
    version = version_of(row)
    document = version.article if isinstance(version, ArticleVersion) else version.hub
    if field.name in ("article", "hub"):
        return "is missing" in message or "no version follows" in message or "previous_hash" in message
    number = version.number + 1000 if field.name == "number" else version.number
    if field.name == "version":
        return "these rows are not what the version says" in message
    return f" {document.pk} ({document.get_absolute_url()}), version {number}. " in message


def assert_chance_is_named(random_):
    model = random_.choice(FROZEN)
    row = random_.choice(list(model._default_manager.order_by("pk")))
    field = random_.choice(model._meta.concrete_fields)
    message = named(row, field)
    assert is_right(message, row, field), (row, row.pk, field, message)


@pytest.fixture
def record(clock):
    """Two hubs of three versions, two articles: one has a text of each kind, one is short."""
    factories.make_mdr()
    hubs = [factories.publish(factories.make_hub(), live_from=START).hub for _ in range(2)]
    also = [factories.make_topic()]
    article = factories.make_article(hub=hubs[0], body="See MDR Article 120(3c) and MDR Annex VIII.", also=also)
    short = factories.make_article(hub=hubs[1], body="See MDR Article 10(9).")
    for _ in range(3):
        for document in (*hubs, article):
            factories.publish(document, live_from=None, note="A note.", by=factories.make_editor())
            clock.shift(DAY)
    factories.publish(short, live_from=None)
    article.withdraw(by=None, reason="merged", note="There.", successor_id=short.pk)
    for make in (factories.make_category, factories.make_topic, factories.make_provision):
        make()
    return article


@pytest.mark.parametrize("model", FROZEN)
def test_a_change_of_any_column_is_named(record, model):
    row = model._default_manager.order_by("pk")[1]
    for field in model._meta.concrete_fields:
        message = named(row, field)
        assert is_right(message, row, field), (field, message)
