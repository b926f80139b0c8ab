from pathlib import Path
from typing import Any

import rcssmin
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files, style sheets without comments and blanks.

    Their list lies beside the folder, not in it, where WhiteNoise would serve it.
    """

    def __init__(self) -> None:
        super().__init__(manifest_storage=FileSystemStorage(location=Path(settings.STATIC_ROOT).parent))

    def _save(self, name: str, content: Any) -> str:
        if name.endswith(".css"):
            content.seek(0)
            content = ContentFile(rcssmin.cssmin(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved
