"""Settings: the only reader of the environment.

Each part is frozen and handed to whoever needs it; nothing reads settings globally. Every fault is
reported at once. Every setting has a row in docs/configuration.md (a test holds that).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from integration.errors import ConfigFault


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ZoomSettings(_Part):
    """How Zoom is reached. `webhook_secrets` may hold two during a rotation; empty = the hook refuses everything."""

    account_id: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    webhook_secrets: tuple[SecretStr, ...] = ()
    api_url: str = "https://api.zoom.us/v2"
    oauth_url: str = "https://zoom.us/oauth/token"
    authorize_url: str = "https://zoom.us/oauth/authorize"
    file_hosts: tuple[str, ...] = ("zoom.us",)
    allow_loopback: bool = False
    signature_past_s: int = Field(default=100 * 60, ge=60)
    signature_future_s: int = Field(default=5 * 60, ge=0)
    largest_file_bytes: int = Field(default=2 * 1024**3, gt=0)
    download_deadline_s: int = Field(default=2 * 3600, gt=0)


class MailSettings(_Part):
    """Where mail goes. Without a `host` every message is a file in the outbox folder."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    username: str = ""
    password: SecretStr = SecretStr("")
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = "Partnering <partnering@localhost>"
    timeout_s: float = Field(default=20, gt=0)


class SpeechSettings(_Part):
    """How calls are heard. `threads` 0 = the cores that it may use. Models of `standard` lie in the folder `models`."""

    profile: Literal["embedded", "standard"] = "embedded"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = Field(default=0, ge=0)


class RetentionSettings(_Part):
    """For how many days each class is kept; 0 = erased as soon as it has served."""

    audio_days: int = Field(default=0, ge=0)
    transcript_days: int = Field(default=30, ge=0)
    report_days: int = Field(default=365, ge=1)
    webhook_days: int = Field(default=30, ge=1)


class ConsentSettings(_Part):
    """What lets a call be processed for its coach.

    `recording_disclaimer`: the practice has Zoom's recording consent switched on, so a recording means a yes.
    `client_page`: a call waits until its client says yes on the page they are invited to.
    `invite_clients`: coaches may invite clients to that page with the other basis too.
    """

    basis: Literal["recording_disclaimer", "client_page"] = "recording_disclaimer"
    text_version: str = "1"
    invite_clients: bool = False

    @property
    def clients_are_invited(self) -> bool:
        return self.invite_clients or self.basis == "client_page"


class WebSettings(_Part):
    """How the web app is reached and guarded. `secret_key` empty = one is made and kept in the data folder."""

    public_url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr = SecretStr("")
    trusted_proxies: int = Field(default=0, ge=0)


class Settings(BaseSettings):
    """All settings, from variables such as PARTNERING_ZOOM__ACCOUNT_ID; DATABASE_URL and REDIS_URL as everywhere."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="PARTNERING_", env_nested_delimiter="__", secrets_dir=None
    )

    data_dir: Path = Path("var")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    blobs_url: str = ""
    keys_url: str = ""
    master_key_files: tuple[Path, ...] = ()
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    zoom: ZoomSettings = ZoomSettings()
    mail: MailSettings = MailSettings()
    speech: SpeechSettings = SpeechSettings()
    retention: RetentionSettings = RetentionSettings()
    consent: ConsentSettings = ConsentSettings()
    web: WebSettings = WebSettings()

    @property
    def database(self) -> str:
        """The database's address; without one, SQLite in the data folder."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'partnering.sqlite3').absolute()}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else self.database_url


def from_env(overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings of this process; `overrides` win over the environment.

    Raises ConfigFault naming every variable that cannot be used, never its value.
    """
    try:
        return Settings(**dict(overrides or {}))  # type: ignore[arg-type]  # pydantic checks what mypy cannot see
    except ValidationError as fault:
        wrong = "; ".join(
            f"{'PARTNERING_' + '__'.join(str(part).upper() for part in error['loc'])}: {error['msg']}"
            for error in fault.errors(include_input=False, include_url=False)
        )
        raise ConfigFault(f"these settings cannot be used: {wrong}; see docs/configuration.md") from None
