"""Files in a store: read like those of a folder, put there whole and once."""

from __future__ import annotations

import functools
import hashlib
import http.server
import threading
from pathlib import PurePosixPath

import pytest
from photochrom.batch import stores
from photochrom.batch.plan import plan
from photochrom.batch.settings import Settings
from photochrom.batch.stores import Stored, StoreFailed
from photochrom.batch.urls import Url
from photochrom.errors import BadPicture, BadRequest, ExtraMissing

from .servers import s3_server

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of aiobotocore's end


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with s3_server(tmp_path_factory.mktemp("s3")) as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        stores._open.cache_clear()
        yield
        stores._open.cache_clear()


@pytest.fixture
def bucket(server, request):
    """An empty bucket that keeps every version of its files, by the file system of fsspec."""
    name = request.node.name.replace("_", "-")[:60].strip("-")
    files = stores._open("s3")
    files.call_s3("create_bucket", Bucket=name)
    files.call_s3("put_bucket_versioning", Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return files, name


@pytest.fixture
def result(tmp_path):
    path = tmp_path / "result.png"
    path.write_bytes(b"all of a result")
    return path


def stored(data):
    return Stored(hashlib.sha256(data).hexdigest(), len(data))


def versions(bucket):
    files, name = bucket
    found = files.call_s3("list_object_versions", Bucket=name)
    return sorted(each["Key"] for each in (*found.get("Versions", []), *found.get("DeleteMarkers", [])))


def test_a_result_is_put_whole(bucket, result):
    files, name = bucket
    assert stores.put(result, Url(f"s3://{name}/roll/a.png"), "origin", None) == stored(b"all of a result")
    assert files.cat_file(f"{name}/roll/a.png") == b"all of a result"
    assert files.call_s3("head_object", Bucket=name, Key="roll/a.png")["ContentType"] == "image/png"


def test_a_task_that_runs_twice_puts_its_result_once(bucket, result):
    url = Url(f"s3://{bucket[1]}/a.png")
    first = stores.put(result, url, "origin", None)
    assert stores.put(result, url, "origin", None) == first
    result.write_bytes(b"the same, rounded otherwise by another processor")
    assert stores.put(result, url, "origin", None) == first
    assert versions(bucket) == ["a.png"]


def test_a_file_of_somebody_else_is_not_replaced(bucket, result):
    files, name = bucket
    files.pipe_file(f"{name}/a.png", b"theirs")
    with pytest.raises(FileExistsError):
        stores.put(result, Url(f"s3://{name}/a.png"), "origin", hashlib.sha256(b"another").hexdigest())
    assert files.cat_file(f"{name}/a.png") == b"theirs"


def test_a_result_that_is_made_anew_replaces_the_earlier_one(bucket, result):
    _, name = bucket
    url = Url(f"s3://{name}/a.png")
    first = stores.put(result, url, "origin", None)
    result.write_bytes(b"another")
    for _ in range(2):
        assert stores.put(result, url, "origin", first.sha256) == stored(b"another")
    assert versions(bucket) == ["a.png", "a.png"]


def test_parts_that_a_killed_worker_left_are_removed_and_others_are_not(bucket):
    files, name = bucket
    for key in ("out/roll/a.tif", "out/theirs.tif", "roll/a.tif"):
        files.call_s3("create_multipart_upload", Bucket=name, Key=key)
    stores.clear_uploads(Url(f"s3://{name}/out"), lambda: {"roll/a.tif"})
    assert sorted(each["Key"] for each in files.list_multipart_uploads(name)) == ["out/theirs.tif", "roll/a.tif"]


def test_a_large_result_goes_in_parts_and_is_exclusive_too(bucket, result, monkeypatch):
    monkeypatch.setattr(stores, "PART", 5 << 20)  # the least that S3 takes
    result.write_bytes(bytes(11 << 20))
    files, name = bucket
    assert stores.put(result, Url(f"s3://{name}/a.png"), "origin", None) == stored(bytes(11 << 20))
    files.pipe_file(f"{name}/b.png", b"theirs")
    with pytest.raises(FileExistsError):
        stores.put(result, Url(f"s3://{name}/b.png"), "origin", None)
    assert not files.list_multipart_uploads(name)


def test_a_store_that_takes_nothing_says_why(server, result):
    with pytest.raises(StoreFailed, match=r"s3://no-such-bucket/a.png cannot be written"):
        stores.put(result, Url("s3://no-such-bucket/a.png"), "origin", None)


def test_the_plan_of_a_bucket_is_that_of_a_folder(bucket, write, tmp_path):
    files, name = bucket
    box = tmp_path / "box"
    for each in ("b.jpg", "a.png", "a.jpg", "roll 1/c #2?.tif", ".hidden/d.jpg", "roll 1/.e.jpg"):
        write(box / each)
    (box / "notes.txt").write_text("written on the back")
    for path in box.rglob("*.*"):
        if path.is_file():
            files.put_file(str(path), f"{name}/box/{path.relative_to(box)}")
    files.pipe_file(f"{name}/box/out/a.jpg", b"a result")
    settings = Settings(results=f"s3://{name}/box/out")
    there = plan([Url(f"s3://{name}/box/")], tmp_path / "out", settings)
    here = plan([box], tmp_path / "out", settings)
    assert [each.output for each in there.pictures] == [each.output for each in here.pictures]
    assert [each.size for each in there.pictures] == [each.size for each in here.pictures]
    assert str(there.pictures[-1].source) == f"s3://{name}/box/roll 1/c #2?.tif"
    assert there.others == [Url(f"s3://{name}/box/notes.txt")]
    with pytest.raises(BadRequest, match="itself one of the inputs"):
        plan([Url(f"s3://{name}/box/out")], tmp_path / "out", settings)


def test_a_photograph_is_fetched_under_its_name(bucket, tmp_path):
    files, name = bucket
    files.pipe_file(f"{name}/roll/a.tif", b"a scan")
    url = Url(f"s3://{name}/roll/a.tif")
    with stores.local(url) as path:
        assert (path.name, path.read_bytes()) == ("a.tif", b"a scan")
    assert not path.exists()
    with pytest.raises(BadPicture, match=f"{url} is damaged"), stores.local(url) as path:
        raise BadPicture(f"{path} is damaged.", "")


def test_no_server_fills_the_disk(bucket, monkeypatch):
    monkeypatch.setattr(stores, "LARGEST", 1 << 20)
    files, name = bucket
    files.pipe_file(f"{name}/a.tif", bytes(2 << 20))
    with pytest.raises(BadPicture, match="it has more than"), stores.local(Url(f"s3://{name}/a.tif")):
        pass


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_words):
        pass


