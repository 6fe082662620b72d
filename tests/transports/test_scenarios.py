"""What becomes of a request on the wire: the same scenarios and expectations for both transports."""

from __future__ import annotations

import gzip
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import trustme

from airflow_provider_language.protocol.wire import (
    Deed,
    Done,
    NoReply,
    Obstacle,
    Request,
    Response,
    Unrecorded,
)
from tests.protocol.notebooks import MemoryNotebook
from tests.transports.carriers import CARRIERS, DOERS, NOW, Carry, DoDeed, Options
from tests.transports.servers import (
    Act,
    Connection,
    Server,
    answering,
    http,
    read_close,
    refused_port,
    serving,
    silent,
    unread_close,
    write_close,
)

LOOK = Request("GET", "/language/analyze-text/jobs/j-1", (("api-version", "2026-05-01"), ("$top", "5")))
CANCEL = Request("POST", "/language/analyze-text/jobs/j-1:cancel", (("api-version", "2026-05-01"),))
SUBMIT = Request(
    "POST", "/language/analyze-text/jobs", (("q", "a b&c"),), body={"text": "héllo"}, repeatable=False
)
DELETE = Request("DELETE", "/text/analytics/v3.1/entities/health/jobs/j-1")
JOB = answering(http("200 OK", b'{"status":"running"}'))
KEY = {"Ocp-Apim-Subscription-Key": "secret"}


@pytest.fixture(params=CARRIERS)
def transport(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def carry(transport: str) -> Carry:
    return CARRIERS[transport]


@pytest.fixture
def do(transport: str) -> DoDeed:
    return DOERS[transport]


def only(replies: list[Response | NoReply]) -> Response | NoReply:
    (reply,) = replies
    return reply


def answered(replies: list[Response | NoReply]) -> Response:
    reply = only(replies)
    assert isinstance(reply, Response), reply
    return reply


def unanswered(replies: list[Response | NoReply]) -> NoReply:
    reply = only(replies)
    assert isinstance(reply, NoReply), reply
    assert reply.at == NOW
    assert reply.reason.strip(": ")
    assert "secret" not in reply.reason
    return reply


@pytest.mark.parametrize("sent", [LOOK, CANCEL, SUBMIT, DELETE], ids=["look", "cancel", "submit", "delete"])
def test_a_request_arrives_as_it_was_meant(carry: Carry, sent: Request) -> None:
    with serving(JOB) as server:
        answered(carry(server.url, sent, options=Options(headers=KEY)))
    (seen,) = server.seen
    target = urlsplit(seen.target)
    assert (seen.method, target.path) == (sent.method, sent.path)
    assert parse_qsl(target.query) == list(sent.query)
    assert seen.body == (sent.content or b"")
    assert seen.headers.get("content-type") == ("application/json" if sent.body else None)
    assert seen.headers["ocp-apim-subscription-key"] == "secret"


def test_a_path_of_the_endpoint_comes_before_the_service_s(carry: Carry) -> None:
    with serving(JOB) as server:
        answered(carry(f"{server.url}/team", LOOK))
    assert urlsplit(server.seen[0].target).path == f"/team{LOOK.path}"


def test_an_answer_comes_back_whole(carry: Carry) -> None:
    with serving(answering(http("202 Accepted", b'{"a":1}', Operation_Location="https://h/j"))) as server:
        reply = answered(carry(server.url, SUBMIT))
    assert (reply.status, reply.body, reply.at) == (202, b'{"a":1}', NOW)
    assert reply.headers["operation-location"] == "https://h/j"


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "429 Too Many", "503 Unavailable"])
def test_an_error_is_an_answer(carry: Carry, status: str) -> None:
    with serving(answering(http(status, b'{"error":{}}', Retry_After="1"))) as server:
        reply = answered(carry(server.url, SUBMIT))
    assert reply.status == int(status[:3])
    assert (reply.headers["retry-after"], reply.payload) == ("1", {"error": {}})


@pytest.mark.parametrize(
    "content",
    [
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n',
        http("200 OK", gzip.compress(b'{"a":1}'), Content_Encoding="gzip"),
        b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"a":1}',
    ],
    ids=["chunked", "compressed", "up to the connection's end"],
)
def test_a_body_is_read_however_it_is_framed(carry: Carry, content: bytes) -> None:
    with serving(answering(content)) as server:
        assert answered(carry(server.url, LOOK)).body == b'{"a":1}'


