"""No container can be built on every machine, so each command of the Dockerfile runs here as a plain command."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from articles.links import ASKING
from tests.tooling.processes import ROOT, ask, environment, free_port, serving

DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 60, "ALLOWED_HOSTS": "elendihub.example, other.example"}
SECURE = {"Host": "elendihub.example", "X_Forwarded_Proto": "https"}


def instruction(name: str) -> str:
    """The last instruction of that name."""
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)[-1]


def command(text: str) -> list[str]:
    """The arguments after this machine's own Python, which stands for the image's."""
    program, *arguments = json.loads(text[text.index("[") :])
    assert program == "/venv/bin/python"
    return arguments


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Path:
    """A folder with `site`, which is what .dockerignore lets in, and `collected`, which the build makes; read-only."""
    folder = tmp_path_factory.mktemp("image")
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line.startswith("!"):
            source, target = ROOT / line[1:], folder / "site" / line[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, target)
    build = next(line for line in re.findall(r"^RUN (.+)$", DOCKERFILE, re.MULTILINE) if "prepare static" in line)
    build = build.replace("/venv/bin/python", shlex.quote(sys.executable)).replace("/collected", f"{folder}/collected")
    build = build.replace("/tmp/build", f"{folder}/build")
    subprocess.run(build, shell=True, cwd=folder / "site", env=environment(), check=True)
    subprocess.run(["chmod", "-R", "a-w", folder / "site", folder / "collected"], check=True)
    return folder


@pytest.fixture(scope="module")
def container(image, tmp_path_factory) -> Iterator[tuple[int, dict[str, str]]]:
    """The port of the running image, and its environment."""
    port, data = free_port(), tmp_path_factory.mktemp("data")
    places = {"DATA_DIR": str(data), "STATIC_ROOT": str(image / "collected" / "static"), "PYTHONDONTWRITEBYTECODE": "1"}
    variables = PRODUCTION | places
    prepare = [sys.executable, *command(json.dumps(COMPOSE["services"]["prepare"]["command"]))]
    subprocess.run(prepare, cwd=image / "site", env=environment(**variables), check=True)
    before = written(image)
    with serving(*command(instruction("CMD")), port=port, folder=image / "site", **variables):
        yield port, variables
        assert written(image) == before


def written(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def health(port: int, image: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    check = [sys.executable, *command(instruction("HEALTHCHECK"))]
    environ = environment(PORT=port, **variables)
    return subprocess.run(check, cwd=image / "site", env=environ, capture_output=True, text=True, check=False)


def test_the_image_serves_the_site_with_its_static_files(container):
    port, _ = container
    page = ask(port, "/hubs/norway/", **SECURE)
    assert page.status == 200
    [stylesheet] = re.findall(r'href="(/static/css/site\.[0-9a-f]+\.css)"', page.body)
    style = ask(port, stylesheet, Accept_Encoding="br", **SECURE)
    assert (style.status, style.headers["Content-Encoding"]) == (200, "br")
    assert "max-age=315360000" in style.headers["Cache-Control"]


def test_the_list_of_static_files_is_nobody_s_business(container):
    port, _ = container
    assert ask(port, "/static/staticfiles.json", **SECURE).status == 404


def test_plain_http_is_sent_to_https_in_production(container):
    port, _ = container
    answer = ask(port, "/hubs/norway/", Host="elendihub.example")
    assert (answer.status, answer.headers["Location"]) == (301, "https://elendihub.example/hubs/norway/")
    assert "Strict-Transport-Security" in ask(port, "/", **SECURE).headers


def test_another_host_name_is_refused(container):
    port, _ = container
    assert ask(port, "/", Host="evil.example", X_Forwarded_Proto="https").status == 400


def test_the_health_check_tells_an_answering_site_from_a_silent_one(container, image):
    port, variables = container
    assert health(port, image, variables).returncode == 0
    silent = health(free_port(), image, variables)
    assert silent.returncode != 0
    assert "does not answer" in silent.stderr


def test_the_process_is_not_root_and_its_data_folder_is_its_own():
    assert instruction("USER") == "site"
    assert re.search(r"useradd .*--uid 10001 .* site", DOCKERFILE)
    assert re.search(r"install --directory --owner=site --group=site /data /data/media", DOCKERFILE)


def test_every_image_is_pinned_to_a_release():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    services = [service["image"] for service in COMPOSE["services"].values() if service["image"] != "elendihub"]
    assert [name for name in bases + services if not re.search(r":\d+\.\d+(\.\d+)?", name)] == []


def test_no_secret_is_written_down():
    text = (ROOT / "compose.yaml").read_text()
    assert not re.search(r"SECRET|PASSWORD", DOCKERFILE)
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD"):
        assert re.findall(rf"\b{name}: (?!\$\{{{name}:\?)", text) == []


def test_both_web_containers_are_read_only_and_wait_for_the_one_that_prepares():
    web = [COMPOSE["services"][name] for name in ("web-1", "web-2")]
    for service in web:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
    front = (ROOT / "deploy" / "nginx.conf").read_text()
    assert set(re.findall(r"server (web-\d):8000", front)) == {"web-1", "web-2"}


def test_only_the_front_server_can_be_reached():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["front"]


def test_uploads_are_served_as_pictures_and_nothing_else():
    front = (ROOT / "deploy" / "nginx.conf").read_text()
    [media] = re.findall(r"location /media/ \{(.+?)\}", front, re.DOTALL)
    assert "X-Content-Type-Options nosniff always" in media
    assert "\"sandbox; default-src 'none'; img-src 'self'\" always" in media


def test_one_container_asks_other_sites_each_day_one_command_after_the_other():
    service = COMPOSE["services"]["daily"]
    shell, option, script = service["command"]
    assert service["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert service["restart"] == "unless-stopped"
    # One day of it, and that neither command keeps the other from running.
    day = script.replace("/venv/bin/python", "echo asked && false").replace("sleep", "echo sleeps; exit; sleep")
    said = subprocess.run([shell, option, day], capture_output=True, text=True, check=False).stdout
    assert said == "asked\nasked\nsleeps\n"
    assert [line.split()[1:] for line in script.splitlines() if "python" in line] == [
        ["manage.py", command] for command in ASKING
    ]
