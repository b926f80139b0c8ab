from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed files; what was not collected is served under its plain name instead of failing a page."""

    manifest_strict = False
