# The site in a container. compose.yaml shows it with PostgreSQL and a front server; docs/operations.md says how.

FROM python:3.13.7-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /site
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/python -m pip install --require-hashes --requirement requirements.txt
COPY . .
RUN DATA_DIR=/tmp/build STATIC_ROOT=/collected/static /venv/bin/python manage.py prepare static

FROM python:3.13.7-slim-trixie
ENV ENVIRONMENT=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/data STATIC_ROOT=/collected/static \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --user-group --no-create-home site \
    && install --directory --owner=site --group=site /data /data/media
COPY --from=build /venv /venv
COPY --from=build /collected /collected
COPY --from=build /site /site
WORKDIR /site
USER site
EXPOSE 8000
VOLUME ["/data"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["/venv/bin/python", "deploy/healthcheck.py"]
CMD ["/venv/bin/python", "-m", "gunicorn", "elendihub.wsgi"]
