"""ConnectionHook: the HTTP provider's hook on a connection of type azure_language; it plays flows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.configuration import conf
from airflow.providers.http.hooks.http import HttpHook

from airflow_provider_language._compat import Stats
from airflow_provider_language.hooks import metrics, verdicts
from airflow_provider_language.hooks.authorized import carried, is_refused, sign_in_early, signature
from airflow_provider_language.hooks.connections import ConnectionSettings, settings_from
from airflow_provider_language.hooks.lookups import (
    connection_settings,
    forget_connection,
    settings_other_than,
)
from airflow_provider_language.hooks.players import AsyncPlayer
from airflow_provider_language.hooks.resources import Known, known
from airflow_provider_language.hooks.sessions import Access, access
from airflow_provider_language.hooks.sign_ins import lender_of
from airflow_provider_language.hooks.signals import signals_held
from airflow_provider_language.protocol.exchanges import Settings
from airflow_provider_language.protocol.jobs.handles import JobHandle, handle_from
from airflow_provider_language.protocol.surfaces import ANALYZE_TEXT, Surface
from airflow_provider_language.transports import blocking
from airflow_provider_language.transports.deeds import Deeds, Keep, Notebook, no_record
from airflow_provider_language.transports.keepalive import KeptSessions

if TYPE_CHECKING:
    import requests

    from airflow_provider_language._compat import Connection
    from airflow_provider_language.protocol.wire import Flow, NoReply, Request, Response

T = TypeVar("T")
metrics.count_with(Stats)


class ConnectionHook(HttpHook):
    """Speaks to the resource of a connection, in a worker or an event loop.

    TLS, proxy, certificate and timeout options of the connection's extra are those of the HTTP provider.

    Args:
        azure_language_conn_id: the connection: its host is the endpoint, its password the key, or it says who
            signs in with Entra ID (docs/connections.md).
        api_version: overrides the connection's; the default is the newest stable one of the job family.
        settings: patience with faults, and the times between looks.
        http_options: more arguments of the HTTP provider's ``HttpHook``.
    """

    conn_name_attr = "azure_language_conn_id"
    default_conn_name = "azure_language_default"
    conn_type = "azure_language"
    hook_name = "Azure AI Language"

    def __init__(
        self,
        azure_language_conn_id: str = default_conn_name,
        api_version: str | None = None,
        settings: Settings | None = None,
        **http_options: Any,
    ) -> None:
        super().__init__(http_conn_id=azure_language_conn_id, **http_options)
        self.azure_language_conn_id = azure_language_conn_id
        self._api_version = api_version
        self._sessions = KeptSessions(self._session)
        self._used: Known | None = None
        self._is_kept = False
        self.settings = settings or Settings()

    @cached_property
    def connection_settings(self) -> ConnectionSettings:
        """The connection, read once."""
        return self._looked_up()

    def _looked_up(self) -> ConnectionSettings:
        connection = self.get_connection(self.azure_language_conn_id)
        lender = lender_of(connection)
        return self._settled(settings_from(connection, self.get_connection(lender) if lender else None))

    def _settled(self, settings: ConnectionSettings) -> ConnectionSettings:
        return replace(settings, api_version=self._api_version) if self._api_version else settings

    @property
    def api_version(self) -> str:
        """The version of the API that texts are submitted with."""
        return self.version_for(ANALYZE_TEXT)

    def version_for(self, family: Surface) -> str:
        """The version for jobs of a family: the hook's, the connection's, or the newest stable one."""
        return self.connection_settings.api_version or family.newest_stable

    @property
    def opts_out_of_logging(self) -> bool:
        """Whether the service must not keep texts: the connection says so, or the deployment does."""
        said = self.connection_settings.logging_opt_out
        return said or conf.getboolean("azure_language", "logging_opt_out", fallback=False)

    def get_conn(
        self, headers: dict[Any, Any] | None = None, extra_options: dict[str, Any] | None = None
    ) -> requests.Session:
        """A session with the connection's certificates, proxy and headers, that signs in as it says.

        What requests itself would take from the environment (a proxy, a bundle, a user out of ``.netrc``)
        has been decided in the connection's settings. It follows no redirect: requests would send the key
        along, to any host.
        """
        session = self._furnished(super().get_conn(extra_options=extra_options), headers or {})
        credential = self.connection_settings.credential
        session.auth = signature(credential) if credential else None
        return session

    def _session(self) -> requests.Session:
        """As :meth:`get_conn`, but with no token, since each request has its own.

        Nor is the connection looked up anew for each session. A handler of a signal cannot do that: it may
        have interrupted Airflow's own talk with its supervisor.
        """
        from requests import Session

        self.base_url = self.connection_settings.endpoint.url
        return self._furnished(self._configure_session_from_mount_adapters(Session()), {})

    def _furnished(self, session: requests.Session, headers: dict[Any, Any]) -> requests.Session:
        from requests.utils import default_headers

        settings = self.connection_settings
        session.headers.clear()
        session.headers.update({**default_headers(), **settings.headers, **headers})
        session.auth = None
        session.trust_env = False
        session.verify = settings.authorities
        session.cert = settings.cert
        session.proxies = {settings.endpoint.scheme: settings.proxy} if settings.proxy else {}
        # The HTTP provider makes the session, so there is no class of ours to override it in; mypy wants
        # the argument's name.
        session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
        return session

    def _set_base_url(self, connection: Connection) -> None:  # noqa: ARG002 - the HTTP provider's signature
        """Name the endpoint to ``run`` and its like, which would take ``http`` where no scheme is told."""
        self.base_url = self.connection_settings.endpoint.url
        self._base_url_initialized = True

    @property
    def _known(self) -> Known:
        """What this process knows of the resource; asked each time, since a forked process begins anew."""
        self._used = known(self.connection_settings)
        return self._used

    def play(self, flow: Flow[T], notebook: Notebook | None = None) -> T:
        """Run a flow in this process, blocking until it ends.

        Args:
            flow: what to do.
            notebook: where its record lies, if it keeps one. A signal to end the process is held back from
                the note before a submission to the note of what came of it, so that a job is paid for and
                unknown only if the process is killed outright.
        """
        keep: Keep = no_record
        if notebook is not None:
            keep = Deeds(notebook, self._send, gate=self._gated, held=signals_held)
        return blocking.play(flow, self._gated(self._send), keep=keep)

    def _gated(self, send: blocking.Send) -> blocking.Send:
        """Send as the budget of the resource allows, which all hooks of this process share."""
        gate = self._known.gate

        def gated(request: Request) -> Response | NoReply:
            sign_in_early(self.connection_settings.credential)
            reply = gate.send(request, send)
            metrics.request_answered(request, reply)
            return reply

        return gated

    def _send(self, request: Request) -> Response | NoReply:
        """Carry a request; if it is refused, once more as the one whom the connection names by now."""
        reply = self._carried(request)
        return self._carried(request) if is_refused(reply) and self._is_renewed() else reply

    def keep_connection(self) -> None:
        """Look the connection up no more: whom the handler of a signal interrupted may be doing just that."""
        self._is_kept = True

    def _carried(self, request: Request) -> Response | NoReply:
        """Carry a request over a session that is taken when its turn has come.

        One from before a pause would have been idle for too long (see KeptSessions).
        """
        settings = self.connection_settings

        def sent(headers: Mapping[str, str]) -> Response | NoReply:
            with self._sessions.session() as session:
                wire = blocking.SessionWire(session, settings.endpoint.url, settings.timeout)
                return wire.send(request, headers)

        return carried(settings.credential, sent)

    def _is_renewed(self) -> bool:
        """Read the connection anew, and say whether it says something else now."""
        if self._is_kept:
            return False
        try:
            found = self._looked_up()
        except Exception as error:  # noqa: BLE001 - what came of the request must not be lost for it
            self.log.warning("The connection could not be looked up once more: %s", type(error).__name__)
            return False
        if found == self.connection_settings or found.endpoint != self.connection_settings.endpoint:
            return False
        self.connection_settings = found
        self._sessions.close()
        return True

    @asynccontextmanager
    async def player(self, settings: ConnectionSettings | None = None) -> AsyncIterator[AsyncPlayer]:
        """The way to the resource for flows in an event loop; its users share a session and a budget.

        Args:
            settings: the connection, where it has been read before the loop began; None to look it up.
        """
        conn_id = self.azure_language_conn_id
        settings = settings or self._settled(await connection_settings(conn_id))
        async with AsyncExitStack() as ways:

            async def renewed(way: Access) -> Access:
                found = self._settled(await settings_other_than(way.settings, conn_id))
                if found == way.settings or found.endpoint != way.settings.endpoint:
                    return way
                return await ways.enter_async_context(access(found))

            way = await ways.enter_async_context(access(settings))
            yield AsyncPlayer(way, renewed, partial(forget_connection, conn_id))

    def handle(self, operation_location: str) -> JobHandle:
        """The handle of a job on this connection's endpoint.

        Raises:
            ForeignLocationError: the location lies elsewhere.
        """
        return handle_from(operation_location, self.connection_settings.endpoint)

    def test_connection(self) -> tuple[bool, str]:
        """Tell whether endpoint, key and version are right, without costing a text record."""
        return verdicts.verdict(lambda: self.connection_settings, self.play)
