"""What lint says about an article: about its text, and about others that it may repeat."""

from dataclasses import dataclass

from articles.models import Article
from articles.similarity import similarity
from legislation import rendering
from legislation.lint import Finding, advice, lint
from regulators.lint import former_names

# The title of the page is its only heading of level 1.
TOP = 2
# Texts on one subject share a tenth of their runs of words at most; half is a copy that was edited.
REPEATS = 0.3


@dataclass(frozen=True)
class Twin:
    """Another article of the hub that may be the same one; `words` say why and the cure."""

    article: Article
    words: str


def advice_on(text: rendering.Rendered) -> list[Finding]:
    """Without what is about citations."""
    return advice(text, top=TOP, names=former_names())


def findings(article: Article) -> list[Finding]:
    """In the order of the text; those about citations included."""
    return lint(rendering.render(article.body), top=TOP, names=former_names())


def twins(article: Article) -> list[Twin]:
    """Without those that name each other: their editors knew of both."""
    others = Article.objects.filter(hub=article.hub_id).exclude(pk=article.pk)
    alike = [
        Twin(other, "Join the two, or make the titles tell them apart.")
        for other in others.resembling(article)
        if other.title not in article.body and article.title not in other.body
    ]
    named = {twin.article.pk for twin in alike}
    return alike + [
        Twin(other, "Much of the text is the same. Keep it in one of them, and lead to it from the other.")
        for other in others
        if other.pk not in named and similarity(article.body, other.body) >= REPEATS
    ]