@pytest.fixture
def web(tmp_path):
    """The address of a folder `box` on a web server."""
    handler = functools.partial(Silent, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/box"
        server.shutdown()


def test_a_folder_of_a_web_server_is_gone_through(web, write, tmp_path):
    box = tmp_path / "box"
    for each in ("b.jpg", "roll 1/ä c.png", "roll 1/d.txt"):
        write(box / each) if not each.endswith(".txt") else (box / each).write_text("no picture")
    found = plan([Url(web)], tmp_path / "out", Settings())
    assert [each.output for each in found.pictures] == [PurePosixPath("b.jpg"), PurePosixPath("roll 1/ä c.png")]
    with stores.local(found.pictures[1].source) as path:
        assert path.read_bytes() == (box / "roll 1" / "ä c.png").read_bytes()
    (alone,) = plan([Url(f"{web}/b.jpg")], tmp_path / "out", Settings()).pictures
    assert alone.output == PurePosixPath("b.jpg")


def test_what_is_not_there_is_said(web, tmp_path):
    (tmp_path / "box").mkdir()
    with pytest.raises(BadPicture, match="There is no file or folder"):
        plan([Url(f"{web}/none.jpg")], tmp_path / "out", Settings())
    assert not stores.exists(Url("http://127.0.0.1:9/box"))


@pytest.mark.parametrize(
    "text", ["ftp://host/a.jpg", "s3://", "https://anna:secret@host/a.jpg", "file:///etc/passwd", "zip://a::s3://b"]
)
def test_other_addresses_are_refused(text):
    with pytest.raises(BadRequest):
        Url(text)


def test_a_password_is_not_repeated():
    with pytest.raises(BadRequest) as refused:
        Url("https://anna:secret@host/a.jpg")
    assert "secret" not in str(refused.value)


def test_results_go_to_s3_alone():
    with pytest.raises(BadRequest, match="cannot be written to http"):
        Settings(results="http://host/out")


def test_the_extra_is_named_where_it_is_missing(monkeypatch):
    stores._open.cache_clear()
    monkeypatch.setattr("photochrom.extras.find_spec", lambda name: None if name == "s3fs" else object())
    with pytest.raises(ExtraMissing, match=r"needs s3fs.*photochrom\[cluster\]"):
        stores.is_folder(Url("s3://bucket/box"))
    stores._open.cache_clear()
