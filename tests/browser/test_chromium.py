from tests import factories


def test_the_desk_signs_an_editor_in_over_plain_http(live_server, page):
    factories.make_editor(username="kari")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("kari")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    assert page.get_by_text("kari").first.is_visible()
