"""Downloads from servers that behave and that do not: whole files or clear errors."""

import json
import threading

import pytest
from photochrom.errors import Cancelled, DownloadFailed, OutputFailed
from photochrom.models import download as module
from photochrom.models.download import download
from photochrom.progress import silent

from .conftest import tag

CONTENT = bytes(range(256)) * 4096  # 1 MiB
MOST = 4 << 20


@pytest.fixture
def get(server, tmp_path):
    """Downloads `file` of the server; gives its path."""

    def get(size=None, most=MOST, progress=silent, name="file"):
        download(server.at(name), tmp_path / "file.pth", size=size, most=most, progress=progress)
        return tmp_path / "file.pth"

    return get


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.3)


def half(handler):
    handler.send(CONTENT, only=len(CONTENT) // 2)


def test_a_file_is_downloaded_completely_and_nothing_else_stays(server, get, tmp_path):
    server.files["file"] = CONTENT
    assert get(size=len(CONTENT)).read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["file.pth"]


def test_progress_reports_the_share_and_the_bytes(server, get):
    def slowly(handler):
        handler.send(CONTENT, only=len(CONTENT) // 2)
        server.release.wait(30)  # until half of it was told
        handler.wfile.write(CONTENT[len(CONTENT) // 2 :])

    server.answer["file"] = slowly
    told = []

    def progress(done, doing):
        told.append((done, doing))
        if done >= 0.5:
            server.release.set()

    get(progress=progress)
    assert (0.5, "file.pth: 1 of 1 MB") in told


def test_a_dropped_connection_is_an_error_and_the_next_download_resumes(server, get, tmp_path):
    server.answer["file"] = half
    with pytest.raises(DownloadFailed, match="was lost") as failed:
        get()
    assert "the download resumes" in failed.value.next_step
    assert not (tmp_path / "file.pth").exists()
    server.answer.clear()
    server.files["file"] = CONTENT
    assert get().read_bytes() == CONTENT
    assert server.ranges() == [None, f"bytes={len(CONTENT) // 2}-"]


def test_a_file_that_changed_between_two_parts_starts_over(server, get):
    server.answer["file"] = half
    with pytest.raises(DownloadFailed):
        get()
    server.answer.clear()
    server.files["file"] = CONTENT[::-1]
    assert get().read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("lie", [{"Content_Range": "bytes 5-1048575/1048576"}, {"ETag": '"other"'}])
def test_another_range_than_the_one_asked_for_is_never_appended(server, get, lie):
    server.answer["file"] = half
    with pytest.raises(DownloadFailed):
        get()

    def wrong_part(handler):
        handler.send_response(206)
        rest = len(CONTENT) // 2
        headers = {"ETag": tag(CONTENT), "Content-Range": f"bytes {rest}-{len(CONTENT) - 1}/{len(CONTENT)}"}
        for name, value in {**headers, **{key.replace("_", "-"): told for key, told in lie.items()}}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(rest))
        handler.end_headers()
        handler.wfile.write(bytes(rest))

    server.answer["file"] = wrong_part
    with pytest.raises(DownloadFailed, match="has changed since"):
        get()
    server.answer.clear()
    server.files["file"] = CONTENT
    assert get().read_bytes() == CONTENT
    assert server.ranges()[-1] is None


def test_a_server_that_ignores_ranges_is_read_from_the_start(server, get):
    server.answer["file"] = half
    with pytest.raises(DownloadFailed):
        get()

    def all_of_it(handler):
        del handler.headers["Range"]
        handler.send(CONTENT)

    server.answer["file"] = all_of_it
    assert get().read_bytes() == CONTENT


def test_without_a_version_from_the_server_it_is_read_from_the_start(server, get):
    server.answer["file"] = lambda handler: handler.send(CONTENT, only=1000, ETag=None)
    with pytest.raises(DownloadFailed) as failed:
        get()
    assert "resumes" not in failed.value.next_step
    server.answer.clear()
    server.files["file"] = CONTENT
    assert get().read_bytes() == CONTENT
    assert server.ranges() == [None, None]


def test_a_download_from_another_address_is_not_resumed(server, get):
    server.answer["file"] = half
    with pytest.raises(DownloadFailed):
        get()
    server.files["mirrored"] = CONTENT
    assert get(name="mirrored").read_bytes() == CONTENT
    assert server.ranges() == [None, None]


def test_a_download_that_was_all_there_needs_no_server(server, get, tmp_path):
    (tmp_path / "file.pth.part").write_bytes(CONTENT)
    notes = {"address": server.at("file"), "validator": '"a"', "total": len(CONTENT)}
    (tmp_path / "file.pth.part.json").write_text(json.dumps(notes))
    assert get().read_bytes() == CONTENT
    assert server.asked == []


@pytest.mark.parametrize("notes", ["", "[]", "{}", '{"address": 1}'])
def test_spoiled_notes_of_a_part_are_no_obstacle(server, get, tmp_path, notes):
    (tmp_path / "file.pth.part").write_bytes(b"other")
    (tmp_path / "file.pth.part.json").write_text(notes)
    server.files["file"] = CONTENT
    assert get().read_bytes() == CONTENT


def test_a_silent_server_is_given_up(server, get, impatient):
    def stall(handler):
        handler.send(CONTENT, only=1000)
        server.release.wait(10)

    server.answer["file"] = stall
    with pytest.raises(DownloadFailed, match="sent nothing"):
        get()


@pytest.mark.parametrize("sent", [None, 1000])
def test_cancel_works_while_the_server_is_silent(server, get, tmp_path, sent):
    def stall(handler):
        if sent:
            handler.send(CONTENT, only=sent)
        silent.set()
        server.release.wait(60)

    server.answer["file"] = stall
    silent = threading.Event()

    def stop(done, _doing):
        if silent.is_set() and (done > 0 or not sent):
            raise Cancelled

    with pytest.raises(Cancelled):
        get(progress=stop)
    assert not server.release.is_set(), "the server is silent still"
    assert (tmp_path / "file.pth.part").exists() == bool(sent)


def test_a_length_too_long_is_an_error(server, get, tmp_path):
    server.answer["file"] = lambda handler: handler.send(CONTENT, only=len(CONTENT), Content_Length="2000000")
    with pytest.raises(DownloadFailed, match="was lost"):
        get()
    assert not (tmp_path / "file.pth").exists()


@pytest.mark.parametrize("length", ["1000", "2000000"])
def test_a_length_other_than_the_published_is_refused_before_anything_is_taken(server, get, tmp_path, length):
    server.answer["file"] = lambda handler: handler.send(CONTENT, Content_Length=length)
    with pytest.raises(DownloadFailed, match=f"offers {length} bytes"):
        get(size=len(CONTENT))
    assert list(tmp_path.iterdir()) == []


def chunked(blocks):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for block in blocks:
            handler.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    return answer


def endless():
    while True:
        yield bytes(1 << 16)


@pytest.mark.parametrize("size", [None, len(CONTENT)])
def test_endless_data_is_cut_off(server, get, tmp_path, size):
    server.answer["file"] = chunked(endless())
    with pytest.raises(DownloadFailed, match="more bytes than"):
        get(size=size, most=MOST)
    assert list(tmp_path.glob("*.pth*")) == [tmp_path / "file.pth.part.json"] or list(tmp_path.iterdir()) == []


def test_more_than_can_be_is_refused_before_anything_is_taken(server, get, tmp_path):
    server.answer["file"] = lambda handler: handler.send(CONTENT, Content_Length=str(10**15))
    with pytest.raises(DownloadFailed, match="at most"):
        get()
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_undeclared_length_is_downloaded_completely(server, get):
    server.answer["file"] = chunked([CONTENT[:1000], CONTENT[1000:]])
    assert get().read_bytes() == CONTENT


def test_one_that_ends_early_but_cleanly_is_an_error(server, get):
    server.answer["file"] = chunked([CONTENT[:1000]])
    with pytest.raises(DownloadFailed, match="ended after 1000 of 1048576 bytes"):
        get(size=len(CONTENT))


@pytest.mark.parametrize("status, said", [(404, "does not exist"), (403, "denies access"), (500, "HTTP 500")])
def test_refusals_are_reported(server, get, tmp_path, status, said):
    server.answer["file"] = lambda handler: handler.send_error(status)
    with pytest.raises(DownloadFailed, match=said):
        get()
    assert list(tmp_path.iterdir()) == []


def test_a_web_page_is_not_taken_for_the_file(server, get, tmp_path):
    server.answer["file"] = lambda handler: handler.send(b"<html>Log in", Content_Type="text/html; charset=utf-8")
    with pytest.raises(DownloadFailed, match="web page"):
        get()
    assert list(tmp_path.iterdir()) == []


def test_a_packed_answer_is_refused(server, get):
    server.answer["file"] = lambda handler: handler.send(CONTENT, Content_Encoding="gzip")
    with pytest.raises(DownloadFailed, match="compressed"):
        get()


def to(address):
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_a_redirect_is_followed(server, get):
    server.files["real"] = CONTENT
    server.answer["file"] = to("/real")
    assert get().read_bytes() == CONTENT


def test_a_circle_of_redirects_ends(server, get):
    server.answer["file"] = to("/file")
    with pytest.raises(DownloadFailed, match="in a loop"):
        get()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://["])
def test_a_redirect_leads_nowhere_else_than_to_http(server, get, tmp_path, address):
    server.answer["file"] = to(address)
    with pytest.raises(DownloadFailed):
        get()
    assert list(tmp_path.iterdir()) == []


def test_an_unreachable_server_is_an_error(tmp_path):
    with pytest.raises(DownloadFailed, match="cannot be reached"):
        download("http://127.0.0.1:9/x", tmp_path / "x", size=None, most=MOST, progress=silent)


def test_proxies_of_the_environment_are_used(server, get, monkeypatch):
    server.files["http://models.example/file"] = CONTENT  # A proxy is asked for the whole address.
    monkeypatch.setenv("HTTP_PROXY", server.address)
    monkeypatch.setattr(type(server), "at", lambda self, name: f"http://models.example/{name}")
    assert get().read_bytes() == CONTENT


def test_a_full_disk_is_an_error(server, get, tmp_path, full_disk):
    server.files["file"] = CONTENT
    with full_disk(20_000), pytest.raises(OutputFailed) as failed:
        get()
    assert "Free some space" in failed.value.next_step
    assert not (tmp_path / "file.pth").exists()


def test_too_little_space_is_reported_before_the_first_byte(server, get, tmp_path):
    server.answer["file"] = lambda handler: handler.send(CONTENT, Content_Length=str(10**17))
    with pytest.raises(OutputFailed, match="more than the disk has left"):
        get(most=10**18)
    assert not (tmp_path / "file.pth").exists()
