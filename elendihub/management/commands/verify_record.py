from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import ArticleVersion
from elendihub import chain
from elendihub.chain import Count
from regulators.models import HubVersion

CHAINS = ((ArticleVersion, "article"), (HubVersion, "hub"))


class Command(BaseCommand):
    help = "Compute every hash of the record again. Ends with 1 and the first broken row when one does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        for model, document in CHAINS:
            count = Count()
            broken = next(chain.broken(model.objects.order_by(), document, count), None)
            if broken:
                raise CommandError(
                    f"{model.__name__}: {document} {broken.document}, version {broken.number}. {broken.differs}."
                )
            self.stdout.write(f"{model.__name__}: {count.versions} versions of {count.documents} {document}s hold.")
