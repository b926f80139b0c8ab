import io

import pytest

from elendihub.wsgi import application

# A request opens and closes connections whether or not its page asks the database.
pytestmark = pytest.mark.django_db

HOSTILE = ("charset=base64", "charset=idna", "charset=undefined", "charset=utf-7", "charset*=utf-8''utf-7")
UNREADABLE = ("title*=none''a%20b", "title*=idna''a%20b")


def status_of(address, content_type, body=b"", **environ):
    said = []
    path, _, query = address.partition("?")
    request = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
    }
    b"".join(application(request | environ, lambda status, headers, *error: said.append(int(status[:3]))))
    return said[0]


@pytest.mark.parametrize("parameter", [*HOSTILE, *UNREADABLE])
def test_whatever_coding_a_visitor_claims_the_address_is_read_as_utf_8(parameter):
    assert status_of("/about/?preview%2B2AA-=%2BAAA-", f"text/plain; {parameter}") == 200


@pytest.mark.parametrize("parameter", [*HOSTILE, *UNREADABLE])
def test_whatever_coding_a_form_claims_it_is_refused_as_any_other(parameter):
    body = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n+2AA-\r\n--x--\r\n'
    kind = f"multipart/form-data; {parameter}; boundary=x"
    assert status_of("/admin/login/", kind, body, HTTP_COOKIE=f"csrftoken={'a' * 32}") == 403