def test_an_answer_may_have_no_body(carry: Carry) -> None:
    with serving(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        reply = answered(carry(server.url, CANCEL))
    assert (reply.status, reply.body, reply.payload) == (204, b"", None)


def test_requests_of_a_session_share_a_connection(carry: Carry) -> None:
    with serving(JOB) as server:
        assert len(carry(server.url, LOOK, SUBMIT, LOOK)) == 3
    assert (len(server.seen), server.accepted) == (3, 1)


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
@pytest.mark.parametrize("sent", [LOOK, SUBMIT], ids=["look", "submit"])
def test_no_redirect_is_followed(carry: Carry, status: str, sent: Request) -> None:
    with serving(JOB) as elsewhere:
        away = answering(http(status, Location=f"{elsewhere.url}/steal"))
        with serving(away) as server:
            reply = answered(carry(server.url, sent, options=Options(headers=KEY)))
    assert reply.status == int(status[:3])
    assert len(server.seen) == 1
    assert (elsewhere.accepted, elsewhere.seen) == (0, [])


LOST: dict[str, Act] = {
    "closed before anything is read": unread_close,
    "closed after reading": read_close,
    "an interim answer and no other": write_close(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "another protocol": write_close(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    "no HTTP": write_close(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "two lengths": write_close(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
}


@pytest.mark.parametrize("act", LOST.values(), ids=LOST)
def test_a_submission_without_a_whole_answer_may_have_arrived_and_is_sent_once(
    carry: Carry, act: Act
) -> None:
    with serving(act) as server:
        reply = unanswered(carry(server.url, SUBMIT, options=Options(headers=KEY)))
    assert (reply.sent, reply.lasting) == (True, False)
    assert server.accepted == 1


@pytest.mark.parametrize("act", LOST.values(), ids=LOST)
def test_a_look_without_a_whole_answer_may_come_again(carry: Carry, act: Act) -> None:
    with serving(act) as server:
        reply = unanswered(carry(server.url, LOOK))
    assert (reply.sent, reply.lasting) == (True, False)


@pytest.mark.parametrize("sent", [LOOK, SUBMIT], ids=["look", "submit"])
def test_a_server_that_is_silent_for_too_long_may_have_read_the_request(carry: Carry, sent: Request) -> None:
    with serving(silent) as server:
        reply = unanswered(carry(server.url, sent, options=Options(timeout=(5.0, 0.05))))
    assert (reply.sent, reply.lasting) == (True, False)


def test_after_a_lost_answer_the_session_goes_on(carry: Carry) -> None:
    with serving(read_close, JOB) as server:
        first, second = carry(server.url, SUBMIT, LOOK)
    assert isinstance(first, NoReply)
    assert isinstance(second, Response)


def test_a_refused_connection_carried_nothing(carry: Carry) -> None:
    reply = unanswered(carry(f"http://127.0.0.1:{refused_port()}", SUBMIT))
    assert (reply.sent, reply.lasting) == (False, False)


def test_a_connection_that_is_not_made_in_time_carried_nothing(carry: Carry, deaf_port: int) -> None:
    reply = unanswered(carry(f"http://127.0.0.1:{deaf_port}", SUBMIT, options=Options(timeout=(0.05, 5.0))))
    assert (reply.sent, reply.lasting) == (False, False)


@pytest.mark.parametrize("key", ["secret\nkey", "secret\rkey", "secret\r\nX-Other: key"])
def test_a_key_that_is_no_header_is_neither_sent_nor_told(carry: Carry, key: str) -> None:
    with serving(JOB) as server:
        reply = unanswered(
            carry(server.url, SUBMIT, options=Options(headers={"Ocp-Apim-Subscription-Key": key}))
        )
    assert (reply.sent, reply.lasting) == (False, True)
    assert server.seen == []


@pytest.mark.parametrize(
    "endpoint", ["http://..", "http://[not-an-address]", "http://", f"http://{'x' * 64}.test"]
)
def test_an_endpoint_that_is_none_is_never_asked(carry: Carry, endpoint: str) -> None:
    reply = unanswered(carry(endpoint, SUBMIT))
    assert (reply.sent, reply.lasting) == (False, True)


def came_of(reply: Response | NoReply) -> dict[str, object]:
    """The note that a deed makes of what came of its request."""
    return {"status": reply.status} if isinstance(reply, Response) else {"sent": reply.sent}


class TestDeed:
    DEED = Deed(SUBMIT, None, before=lambda at: {"intended": at}, after=came_of)

    def test_a_request_arrives_between_its_notes(self, do: DoDeed) -> None:
        notebook = MemoryNotebook()
        found: list[object] = []

        def accept(connection: Connection) -> None:
            connection.read()
            found.append(notebook.note)
            connection.write(http("202 Accepted"))

        with serving(accept) as server:
            done = do(server.url, self.DEED, notebook)
        assert isinstance(done, Done)
        assert (done.note, done.trouble) == ({"status": 202}, None)
        assert found == [{"intended": NOW}]
        assert notebook.note == {"status": 202}
        assert [seen.body for seen in server.seen] == [SUBMIT.content]

    @pytest.mark.parametrize("act", LOST.values(), ids=LOST)
    def test_a_lost_answer_is_noted(self, do: DoDeed, act: Act) -> None:
        notebook = MemoryNotebook()
        with serving(act) as server:
            do(server.url, self.DEED, notebook)
        assert notebook.note == {"sent": True}
        assert server.accepted == 1

    def test_a_refused_connection_is_noted_as_such(self, do: DoDeed) -> None:
        notebook = MemoryNotebook()
        do(f"http://127.0.0.1:{refused_port()}", self.DEED, notebook)
        assert notebook.note == {"sent": False}

    def test_nothing_arrives_where_another_try_has_written(self, do: DoDeed) -> None:
        with serving(JOB) as server:
            outcome = do(server.url, self.DEED, MemoryNotebook({"of": "another try"}))
        assert outcome == Unrecorded(Obstacle.OVERTAKEN)
        assert server.accepted == 0


class TestTls:
    def test_a_trusted_certificate_is_accepted(self, carry: Carry, tls: ssl.SSLContext, bundle: str) -> None:
        with serving(JOB, tls=tls) as server:
            assert answered(carry(server.url, SUBMIT, options=Options(bundle=bundle))).status == 200

    def test_an_untrusted_certificate_lasts_and_nothing_is_sent(
        self, carry: Carry, tls: ssl.SSLContext
    ) -> None:
        with serving(JOB, tls=tls) as server:
            reply = unanswered(carry(server.url, SUBMIT, options=Options(headers=KEY)))
        assert (reply.sent, reply.lasting) == (False, True)
        assert "certificate verify failed" in reply.reason
        assert server.seen == []

    def test_a_certificate_of_another_host_lasts_and_nothing_is_sent(
        self, carry: Carry, authority: trustme.CA, bundle: str
    ) -> None:
        with serving(JOB, tls=context_of(authority.issue_cert("other.example"))) as server:
            reply = unanswered(carry(server.url, SUBMIT, options=Options(headers=KEY, bundle=bundle)))
        assert (reply.sent, reply.lasting) == (False, True)
        assert server.seen == []

    def test_a_connection_closed_within_an_exchange_may_have_carried_it(
        self, carry: Carry, tls: ssl.SSLContext, bundle: str
    ) -> None:
        with serving(read_close, tls=tls) as server:
            reply = unanswered(carry(server.url, SUBMIT, options=Options(bundle=bundle)))
        assert (reply.sent, reply.lasting) == (True, False)
        assert len(server.seen) == 1

    def test_a_server_without_tls_gives_no_reply(self, carry: Carry, transport: str) -> None:
        """requests does not tell a broken handshake from a broken exchange, so it errs towards caution."""
        with serving(unread_close) as server:
            reply = unanswered(carry(server.url.replace("http:", "https:"), SUBMIT))
        assert reply.sent is (transport == "blocking")
        assert not reply.lasting


class TestProxy:
    def test_a_request_goes_through_the_proxy(self, carry: Carry) -> None:
        with serving(JOB) as proxy:
            assert answered(carry("http://language.test", SUBMIT, options=through(proxy))).status == 200
        (seen,) = proxy.seen
        assert seen.target.startswith("http://language.test/language/analyze-text/jobs?")
        assert "proxy-authorization" in seen.headers

    @pytest.mark.parametrize(
        "status", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"]
    )
    def test_a_proxy_that_opens_no_tunnel_carried_nothing(self, carry: Carry, status: str) -> None:
        with serving(answering(http(status))) as proxy:
            reply = unanswered(carry("https://language.test", SUBMIT, options=through(proxy)))
        assert (reply.sent, reply.lasting) == (False, False)
        assert status in reply.reason
        assert [(seen.method, seen.target) for seen in proxy.seen] == [("CONNECT", "language.test:443")]
        assert "ocp-apim-subscription-key" not in proxy.seen[0].headers

    def test_a_refusal_of_a_proxy_without_a_tunnel_is_an_answer(self, carry: Carry) -> None:
        with serving(answering(http("407 Proxy Authentication Required"))) as proxy:
            assert answered(carry("http://language.test", SUBMIT, options=through(proxy))).status == 407

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_a_proxy_that_is_not_there_carried_nothing(self, carry: Carry, scheme: str) -> None:
        absent = Options(proxy=f"http://user:secret@127.0.0.1:{refused_port()}")
        reply = unanswered(carry(f"{scheme}://language.test", SUBMIT, options=absent))
        assert (reply.sent, reply.lasting) == (False, False)

    @pytest.mark.parametrize("url", ["http://..", "http://[x", "http:///secret", "http://h:99999"])
    def test_a_proxy_that_is_none_is_never_asked(self, carry: Carry, url: str) -> None:
        reply = unanswered(carry("http://language.test", SUBMIT, options=Options(proxy=url)))
        assert (reply.sent, reply.lasting) == (False, True)

    @pytest.mark.parametrize("act", [unread_close, read_close])
    def test_a_proxy_that_closes_may_have_passed_the_request_on(self, carry: Carry, act: Act) -> None:
        with serving(act) as proxy:
            reply = unanswered(carry("http://language.test", SUBMIT, options=through(proxy)))
        assert (reply.sent, reply.lasting) == (True, False)


def through(proxy: Server) -> Options:
    return Options(headers=KEY, proxy=f"http://user:secret@127.0.0.1:{proxy.port}")


def context_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    return context_of(authority.issue_cert("127.0.0.1"))


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "bundle.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port whose queue of connections is full, so that another one is neither made nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(3):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
            waiting.append(sock)
        try:
            yield listener.getsockname()[1]
        finally:
            for sock in waiting:
                sock.close()
