from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files. Their list lies beside the folder, not in it, where WhiteNoise would serve it."""

    def __init__(self) -> None:
        super().__init__(manifest_storage=FileSystemStorage(location=Path(settings.STATIC_ROOT).parent))
